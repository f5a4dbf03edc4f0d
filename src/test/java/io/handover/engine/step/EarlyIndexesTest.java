package io.handover.engine.step;

import static io.handover.engine.step.EarlyCopy.LAST;
import static io.handover.engine.step.EarlyCopy.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.Gate;
import io.handover.model.Side;
import io.handover.model.TableProgress.Phase;
import io.handover.model.TableRef;
import io.handover.pg.DbSession;
import io.handover.pg.DumpSplitter;
import io.handover.pg.PgDump;
import io.handover.pg.PgDumpOptions;
import io.handover.pg.PgDumpSearch;
import io.handover.pg.SqlNames;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Indexes that are built while another table is still copied.
class EarlyIndexesTest {

    /// What needs its own table's rows alone.
    private static final List<String> ALONE = List.of(
            "first_v",
            "leaf_a_pkey",
            "leaf_a_v_idx",
            "leaf_b_pkey",
            "leaf_b_v_idx",
            "second_pkey",
            "second_u_key",
            "second_v");

    private static final String ALL = "public.first, public.second, public.leaf_a, public.leaf_b";

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18"})
    void thoseThatNeedTheirOwnTableAloneAreBuiltBesideTheCopyAndNoOthers(String from, String to) throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major(from), PgServer.major(to))) {
            copy.with.heldTables().hold(LAST, true);
            Future<StepOutcome> copying = copy.startCopy();
            Eventually.await(LONG, "the indexes are there", () -> copy.names().containsAll(ALONE));
            awaitTicks(copy);
            assertEquals(ALONE, copy.names());
            assertFalse(copying.isDone(), "a table is not copied yet");
            assertEquals("0", NastySchema.text(copy.with, Side.TARGET, "select count(*) from public.last"));
            var shown = Eventually.value(
                    LONG,
                    "plain indexes are told",
                    () -> copy.with.copies().stream()
                            .filter(some -> some.indexesDone() >= 4)
                            .findFirst());
            var before = copy.indexes();

            copy.finish(copying);

            assertTrue(copy.indexes().containsAll(before), "none was built twice");
            assertEquals(
                    copy.with.copies().getLast().indexesTotal(), shown.indexesTotal(), "as many as there are to come");
            var numbers = copy.with.copies().stream()
                    .filter(some -> some.indexesTotal() > 0)
                    .map(some -> some.indexesDone())
                    .toList();
            assertEquals(numbers.stream().sorted().toList(), numbers, "never fewer than before");
        }
    }

    /// A lock keeps its rows out.
    @Test
    void aTableThatIsStillCopiedIsNotIndexed() throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major("15"), PgServer.major("17"));
                DbSession lock = copy.with.server(Side.TARGET).open("test")) {
            lock.jdbc().setAutoCommit(false);
            lock.change("lock table public.last in share mode");
            Future<StepOutcome> copying = copy.startCopy();
            Eventually.await(LONG, "the others are indexed", () -> copy.names().containsAll(ALONE));
            awaitTicks(copy);
            assertEquals(ALONE, copy.names());
            assertFalse(copying.isDone(), "its rows are waiting");
            lock.jdbc().rollback();
            copy.finish(copying);
        }
    }

    @Test
    void theSchemaIsAsItWouldBeWithoutThem() throws Exception {
        var server = PgServer.major("15");
        try (var copy = EarlyCopy.between(server, server)) {
            copy.with.heldTables().hold(LAST, true);
            Future<StepOutcome> copying = copy.startCopy();
            Eventually.await(LONG, "the indexes are there", () -> copy.names().size() == ALONE.size());
            copy.finish(copying);
            assertEquals(dump(copy.with, Side.SOURCE), dump(copy.with, Side.TARGET));
        }
    }

    @Test
    void theNextStageGoesOnWithWhatWasBegun() throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major("15"), PgServer.major("17"));
                DbSession lock = copy.with.server(Side.TARGET).open("test")) {
            Future<StepOutcome> copying = copy.copyWithBlocked(lock, "public.first");
            var first = new TableRef("public", "first");
            Eventually.await(
                    LONG,
                    "it is told what is built",
                    () -> copy.with.copies().getLast().tables().stream()
                                    .anyMatch(table -> table.table().equals(first) && table.phase() == Phase.INDEXING)
                            && copy.with.copies().getLast().phase().contains("building indexes"));
            copy.with.heldTables().hold(LAST, false);
            EarlyCopy.assertDone(copying.get(60, TimeUnit.SECONDS));
            var pid = copy.blocked();
            assertEquals(1, pid.size(), "the rows are there, and it is built still");

            Future<StepOutcome> indexes = copy.startIndexes();
            Eventually.await(
                    LONG,
                    "people are told whom it waits for",
                    () -> copy.with.waits().stream().anyMatch(text -> text.contains("handover test")));
            Eventually.await(LONG, "others are built", () -> copy.names().contains("last_v"));
            assertEquals(pid, copy.blocked());
            lock.jdbc().rollback();
            EarlyCopy.assertDone(indexes.get(60, TimeUnit.SECONDS));
            copy.assertWhole();
            assertEquals(
                    1,
                    copy.with.sql().stream()
                            .filter(record -> record.sql().contains("CREATE INDEX \"first_v\""))
                            .map(record -> record.number())
                            .distinct()
                            .count(),
                    "nobody has begun the same");
        }
    }

    @Test
    void aPauseBeginsNoneAndEndsNone() throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major("15"), PgServer.major("17"));
                DbSession lock = copy.with.server(Side.TARGET).open("test")) {
            Future<StepOutcome> copying = copy.copyWithBlocked(lock, ALL);
            copy.with.gate().hold();
            lock.jdbc().rollback();
            Eventually.await(
                    LONG,
                    "what was begun is built",
                    () -> copy.builders(" and state = 'active'").isEmpty());
            awaitTicks(copy);
            assertEquals(1, copy.names().size(), "one of two workers' sessions may build");

            copy.with.gate().resume();
            Eventually.await(LONG, "the others are built", () -> copy.names().size() == ALONE.size());
            copy.finish(copying);
        }
    }

    @Test
    void aTableThatIsToldToWaitIsNotIndexedBesideTheCopy() throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major("15"), PgServer.major("17"));
                DbSession lock = copy.with.server(Side.TARGET).open("test")) {
            Future<StepOutcome> copying = copy.copyWithBlocked(lock, ALL);
            var table = new TableRef("public", "leaf_b");
            copy.with.heldTables().hold(table, true);
            lock.jdbc().rollback();
            Eventually.await(LONG, "the others are built", () -> copy.names().size() >= ALONE.size() - 2);
            awaitTicks(copy);
            assertTrue(copy.names().size() < ALONE.size(), "of leaf_b one at most was begun before");
            copy.with.heldTables().hold(table, false);
            copy.finish(copying);
        }
    }

    @Test
    void theLastConnectionsAreLeftToOthers() throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major("15"), PgServer.major("17"))) {
            String database = SqlNames.quoted(copy.with.plan().target().database());
            SchemaAndIndexTest.run(copy.with, Side.TARGET, "alter database " + database + " connection limit 9");
            copy.with.heldTables().hold(LAST, true);
            Future<StepOutcome> copying = copy.startCopy();
            Eventually.await(
                    LONG,
                    "the others are copied",
                    () -> copy.with.copiedTables().size() == 6);
            awaitTicks(copy);
            assertEquals(List.of(), copy.names());

            SchemaAndIndexTest.run(copy.with, Side.TARGET, "alter database " + database + " connection limit -1");
            Eventually.await(LONG, "they are built", () -> copy.names().size() == ALONE.size());
            copy.finish(copying);
        }
    }

    /// So long that something would have been begun.
    private static void awaitTicks(EarlyCopy copy) throws Exception {
        int now = copy.with.copies().size();
        Eventually.await(LONG, "time goes by", () -> copy.with.copies().size() > now + 2 * Headroom.LOOKS);
    }

    private static String dump(TestContext with, Side side) throws Exception {
        var pgDump = PgDump.installed(with.threads());
        if (!(pgDump.find(15) instanceof PgDumpSearch.Usable tool)) {
            throw new AssertionError("no pg_dump");
        }
        return DumpSplitter.split(
                        pgDump.schema(tool, with.server(side).endpoint(), new PgDumpOptions(false, false), new Gate()))
                .stream()
                .filter(entry ->
                        !entry.schema().equals("handover") && !entry.name().equals("handover"))
                .map(entry -> entry.display() + "\n" + entry.sql())
                .collect(Collectors.joining("\n"));
    }
}

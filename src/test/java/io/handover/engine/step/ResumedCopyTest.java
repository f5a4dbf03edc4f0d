package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Plan;
import io.handover.model.ReadLimit;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.DbSession;
import io.handover.pg.Fence;
import io.handover.pg.SqlNames;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A copy that is broken off in its middle, while the application goes on writing, and carried on.
class ResumedCopyTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long RANGE = 1024 * 1024;

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18"})
    void whatIsCopiedIsNotCopiedAgainAndNothingIsLostOrDoubled(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                killInTheMiddle(with);
                Set<TableRef> copied = with.copiedTables();
                Map<String, String> files = files(with, copied);

                try (var again = with.again()) {
                    done(new BaselineStep(LONG, RANGE).run(again));

                    assertEquals(files, files(with, copied), "tables that were copied keep their files");
                    var kept = again.lines().stream()
                            .filter(TestContext.Line.Kept.class::isInstance)
                            .map(line -> ((TestContext.Line.Kept) line).tables())
                            .toList();
                    assertEquals(1, kept.size());
                    assertTrue(kept.getFirst().containsAll(logged(copied)), kept::toString);
                    assertFalse(kept.getFirst().contains(new TableRef("app", "acl")), "was not copied whole");
                    assertTrue(again.copiedTables().contains(new TableRef("app", "acl")), "was brought");
                    int now = writer.committed();
                    Eventually.await(LONG, "the application writes on", () -> writer.committed() > now + 50);
                    done(new SubscribeStep(Side.SOURCE).run(again));
                }
            }
            equal(with);
        }
    }

    @Test
    void aCopyThatTheServersCarryOnCanBeKilledAgain() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                killInTheMiddle(with);
                try (var again = with.again();
                        var third = with.again();
                        DbSession other = openTransaction(with)) {
                    Future<StepOutcome> outcome =
                            again.threads().single("step").submit(() -> new BaselineStep(LONG, RANGE).run(again));
                    awaitTableSync(with);
                    outcome.cancel(true);
                    other.jdbc().rollback();
                    done(new BaselineStep(LONG, RANGE).run(third));
                    var shown = third.copies().getLast().tables();
                    assertFalse(shown.isEmpty());
                    shown.forEach(table -> assertEquals(-1, table.copiedRows(), table + ": nobody counted its rows"));
                    done(new SubscribeStep(Side.SOURCE).run(third));
                }
            }
            equal(with);
        }
    }

    @Test
    void discardInTheMiddleOfATableSynchronisationLeavesNothingOnEitherSide() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                killInTheMiddle(with);
                try (var again = with.again();
                        var third = with.again();
                        DbSession other = openTransaction(with)) {
                    Future<StepOutcome> outcome =
                            again.threads().single("step").submit(() -> new BaselineStep(LONG, RANGE).run(again));
                    awaitTableSync(with); // its slot waits for the open transaction, and would come when that ends
                    outcome.cancel(true);

                    done(new DiscardStep().run(third));

                    assertEquals(List.of(), third.leftovers());
                    other.jdbc().rollback();
                    int now = writer.committed();
                    Eventually.await(LONG, "the application writes on", () -> writer.committed() > now + 50);
                    for (Side side : Side.values()) {
                        assertEquals("0", left(with, side), "left on the " + side.word());
                    }
                }
            }
        }
    }

    @Test
    void aLostSlotMeansABeginningFromScratchAndSaysSo() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                killInTheMiddle(with);
                NastySchema.run(
                        with,
                        Side.SOURCE,
                        List.of("select pg_drop_replication_slot(slot_name) from pg_replication_slots"
                                + " where database = current_database()"));
                try (var again = with.again()) {
                    done(new BaselineStep(LONG, RANGE).run(again));
                    assertTrue(again.lines().stream()
                            .anyMatch(line ->
                                    line instanceof TestContext.Line.Note(var text) && text.contains("begins anew")));
                    done(new SubscribeStep(Side.SOURCE).run(again));
                }
            }
            equal(with);
        }
    }

    @Test
    void aFailureSaysWhatStaysForWhatIsCopied() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            NastySchema.create(with);
            // on the target only: one of the last tables cannot be copied
            NastySchema.run(
                    with, Side.TARGET, List.of("alter table app.acl add constraint c check (id < 0) not valid"));

            var failed = assertInstanceOf(StepOutcome.Failed.class, new BaselineStep(LONG, RANGE).run(with));

            String slot = with.plan().id().slot(Side.SOURCE);
            assertTrue(failed.problem().meaning().contains(slot), failed::toString);
            assertEquals(
                    "1",
                    NastySchema.text(
                            with,
                            Side.SOURCE,
                            "select count(*) from pg_replication_slots where slot_name = " + SqlNames.literal(slot)));

            NastySchema.run(with, Side.TARGET, List.of("alter table app.acl drop constraint c"));
            done(new BaselineStep(LONG, RANGE).run(with));
            done(new SubscribeStep(Side.SOURCE).run(with));
            equal(with);
        }
    }

    @Test
    void workersThatLoseTheTargetGoOnWithTheSameSnapshotAndDoubleNoRange() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                Future<StepOutcome> outcome = startAndHoldBoth(with);
                assertEquals(
                        "2",
                        NastySchema.text(
                                with,
                                Side.TARGET,
                                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name"
                                        + " like 'handover copy %' and datname = current_database()"));
                with.gate().resume();
                done(outcome.get(60, TimeUnit.SECONDS));
                assertTrue(with.lines().stream().noneMatch(TestContext.Line.Kept.class::isInstance), "one snapshot");
                done(new SubscribeStep(Side.SOURCE).run(with));
            }
            equal(with);
        }
    }

    @Test
    void aCrashOfTheTargetTakesBackNothingThatWasCalledCopied() throws Exception {
        // nothing but what Handover itself waits for reaches the disk
        try (var server = PgServer.dedicated("17", Map.of("wal_writer_delay", "10000"));
                var with = TestContext.between(PgServer.major("15"), server)) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                try (DbSession lock = with.server(Side.SOURCE).open("test")) {
                    Future<StepOutcome> outcome = startAndHoldOneTable(with, lock);
                    Set<TableRef> copied = logged(with.copiedTables());
                    Map<String, String> files = files(with, copied);
                    server.crash();
                    server.restart();
                    lock.jdbc().rollback();
                    done(outcome.get(90, TimeUnit.SECONDS));
                    assertEquals(files, files(with, copied));
                }
                done(new SubscribeStep(Side.SOURCE).run(with));
            }
            equal(with);
        }
    }

    @Test
    void aRestartOfTheSourceEndsTheSnapshotAndTheCopyGoesOnByItself() throws Exception {
        try (var server = PgServer.dedicated("15");
                var with = TestContext.between(server, PgServer.major("17"))) {
            NastySchema.create(with);
            try (DbSession lock = with.server(Side.SOURCE).open("test")) {
                Future<StepOutcome> outcome = startAndHoldOneTable(with, lock);
                Set<TableRef> copied = logged(with.copiedTables());
                Map<String, String> files = files(with, copied);
                server.crash();
                server.restart();
                try (var writer = new NastyWriter(with)) {
                    done(outcome.get(90, TimeUnit.SECONDS));
                    assertEquals(files, files(with, copied));
                    assertTrue(with.lines().stream().anyMatch(TestContext.Line.Kept.class::isInstance));
                    done(new SubscribeStep(Side.SOURCE).run(with));
                    assertTrue(writer.committed() > 0);
                }
            }
            equal(with);
        }
    }

    /// As a kill does: nothing is tidied up. One table is not copied: its lock is let go only when nobody is left who
    /// could still write it on the target.
    private static void killInTheMiddle(TestContext with) throws Exception {
        try (DbSession lock = with.server(Side.SOURCE).open("test")) {
            Future<StepOutcome> outcome = startAndHoldOneTable(with, lock);
            outcome.cancel(true);
            awaitNoSession(with, Side.TARGET);
        }
        awaitNoSession(with, Side.SOURCE);
    }

    private static void awaitNoSession(TestContext with, Side side) throws Exception {
        Eventually.await(
                LONG,
                "its sessions on the " + side.word() + " are gone",
                () -> NastySchema.text(
                                with,
                                side,
                                "select count(*) from pg_stat_activity where datname = current_database() and"
                                        + " (application_name like 'handover copy %'"
                                        + " or application_name = 'handover snapshot keeper')")
                        .equals("0"));
    }

    /// Begins, with a lock on a table that the application does not write, and waits until most others are copied.
    private static Future<StepOutcome> startAndHoldOneTable(TestContext with, DbSession lock) throws Exception {
        Future<StepOutcome> outcome = startAndHoldBoth(with);
        lock.jdbc().setAutoCommit(false);
        lock.change("lock table app.acl in access exclusive mode");
        with.gate().resume();
        Eventually.await(
                LONG, "all tables but one are copied", () -> with.copiedTables().size() == 10);
        return outcome;
    }

    /// Begins, and holds both workers in the middle of the first big table, slowly enough to be held there.
    private static Future<StepOutcome> startAndHoldBoth(TestContext with) throws Exception {
        Plan plan = with.plan();
        with.plan(plan.with(new ReadLimit(1)));
        Future<StepOutcome> outcome = start(with);
        awaitBothCopy(with);
        with.gate().hold();
        with.plan(plan);
        return outcome;
    }

    private static Future<StepOutcome> start(TestContext with) {
        return with.threads().single("step").submit(() -> new BaselineStep(LONG, RANGE).run(with));
    }

    private static void awaitBothCopy(TestContext with) throws Exception {
        for (Side side : Side.values()) {
            Eventually.await(
                    LONG,
                    "both workers copy",
                    () -> NastySchema.text(
                                    with,
                                    side,
                                    "select count(*) from pg_stat_activity where application_name like"
                                            + " 'handover copy %' and datname = current_database()"
                                            + " and query like 'copy %'")
                            .equals("2"));
        }
    }

    /// A slot cannot be made as long as it is open.
    private static DbSession openTransaction(TestContext with) throws SQLException {
        var again = with.server(Side.SOURCE).open("other writer");
        again.jdbc().setAutoCommit(false);
        again.change("insert into app.cache values (9999)");
        return again;
    }

    private static void awaitTableSync(TestContext with) throws Exception {
        Eventually.await(
                LONG,
                "a table waits for its slot",
                () -> NastySchema.text(
                                with,
                                Side.SOURCE,
                                "select count(*) > 0 from pg_stat_activity where backend_type = 'walsender'"
                                        + " and datname = current_database() and wait_event_type = 'Lock'")
                        .equals("t"));
    }

    private static String left(TestContext with, Side side) throws SQLException {
        return NastySchema.text(
                with,
                side,
                "select (select count(*) from pg_replication_slots where database = current_database())"
                        + " + (select count(*) from pg_publication) + (select count(*) from pg_subscription where"
                        + " subdbid = (select oid from pg_database where datname = current_database()))"
                        + " + (select count(*) from pg_namespace where nspname = 'handover')");
    }

    /// The file of each table on the target: a table that is emptied gets another.
    private static Map<String, String> files(TestContext with, Set<TableRef> tables) throws SQLException {
        Map<String, String> files = new TreeMap<>();
        for (TableRef table : tables) {
            files.put(
                    table.display(),
                    NastySchema.text(
                            with,
                            Side.TARGET,
                            "select pg_relation_filenode(" + SqlNames.literal(SqlNames.quoted(table)) + ")"));
        }
        // the application truncates it, and that comes through the stream; the unlogged one is copied once more
        files.remove("app.scratch");
        files.remove("app.cache");
        return files;
    }

    private static Set<TableRef> logged(Set<TableRef> tables) {
        var logged = new java.util.HashSet<>(tables);
        logged.remove(new TableRef("app", "cache"));
        return logged;
    }

    private static void equal(TestContext with) throws Exception {
        try (DbSession source = with.server(Side.SOURCE).open("finish");
                DbSession target = with.server(Side.TARGET).open("finish")) {
            assertTrue(Fence.plant(source).arrives(target, LONG));
        }
        assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(with, Side.TARGET));
    }

    private static void done(StepOutcome outcome) {
        assertEquals(new StepOutcome.Done(), outcome);
    }
}

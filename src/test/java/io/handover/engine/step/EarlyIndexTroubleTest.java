package io.handover.engine.step;

import static io.handover.engine.step.EarlyCopy.LAST;
import static io.handover.engine.step.EarlyCopy.LONG;
import static io.handover.engine.step.EarlyCopy.assertDone;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.DbSession;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What goes wrong while indexes are built beside a copy: each is there once in the end, and no row is lost.
class EarlyIndexTroubleTest {

    @Test
    void aStopEndsWhatIsBuiltAndTheNextRunGoesOn() throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major("15"), PgServer.major("17"));
                DbSession lock = copy.with.server(Side.TARGET).open("test")) {
            Future<StepOutcome> copying = copy.copyWithBlocked(lock, "public.first");
            copy.with.gate().stop();
            assertEquals(new StepOutcome.Stopped(), copying.get(30, TimeUnit.SECONDS));
            assertEquals(List.of(), copy.builders(""), "although the lock is there still");
            lock.jdbc().rollback();
            carriedOn(copy);
        }
    }

    @Test
    void aStopOfTheNextStageEndsWhatTheCopyHasBegun() throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major("15"), PgServer.major("17"));
                DbSession lock = copy.with.server(Side.TARGET).open("test")) {
            Future<StepOutcome> copying = copy.copyWithBlocked(lock, "public.first");
            copy.with.heldTables().hold(LAST, false);
            assertDone(copying.get(60, TimeUnit.SECONDS));
            Future<StepOutcome> indexes = copy.startIndexes();
            Eventually.await(LONG, "others are built", () -> copy.names().contains("last_v"));
            copy.with.gate().stop();
            assertEquals(new StepOutcome.Stopped(), indexes.get(30, TimeUnit.SECONDS));
            assertEquals(List.of(), copy.builders(""));
            lock.jdbc().rollback();
            var before = copy.indexes();
            EarlyCopy next = copy.again();
            assertDone(next.startIndexes().get(60, TimeUnit.SECONDS));
            copy.assertWhole();
            assertTrue(copy.indexes().containsAll(before), "none was built twice");
        }
    }

    /// A backend that waits does not notice that its client has gone. Let loose, it would commit an index that the
    /// next run is about to build.
    @Test
    void whatAKilledRunHasLeftAtWorkIsEndedBeforeAnythingIsBuilt() throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major("15"), PgServer.major("17"));
                DbSession lock = copy.with.server(Side.TARGET).open("test")) {
            Future<StepOutcome> copying = copy.copyWithBlocked(lock, "public.first");
            copy.with.gate().stop();
            assertEquals(new StepOutcome.Stopped(), copying.get(30, TimeUnit.SECONDS));
            lock.jdbc().rollback();
            lock.change("lock table public.second in row exclusive mode");
            try (DbSession orphan = copy.with.server(Side.TARGET).openSimple("early index 7")) {
                copy.with.threads().start("orphan", () -> {
                    try {
                        orphan.change("create unique index if not exists second_u_key on public.second (u)");
                    } catch (SQLException _) {
                        // it is ended, as is wanted
                    }
                });
                Eventually.await(LONG, "it waits", () -> !copy.blocked().isEmpty());

                EarlyCopy next = copy.again();
                Future<StepOutcome> again = next.startCopy();
                Eventually.await(LONG, "it is ended", () -> copy.blocked().isEmpty());
                lock.jdbc().rollback();
                assertDone(again.get(90, TimeUnit.SECONDS));
                assertDone(next.startIndexes().get(90, TimeUnit.SECONDS));
                next.assertWhole();
            }
        }
    }

    @Test
    void aKillBetweenTheStagesLeavesNothingAtWorkEither() throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major("15"), PgServer.major("17"));
                DbSession lock = copy.with.server(Side.TARGET).open("test")) {
            Future<StepOutcome> copying = copy.copyWithBlocked(lock, "public.first");
            copy.with.heldTables().hold(LAST, false);
            assertDone(copying.get(60, TimeUnit.SECONDS));
            List<String> orphan = copy.blocked();
            assertEquals(1, orphan.size());

            EarlyCopy next = copy.again(); // in which nobody knows of it
            Future<StepOutcome> indexes = next.startIndexes();
            Eventually.await(LONG, "it is ended", () -> copy.blocked().isEmpty());
            lock.jdbc().rollback();
            assertDone(indexes.get(90, TimeUnit.SECONDS));
            copy.early.end();
            next.assertWhole();
        }
    }

    @Test
    void aSessionThatIsLostStopsNoRowAndItsIndexIsBuiltAfterwards() throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major("15"), PgServer.major("17"));
                DbSession lock = copy.with.server(Side.TARGET).open("test")) {
            Future<StepOutcome> copying = copy.copyWithBlocked(lock, "public.first");
            SchemaAndIndexTest.rows(
                    copy.with,
                    Side.TARGET,
                    "select pg_terminate_backend(" + copy.blocked().getFirst() + ")");
            awaitNote(copy, "57P01");
            lock.jdbc().rollback();
            copy.finish(copying);
        }
    }

    @Test
    void aRowThatIsThereTwiceIsToldByTheNextStageAndStopsNoRow() throws Exception {
        try (var copy = EarlyCopy.between(PgServer.major("15"), PgServer.major("17"));
                DbSession lock = copy.with.server(Side.TARGET).open("test")) {
            lock.jdbc().setAutoCommit(false);
            lock.change("lock table public.second in row exclusive mode");
            copy.with.heldTables().hold(LAST, true);
            Future<StepOutcome> copying = copy.startCopy();
            var second = new TableRef("public", "second");
            Eventually.await(
                    LONG, "it is copied", () -> copy.with.copiedTables().contains(second));
            lock.change("insert into public.second values (2000, 7, 'doubled', 2000)");
            lock.jdbc().commit();
            awaitNote(copy, "23505");
            copy.with.heldTables().hold(LAST, false);
            assertDone(copying.get(60, TimeUnit.SECONDS));
            assertEquals("1000", NastySchema.text(copy.with, Side.TARGET, "select count(*) from public.last"));

            var failed = assertInstanceOf(
                    StepOutcome.Failed.class, copy.startIndexes().get(60, TimeUnit.SECONDS));
            assertEquals("23505", failed.problem().code());
            assertTrue(failed.problem().what().contains("second_u_key"), failed::toString);
            assertEquals(List.of(), copy.builders(""));

            SchemaAndIndexTest.run(copy.with, Side.TARGET, "delete from second where id = 2000");
            EarlyCopy next = copy.again();
            assertDone(next.startIndexes().get(60, TimeUnit.SECONDS));
            next.assertWhole();
        }
    }

    @Test
    void aCrashOfTheTargetLosesNoneAndDoublesNone() throws Exception {
        // nothing but what Handover itself waits for reaches the disk
        try (var server = PgServer.dedicated("17", Map.of("wal_writer_delay", "10000"));
                var copy = EarlyCopy.between(PgServer.major("15"), server)) {
            copy.with.heldTables().hold(LAST, true);
            Future<StepOutcome> copying = copy.startCopy();
            Eventually.await(LONG, "some are built", () -> copy.names().size() >= 4);
            server.crash();
            server.restart();
            copy.finish(copying);
        }
    }

    @Test
    void aCopyThatLosesItsSnapshotGoesOnWithWhatIsBuilt() throws Exception {
        try (var server = PgServer.dedicated("15");
                var copy = EarlyCopy.between(server, PgServer.major("17"));
                DbSession lock = copy.with.server(Side.TARGET).open("test")) {
            Future<StepOutcome> copying = copy.copyWithBlocked(lock, "public.second");
            Eventually.await(
                    LONG,
                    "the others are copied",
                    () -> copy.with.copiedTables().size() == 6);
            server.crash();
            server.restart();
            copy.with.heldTables().hold(LAST, false);
            Eventually.await(LONG, "nobody builds", () -> copy.builders("").isEmpty());
            lock.jdbc().rollback();
            assertDone(copying.get(90, TimeUnit.SECONDS));
            assertTrue(copy.with.lines().stream().anyMatch(TestContext.Line.Kept.class::isInstance));
            assertDone(copy.startIndexes().get(90, TimeUnit.SECONDS));
            copy.assertWhole();
        }
    }

    private static void carriedOn(EarlyCopy copy) throws Exception {
        var before = copy.indexes();
        EarlyCopy next = copy.again();
        assertDone(next.startCopy().get(90, TimeUnit.SECONDS));
        assertDone(next.startIndexes().get(90, TimeUnit.SECONDS));
        next.assertWhole();
        assertTrue(copy.indexes().containsAll(before), "none was built twice");
    }

    private static void awaitNote(EarlyCopy copy, String state) throws InterruptedException {
        Eventually.await(
                LONG,
                "it is told: " + state,
                () -> copy.with.lines().stream()
                        .anyMatch(line -> line instanceof TestContext.Line.Note(var text)
                                && text.contains("could not be built while")
                                && text.contains(state)));
    }
}

package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.model.CutoverReport;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import io.handover.pg.Mark;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// The confirmation is committed on the old owner, and its answer does not come: a synchronous standby that does not
/// answer keeps a commit waiting that nobody can take back any more.
class ConfirmationTest {

    private static final String CONFIRMING = "select count(*) from pg_stat_activity"
            + " where application_name = 'handover cutover control' and wait_event = 'SyncRep'";

    /// The connection is lost with the answer.
    @Test
    void theAnswerIsLost() throws Exception {
        try (var server = PgServer.dedicated("15");
                var world = new CutoverWorld(server, PgServer.major("18"));
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Hooks.none())) {
            ends(world, context, () -> {
                world.ask(
                        Side.SOURCE,
                        "select pg_terminate_backend(pid) from pg_stat_activity"
                                + " where application_name = 'handover cutover control'");
                answer(world, true);
            });
        }
    }

    /// It comes long after the deadline; the watchdog and the session that keeps the locks must not take back what
    /// cannot be taken back.
    @Test
    void theAnswerComesAfterTheDeadline() throws Exception {
        try (var server = PgServer.dedicated("15");
                var world = new CutoverWorld(server, PgServer.major("18"));
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(4), Hooks.none())) {
            ends(world, context, () -> {
                Eventually.await(
                        LONG,
                        "the deadline is long past",
                        () -> world.ask(
                                        Side.SOURCE,
                                        "select clock_timestamp() > deadline + interval '3 seconds' from handover.mark")
                                .equals("t"));
                assertEquals(Mark.State.HANDING_OVER, world.mark(Side.SOURCE).state(), "nobody has taken it back");
                answer(world, true);
            });
        }
    }

    /// The old owner crashes instead, and comes back with what it had committed.
    @Test
    void theServerCrashesBeforeItAnswers() throws Exception {
        try (var server = PgServer.dedicated("15");
                var world = new CutoverWorld(server, PgServer.major("18"));
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Hooks.none())) {
            ends(world, context, () -> {
                answerAfterRestart(world);
                server.crash();
                server.restart();
            });
        }
    }

    /// In each case it was confirmed, so it goes forward, and each acknowledged transaction is on both sides.
    private static void ends(CutoverWorld world, TestContext context, Meanwhile meanwhile) throws Exception {
        var thread = world.threads.single("standby");
        var happened = new Future<?>[1];
        try (var ledger = new Ledger(world, world.threads, 2, Side.SOURCE)) {
            Eventually.await(LONG, "the application writes", () -> ledger.count() > 20);
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.KEPT && happened[0] == null) {
                    answer(world, false);
                    happened[0] = thread.submit(() -> {
                        Eventually.await(
                                LONG,
                                "the confirmation waits",
                                () -> world.ask(Side.SOURCE, CONFIRMING).equals("1"));
                        meanwhile.run();
                        return null;
                    });
                }
                if (point == Point.OPENED) {
                    ledger.pointTo(Side.TARGET);
                }
            }));

            var outcome = step.run(context);

            happened[0].get();
            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            CutoverReport report = context.cutovers().getLast();
            assertEquals(CutoverReport.Outcome.DONE, report.outcome());
            assertEquals(Optional.empty(), report.problem());
            assertTrue(
                    report.timeline().stream().anyMatch(act -> act.note().equals("no change after the fence")),
                    () -> report.timeline().toString());
            int before = ledger.count();
            Eventually.await(LONG, "the application writes on", () -> ledger.count() > before + 20);
            ledger.end();
            assertEquals(Set.of(), ledger.missingOn(Side.TARGET));
            world.same();
            assertEquals(Set.of(), ledger.missingOn(Side.SOURCE));
        } finally {
            thread.shutdownNow();
        }
    }

    /// @param comes whether commits on the source are answered
    private static void answer(CutoverWorld world, boolean comes) {
        try {
            set(world, comes);
            world.ask(Side.SOURCE, "select pg_reload_conf()");
            Eventually.await(
                    LONG,
                    "the setting is read",
                    () -> world.ask(Side.SOURCE, "show synchronous_standby_names")
                            .equals(comes ? "" : "nobody"));
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answerAfterRestart(CutoverWorld world) throws SQLException {
        set(world, true);
    }

    private static void set(CutoverWorld world, boolean comes) throws SQLException {
        try (var connection = world.open(Side.SOURCE);
                var sql = connection.createStatement()) {
            sql.execute("alter system set synchronous_standby_names = " + (comes ? "''" : "'nobody'"));
        }
    }

    @FunctionalInterface
    private interface Meanwhile {
        void run() throws Exception;
    }
}

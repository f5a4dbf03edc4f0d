package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.model.CutoverReport;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.pg.Mark;
import io.handover.testkit.Eventually;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutoverStepTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @ParameterizedTest
    @CsvSource({"15, 18, LOCK_TABLES", "13, 17, LOCK_TABLES", "15, 18, END_SESSIONS", "13, 18, NAMED_ROLES"})
    void thereAndBackAndThereAgainLosesNothing(String from, String to, FreezeMethod method) throws Exception {
        try (var world = new CutoverWorld(from, to);
                var there = world.with(method, DEADLINE, Hooks.none());
                var ledger = new Ledger(world, world.threads, 4, Side.SOURCE)) {
            Eventually.await(LONG, "the application writes", () -> ledger.count() > 200);
            cutOver(world, there, ledger, Side.SOURCE);
            assertEquals(List.of(Stage.FENCING, Stage.SWITCHING, Stage.CUT_OVER, Stage.REVERSE_OPEN), there.stages());
            more(ledger);

            cutOver(world, there, ledger, Side.TARGET);
            assertEquals(Stage.STREAMING, there.stages().getLast());
            more(ledger);

            cutOver(world, there, ledger, Side.SOURCE);
            more(ledger);
            ledger.end();
            assertEquals(Set.of(), ledger.missingOn(Side.TARGET));
            world.same();
            assertEquals(Side.TARGET, world.mark(Side.TARGET).owner());
            assertEquals(3, world.mark(Side.TARGET).epoch());
            boolean byRole = method == FreezeMethod.NAMED_ROLES;
            String user = world.plan().source().user();
            assertEquals(byRole ? Optional.empty() : Optional.of("on"), world.readOnlyDefault(Side.SOURCE));
            assertEquals(Optional.empty(), world.readOnlyDefault(Side.TARGET));
            assertEquals(
                    byRole ? Optional.of("{default_transaction_read_only=on}") : Optional.empty(),
                    world.roleSetting(Side.SOURCE, user));
            assertEquals(Optional.empty(), world.roleSetting(Side.TARGET, user));
            assertEquals(List.of(), there.uncaught());
        }
    }

    private static void locked(Statement sql) {
        try {
            sql.execute("lock table handover.fence in share mode"); // who looks for the fence goes on
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void more(Ledger ledger) throws InterruptedException {
        int before = ledger.count();
        Eventually.await(LONG, "the application writes there", () -> ledger.count() > before + 200);
    }

    /// Hands over; the application is told when the new owner is open.
    private static void cutOver(
            CutoverWorld world, io.handover.engine.step.TestContext context, Ledger ledger, Side from)
            throws InterruptedException {
        var step = new CutoverStep(from, world.parts(point -> {
            if (point == Point.OPENED) {
                ledger.pointTo(from.other());
            }
        }));
        var outcome = step.run(context);
        var report = context.cutovers().getLast();
        assertInstanceOf(StepOutcome.Done.class, outcome, () -> outcome + "\n" + report);
        assertEquals(CutoverReport.Outcome.DONE, report.outcome());
        assertTrue(report.writePause().isPresent());
    }

    @Test
    void pastTheDeadlineEverythingIsUndoneAndTheStreamGoesOn() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(2), Hooks.none());
                var ledger = new Ledger(world, world.threads, 2, Side.SOURCE);
                var holder = world.open(Side.TARGET);
                var sql = holder.createStatement()) {
            Eventually.await(LONG, "the application writes", () -> ledger.count() > 50);
            holder.setAutoCommit(false);
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.FROZEN) { // before, it would be found out without a pause
                    locked(sql); // the apply worker has to wait
                }
            }));
            var outcome = step.run(context);

            var failed = assertInstanceOf(StepOutcome.Failed.class, outcome);
            assertEquals("fence-late", failed.problem().code(), failed::toString);
            assertTrue(
                    failed.problem().details().contains("shop"),
                    failed.problem().details());
            var report = context.cutovers().getLast();
            assertEquals(CutoverReport.Outcome.UNDONE, report.outcome());
            assertTrue(
                    report.writePause().orElseThrow().compareTo(Duration.ofSeconds(3)) < 0, "" + report.writePause());
            assertEquals(List.of(Stage.FENCING, Stage.STREAMING), context.stages());
            more(ledger);
            holder.rollback();
            ledger.end();
            assertEquals(Mark.State.OWNS, world.mark(Side.SOURCE).state());
            Eventually.await(
                    LONG,
                    "the stream goes on",
                    () -> ledger.missingOn(Side.TARGET).isEmpty());
            world.same();
            assertEquals(
                    "0",
                    world.ask(
                            Side.TARGET,
                            "select count(*) from pg_replication_slots where slot_name = '"
                                    + world.plan().id().slot(Side.TARGET) + "'"));
        }
    }

    @Test
    void aPreparedTransactionUndoesIt() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.END_SESSIONS, DEADLINE, Hooks.none());
                var preparing = world.open(Side.SOURCE);
                var sql = preparing.createStatement()) {
            preparing.setAutoCommit(false);
            sql.execute("insert into ledger values (1, 1, 'one')");
            sql.execute("prepare transaction 'forgotten'");
            preparing.setAutoCommit(true);

            var failed = assertInstanceOf(
                    StepOutcome.Failed.class, world.step(Side.SOURCE).run(context));

            assertEquals("prepared-transactions", failed.problem().code());
            assertTrue(
                    failed.problem().details().contains("'forgotten'"),
                    failed.problem().details());
            assertEquals(Mark.State.OWNS, world.mark(Side.SOURCE).state());
            assertEquals(Optional.empty(), world.readOnlyDefault(Side.SOURCE));
            try (var fresh = world.open(Side.SOURCE);
                    var again = fresh.createStatement()) {
                again.execute("rollback prepared 'forgotten'");
            }
            world.same();
        }
    }

    @Test
    void aFailingSwitchIsRolledBackWithEveryRowWrittenMeanwhile() throws Exception {
        var hooks = new Hooks("", "test \"$HANDOVER_TO\" = source || exit 3", "", "", "", Duration.ofSeconds(20));
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, DEADLINE, hooks)) {
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.OPENED && world.ownerOrThrow() == Side.TARGET) {
                    world.write(Side.TARGET, 1, 1); // an application that was quicker than the hook
                }
            }));

            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));

            assertEquals("hook-switch", failed.problem().code());
            assertTrue(
                    failed.problem().what().contains("rolled back"),
                    failed.problem().what());
            assertEquals(Side.SOURCE, world.owner());
            assertEquals(Stage.STREAMING, context.stages().getLast());
            assertEquals("1", world.ask(Side.SOURCE, "select count(*) from ledger"));
            var outcomes =
                    context.cutovers().stream().map(CutoverReport::outcome).toList();
            assertEquals(CutoverReport.Outcome.DONE, outcomes.getLast());
            assertEquals(Side.TARGET, context.cutovers().getLast().from());
            world.write(Side.SOURCE, 1, 2);
            world.same();
        }
    }

    @Test
    void aRefusingHookStopsNothing() throws Exception {
        var hooks = new Hooks("echo not now; exit 5", "", "", "", "", Duration.ofSeconds(20));
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, DEADLINE, hooks)) {
            var failed = assertInstanceOf(
                    StepOutcome.Failed.class, world.step(Side.SOURCE).run(context));
            assertEquals("hook-before-freeze", failed.problem().code());
            assertEquals("not now", failed.problem().details());
            assertEquals(List.of(), context.stages());
            var report = context.cutovers().getLast();
            assertEquals(CutoverReport.Outcome.UNDONE, report.outcome());
            assertEquals(Optional.empty(), report.frozenAt());
            assertEquals(5, report.hooks().getFirst().exit());
        }
    }
}

package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static io.handover.engine.cutover.TwoRoles.DEADLINE;
import static io.handover.engine.cutover.TwoRoles.OFF;
import static io.handover.engine.cutover.TwoRoles.ON;
import static io.handover.engine.cutover.TwoRoles.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The freeze by role: what others than the named could lose, and what could stay behind of it.
/// `CutoverStepTest`, `CutoverKillTest`, `RolesTest` and `StragglersTest` try it with the same as the other
/// methods.
class NamedRolesTest {

    @ParameterizedTest
    @CsvSource({"15, 18", "13, 17"})
    void othersKeepTheirSessionsAndNothingIsLostThereBackAndThereAgain(String from, String to) throws Exception {
        try (var world = new CutoverWorld(from, to);
                var roles = new TwoRoles(world);
                var context = roles.plan();
                var reader = new Monitoring(world, roles);
                var ledger = new Ledger(world, world.threads, 3, Side.SOURCE, side -> roles.open(side, "app"));
                var job = new NightlyJob(world, roles)) {
            roles.set(Side.SOURCE, "app", "off");
            Eventually.await(LONG, "all write", () -> ledger.count() > 50 && job.done.size() > 20);
            assertEquals(Optional.of(OFF), roles.setting(Side.SOURCE));

            handOver(world, context, ledger, Side.SOURCE);
            assertEquals(Optional.of(ON), roles.setting(Side.SOURCE));
            assertEquals(Optional.empty(), roles.setting(Side.TARGET));
            assertEquals(Optional.empty(), world.readOnlyDefault(Side.SOURCE));
            int refused = job.refused.get();
            Eventually.await(LONG, "who is not named is refused", () -> job.refused.get() > refused + 10);
            job.end();
            more(ledger);

            handOver(world, context, ledger, Side.TARGET);
            assertEquals(Optional.of(OFF), roles.setting(Side.SOURCE), "exactly as before");
            assertEquals(Optional.of(ON), roles.setting(Side.TARGET));
            more(ledger);

            handOver(world, context, ledger, Side.SOURCE);
            assertEquals(Optional.of(ON), roles.setting(Side.SOURCE));
            assertEquals(Optional.empty(), roles.setting(Side.TARGET));
            more(ledger);
            ledger.end();
            assertEquals(Set.of(), ledger.missingOn(Side.TARGET));
            assertEquals(Set.of(), job.missingOn(Side.TARGET));
            reader.end();
            assertEquals(0, reader.failed.get(), "a role that is not named reads on, in the same session");
            assertTrue(reader.read.get() > 100);
            world.same();
        }
    }

    @Test
    void whoIsNotNamedWritesNothingAfterwardsWhateverItHoldsOnTo() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new TwoRoles(world);
                var context = roles.plan();
                var idle = roles.open(Side.SOURCE, "other");
                var between = roles.open(Side.SOURCE, "other");
                var snapshot = roles.open(Side.SOURCE, "other");
                var waiting = roles.open(Side.SOURCE, "other");
                var judge = world.open(Side.SOURCE)) {
            between.setAutoCommit(false);
            run(between, "select count(*) from ledger");
            snapshot.setAutoCommit(false);
            run(snapshot, "set transaction isolation level repeatable read");
            run(snapshot, "select count(*) from ledger"); // to it the mark is not there
            ExecutorService thread = world.threads.single("waiting");
            Future<?>[] write = new Future<?>[1];
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.FENCE_PLANTED) {
                    write[0] = thread.submit(() -> {
                        waiting.setAutoCommit(false);
                        run(waiting, "set transaction isolation level repeatable read");
                        run(waiting, "insert into ledger values (7, 7, 'lost')");
                        waiting.commit();
                        return null;
                    });
                    waits(judge);
                }
            }));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));

            assertThrows(java.util.concurrent.ExecutionException.class, () -> write[0].get());
            assertThrows(SQLException.class, () -> run(snapshot, "insert into ledger values (7, 8, 'lost')"));
            assertTrue(idle.isValid(5) && between.isValid(5), "who holds no snapshot keeps its session");
            for (Connection session : List.of(idle, between)) {
                var refusal = assertThrows(
                        SQLException.class, () -> run(session, "insert into ledger values (7, 9, 'lost')"));
                assertEquals("25006", refusal.getSQLState(), refusal::getMessage);
            }
            thread.shutdownNow();
            world.write(Side.TARGET, 1, 1);
            world.same();
            assertEquals("1", world.ask(Side.TARGET, "select count(*) from ledger"));
        }
    }

    /// Readers would have to wait behind it until the deadline.
    @Test
    void whoWantsATableForItselfAloneDoesNotKeepReadersWaiting() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new TwoRoles(world);
                var context = roles.plan();
                var dba = world.open(Side.SOURCE);
                var judge = world.open(Side.SOURCE)) {
            ExecutorService thread = world.threads.single("truncate");
            Future<?>[] truncate = new Future<?>[1];
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.REVERSE_SLOT) {
                    truncate[0] = thread.submit(() -> {
                        run(dba, "truncate ledger");
                        return null;
                    });
                    waits(judge);
                }
            }));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));
            assertThrows(java.util.concurrent.ExecutionException.class, () -> truncate[0].get());
            thread.shutdownNow();
            world.same();
        }
    }

    @Test
    void aNameThatIsNotThereRefusesBeforeAnythingIsTouched() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.NAMED_ROLES, DEADLINE, Hooks.none(), List.of("nobody"))) {
            var failed = assertInstanceOf(
                    StepOutcome.Failed.class, world.step(Side.SOURCE).run(context));
            assertEquals("freeze-roles", failed.problem().code());
            assertTrue(failed.problem().what().contains("nobody"));
        }
    }

    private static void handOver(CutoverWorld world, TestContext context, Ledger ledger, Side from)
            throws InterruptedException {
        var outcome = new CutoverStep(from, world.parts(point -> {
                    if (point == Point.OPENED) {
                        ledger.pointTo(from.other());
                    }
                }))
                .run(context);
        assertInstanceOf(
                StepOutcome.Done.class,
                outcome,
                () -> outcome + "\n" + context.cutovers().getLast());
    }

    private static void more(Ledger ledger) throws InterruptedException {
        int before = ledger.count();
        Eventually.await(LONG, "the application writes there", () -> ledger.count() > before + 50);
    }

    private static void waits(Connection judge) {
        try {
            Eventually.await(LONG, "it waits for the lock", () -> {
                try (var sql = judge.createStatement();
                        var row =
                                sql.executeQuery("select count(*) from pg_locks l join pg_class c on c.oid = l.relation"
                                        + " where not l.granted and c.relname = 'ledger'")) {
                    return row.next() && row.getInt(1) > 0;
                }
            });
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

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
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is brought over in the pause goes on at the same time, and one that fails does not wait for one that hangs.
class PassengersTest {

    private static final Problem NO = new Problem("no", "It cannot be.", "Nothing was done.", "Do something.", "");

    /// Each waits for the other: one after the other they would never end.
    @Test
    void theyAreBroughtOverAtTheSameTime() throws Exception {
        var one = new CountDownLatch(1);
        var other = new CountDownLatch(1);
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            var step = new CutoverStep(
                    Side.SOURCE, world.parts(Points.NOBODY, List.of(meeting(one, other), meeting(other, one))));
            var outcome = step.run(context);
            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            world.same();
        }
    }

    @ParameterizedTest
    @EnumSource(FreezeMethod.class)
    void theFirstThatFailsGivesTheSourceBackAtOnce(FreezeMethod method) throws Exception {
        var begun = new CountDownLatch(1);
        var hangs = new PauseWork("Hanging", (_, _, to) -> () -> {
            begun.countDown();
            sleep(to, 50);
            return Optional.empty();
        });
        var refuses = new PauseWork("Refusing", (_, _, _) -> () -> {
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            return Optional.of(NO);
        });
        try (var world = new CutoverWorld("13", "17");
                var context = world.with(method, Duration.ofSeconds(40), Hooks.none());
                var ledger = new Ledger(world, world.threads, 2, Side.SOURCE)) {
            Eventually.await(LONG, "the application writes", () -> ledger.count() > 20);
            var step = new CutoverStep(Side.SOURCE, world.parts(Points.NOBODY, List.of(hangs, refuses)));

            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));

            assertEquals("no", failed.problem().code());
            CutoverReport report = context.cutovers().getLast();
            assertEquals(CutoverReport.Outcome.UNDONE, report.outcome());
            // far less than what hangs, far more than an undo needs
            assertTrue(report.writePause().orElseThrow().compareTo(Duration.ofSeconds(20)) < 0, report::toString);
            int before = ledger.count();
            Eventually.await(LONG, "the application writes on", () -> ledger.count() > before + 20);
            ledger.end();
            Eventually.await(
                    LONG,
                    "the stream goes on",
                    () -> ledger.missingOn(Side.TARGET).isEmpty());
            assertEquals(Set.of(), ledger.missingOn(Side.SOURCE));
        }
    }

    /// Its connection is lost in the middle.
    @Test
    void whatLosesItsConnectionIsUndone() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                TestContext context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            var loses = new PauseWork("Losing", (_, _, to) -> () -> {
                to.change("select pg_terminate_backend(pg_backend_pid())");
                return Optional.empty();
            });
            var failed = assertInstanceOf(
                    StepOutcome.Failed.class,
                    new CutoverStep(Side.SOURCE, world.parts(Points.NOBODY, List.of(loses))).run(context));
            assertTrue(failed.problem().what().length() > 10, failed::toString);
            assertEquals(
                    CutoverReport.Outcome.UNDONE, context.cutovers().getLast().outcome());
            try (var fresh = world.open(Side.SOURCE);
                    var sql = fresh.createStatement()) {
                sql.executeUpdate("insert into public.ledger values (3, 3)");
            }
            world.same();
        }
    }

    /// Under the locks alone only what may begin early is begun.
    @Test
    void whatMayBeginEarlyDoesNotWaitForTheSessions() throws Exception {
        var early = EnumSet.noneOf(Point.class);
        var done = EnumSet.noneOf(Point.class);
        var copied = new CountDownLatch(1);
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            var guarded = new PauseWork("Guarded", (_, _, _) -> new PauseWork.Ready() {
                @Override
                public boolean beginsEarly() {
                    return true;
                }

                @Override
                public void early() {
                    copied.countDown();
                }

                @Override
                public Optional<Problem> run() {
                    return copied.getCount() == 0 ? Optional.empty() : Optional.of(NO);
                }
            });
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                done.add(point);
                                if (point == Point.DEADLINE) {
                                    awaits(copied);
                                    early.addAll(done);
                                }
                            },
                            List.of(guarded)));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));
            assertTrue(early.contains(Point.FROZEN) && !early.contains(Point.SESSIONS_ENDED), early::toString);
        }
    }

    private static PauseWork meeting(CountDownLatch mine, CountDownLatch theirs) {
        return new PauseWork("Meeting", (_, _, _) -> () -> {
            mine.countDown();
            return theirs.await(10, TimeUnit.SECONDS) ? Optional.empty() : Optional.of(NO);
        });
    }

    private static void awaits(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS), "begun under the locks");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(DbSession session, int seconds) throws SQLException {
        try (var sql = session.jdbc().createStatement()) {
            sql.execute("select pg_sleep(" + seconds + ")");
        }
    }
}

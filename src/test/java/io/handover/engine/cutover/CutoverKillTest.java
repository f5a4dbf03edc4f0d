package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.model.CutoverReport;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.pg.Mark;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The app is killed at every point of the protocol: afterwards the data belong to exactly one side, that
/// side takes writes, the other follows, and nothing that was acknowledged is missing.
class CutoverKillTest {

    private static final Hooks HOOKS = new Hooks("true", "true", "", "true", "true", LONG);
    private static final Set<Point> CONFIRMED = EnumSet.range(Point.CONFIRMED, Point.HOOK_AFTER);

    /// The process ends here: nothing of it runs any more.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    static Stream<Arguments> points() {
        return Stream.concat(
                Stream.of(Point.values())
                        .filter(point -> point != Point.UNDONE)
                        .map(point -> Arguments.of(point, FreezeMethod.LOCK_TABLES)),
                Stream.of(Point.MARKED, Point.SESSIONS_ENDED, Point.KEPT, Point.CONFIRMED, Point.OPENED, Point.RELEASED)
                        .map(point -> Arguments.of(point, FreezeMethod.NAMED_ROLES)));
    }

    /// Of the application's role, for the database.
    private static Optional<String> setting(CutoverWorld world, Side side) throws SQLException {
        return world.roleSetting(side, world.plan().source().user());
    }

    @ParameterizedTest
    @MethodSource("points")
    void startedAgainItGoesForwardOrBackThereAndOnTheWayBack(Point point, FreezeMethod method) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var ledger = new Ledger(world, world.threads, 2, Side.SOURCE)) {
            Eventually.await(LONG, "the application writes", () -> ledger.count() > 20);
            assertEquals(
                    CONFIRMED.contains(point) ? Side.TARGET : Side.SOURCE,
                    killedAt(world, ledger, Side.SOURCE, point, method));
            if (CONFIRMED.contains(point)) {
                var owner = killedAt(world, ledger, Side.TARGET, point, method);
                assertEquals(Side.SOURCE, owner);
            }
            int before = ledger.count();
            Eventually.await(LONG, "the application writes on", () -> ledger.count() > before + 20);
            ledger.end();
            Eventually.await(
                    LONG,
                    "the other side follows",
                    () -> ledger.missingOn(Side.TARGET).isEmpty());
            assertEquals(Set.of(), ledger.missingOn(Side.SOURCE));
            world.same();
            assertEquals(Optional.empty(), world.readOnlyDefault(Side.SOURCE));
            assertEquals(Optional.empty(), setting(world, Side.SOURCE));
            assertEquals("1", slots(world, Side.SOURCE), "the forward slot alone");
            assertEquals("0", slots(world, Side.TARGET));
        }
    }

    /// Nobody starts it again: the source takes writes by itself.
    @ParameterizedTest
    @CsvSource({
        "FROZEN, LOCK_TABLES",
        "FENCE_ARRIVED, LOCK_TABLES",
        "MARKED, LOCK_TABLES",
        "SESSIONS_ENDED, LOCK_TABLES",
        "REVERSE_SLOT, LOCK_TABLES",
        "MARKED, NAMED_ROLES",
        "SESSIONS_ENDED, NAMED_ROLES",
        "KEPT, NAMED_ROLES"
    })
    void notStartedAgainTheWatchdogGivesTheSourceBack(Point point, FreezeMethod method) throws Exception {
        try (var world = new CutoverWorld("13", "17");
                var context = world.with(method, Duration.ofSeconds(4), HOOKS)) {
            kill(world, context, Side.SOURCE, point);

            Eventually.await(LONG, "the mark is back", () -> isBack(world));
            try (var fresh = world.open(Side.SOURCE)) {
                write(fresh);
                assertEquals(Optional.empty(), world.readOnlyDefault(Side.SOURCE));
                assertEquals(Optional.empty(), setting(world, Side.SOURCE));
                try (var again = world.context.again()) {
                    var outcome =
                            resume(world, again, Side.SOURCE, context.cutovers().getLast(), Points.NOBODY);
                    assertInstanceOf(StepOutcome.Failed.class, outcome);
                    assertEquals(Stage.STREAMING, again.stages().getLast());
                }
                write(fresh); // it began when all was undone, and nobody has ended it
            }
            world.same();
        }
    }

    /// Retry asks the mark again: by then the application is back, on sessions that are not read-only.
    @Test
    void askedOnceMoreAfterItWasUndoneItEndsNobody() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), HOOKS);
                var readOnly = world.context.again();
                var again = world.context.again()) {
            kill(world, context, Side.SOURCE, Point.MARKED);
            var stale = world.open(Side.SOURCE); // began while the database was read-only
            assertInstanceOf(
                    StepOutcome.Failed.class,
                    resume(world, readOnly, Side.SOURCE, context.cutovers().getLast(), Points.NOBODY));
            assertThrows(SQLException.class, () -> write(stale), "it would stay read-only, so it was ended");

            try (var fresh = world.open(Side.SOURCE)) {
                write(fresh);
                assertInstanceOf(
                        StepOutcome.Failed.class,
                        resume(world, again, Side.SOURCE, context.cutovers().getLast(), Points.NOBODY));
                write(fresh);
            }
            world.same();
        }
    }

    /// A lost answer is asked for: whichever way it went, report and servers agree.
    @Test
    void theConnectionIsLostWhileConfirming() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.REVERSE_SLOT) {
                    end(world, "handover cutover control");
                }
            }));
            var outcome = step.run(context);

            var failed = assertInstanceOf(StepOutcome.Failed.class, outcome);
            assertEquals("taken-back", failed.problem().code());
            assertEquals(
                    CutoverReport.Outcome.UNDONE, context.cutovers().getLast().outcome());
            assertEquals(Set.of(), context.open(), "what is over stays over at the next start");
            try (var fresh = world.open(Side.SOURCE)) {
                write(fresh);
            }
            world.same();
        }
    }

    @Test
    void whoeverTakesTheLocksAwayStopsIt() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.REVERSE_SLOT) {
                    end(world, "handover cutover locks");
                }
            }));
            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));
            assertEquals("taken-back", failed.problem().code());
            assertEquals(Mark.State.OWNS, world.mark(Side.SOURCE).state());
            world.same();
        }
    }

    /// The watchdog ends sessions that began while the database was read-only, the asking one too; then it
    /// forgets since when that was.
    private static boolean isBack(CutoverWorld world) {
        try {
            Mark mark = world.mark(Side.SOURCE);
            return mark.state() == Mark.State.OWNS && mark.markedAt().isEmpty();
        } catch (SQLException _) {
            return false;
        }
    }

    /// Kills, starts again, and says who owns the data then.
    private static Side killedAt(CutoverWorld world, Ledger ledger, Side from, Point point, FreezeMethod method)
            throws Exception {
        try (var context = world.with(method, Duration.ofSeconds(30), HOOKS);
                var again = world.with(method, Duration.ofSeconds(30), HOOKS)) {
            kill(world, context, from, point, opened -> ledger.pointTo(opened));
            var outcome = resume(world, again, from, context.cutovers().getLast(), passed -> {
                if (passed == Point.OPENED) {
                    ledger.pointTo(from.other());
                }
            });
            Side owner = world.owner();
            if (owner == from) {
                assertInstanceOf(StepOutcome.Failed.class, outcome);
                assertEquals(
                        CutoverReport.Outcome.UNDONE, again.cutovers().getLast().outcome());
            } else {
                assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
                assertEquals(
                        CutoverReport.Outcome.DONE, again.cutovers().getLast().outcome());
            }
            boolean steady = again.stages().getLast() == (owner == Side.SOURCE ? Stage.STREAMING : Stage.REVERSE_OPEN);
            assertTrue(steady, () -> owner + " " + again.stages());
            return owner;
        }
    }

    private static void kill(CutoverWorld world, TestContext context, Side from, Point point) {
        kill(world, context, from, point, _ -> {});
    }

    private static void kill(CutoverWorld world, TestContext context, Side from, Point point, Consumer<Side> opened) {
        var step = new CutoverStep(from, world.parts(passed -> {
            if (passed == Point.OPENED) {
                opened.accept(from.other());
            }
            if (passed == point) {
                abort(context);
                throw new Killed();
            }
        }));
        assertThrows(Killed.class, () -> step.run(context), point.name());
    }

    private static void abort(TestContext context) {
        try {
            context.server(Side.SOURCE).abort();
            context.server(Side.TARGET).abort();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static StepOutcome resume(
            CutoverWorld world, TestContext again, Side from, CutoverReport earlier, Points points)
            throws InterruptedException {
        return CutoverStep.resume(from, world.parts(points), Optional.of(earlier))
                .run(again);
    }

    private static void end(CutoverWorld world, String application) {
        try (var connection = world.open(Side.SOURCE);
                var sql = connection.createStatement()) {
            sql.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                    + " and application_name = '" + application + "'");
            Eventually.await(LONG, "it is gone", () -> {
                try (var row = sql.executeQuery("select count(*) from pg_stat_activity"
                        + " where datname = current_database() and application_name = '" + application + "'")) {
                    return row.next() && row.getInt(1) == 0;
                }
            });
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Connection connection) throws SQLException {
        try (var sql = connection.createStatement()) {
            sql.execute("insert into ledger values (99, (select count(*) from ledger), 'after')");
        }
    }

    private static String slots(CutoverWorld world, Side side) throws SQLException {
        return world.ask(side, "select count(*) from pg_replication_slots where database = current_database()");
    }
}

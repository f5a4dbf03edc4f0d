package io.handover.engine.cutover;

import static io.handover.engine.cutover.LateWriters.LATE;
import static io.handover.engine.cutover.LateWriters.WAITING;
import static io.handover.engine.cutover.LateWriters.askQuietly;
import static io.handover.engine.cutover.LateWriters.await;
import static io.handover.engine.cutover.LateWriters.late;
import static io.handover.engine.cutover.LateWriters.pool;
import static io.handover.engine.cutover.LateWriters.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Writers that wait for the locks are left waiting over the point of no return. None of them ever writes on the old
/// owner afterwards, whoever dies.
class WaitingWritersTest {

    private static final String GUARDS =
            "select count(*) from pg_trigger where tgname = 'handover_guard' and tgenabled = 'A'";
    private static final String LOCKS = "select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid"
            + " where a.datname = current_database() and l.mode = 'ExclusiveLock' and l.locktype = 'relation'";

    /// Sessions that began long before, with isolation levels in which a transaction does not see the mark.
    @ParameterizedTest
    @ValueSource(strings = {"13", "15"})
    void theAppDiesAfterTheConfirmationAndNobodyWhoWaitedWrites(String from) throws Exception {
        try (var world = new CutoverWorld(from, "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(5), Hooks.none());
                var again = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(5), Hooks.none())) {
            List<Connection> pool = pool(world, 4);
            hostileLimits(world, from); // for whoever connects from here on
            List<Future<Optional<String>>> waiting = new ArrayList<>();
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.FROZEN) {
                    pool.forEach(writer -> waiting.add(late(world, writer)));
                    await(world, WAITING, "4");
                }
                if (point == Point.CONFIRMED) {
                    assertEquals("4", askQuietly(world, WAITING), "they wait over the point of no return");
                    die(context);
                }
            }));
            assertThrows(Died.class, () -> step.run(context));

            for (Future<Optional<String>> writer : waiting) {
                assertEquals(Optional.of("57P01"), writer.get(), "ended while it waited");
            }
            await(world, LOCKS, "0"); // by the server alone, at the deadline
            assertEquals("2", world.ask(Side.SOURCE, GUARDS), "guarded in the commit that let the locks go");
            assertEquals("0", world.ask(Side.SOURCE, LATE));

            var outcome = CutoverStep.resume(
                            Side.SOURCE,
                            world.parts(Points.NOBODY),
                            Optional.of(context.cutovers().getLast()))
                    .run(again);
            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            world.write(Side.TARGET, 7, 99);
            world.same();
        }
    }

    /// Started again at once, long before the deadline: what the dead process has left to the server is not ended half
    /// way.
    @Test
    void startedAgainAtOnceItLetsTheServerFinish() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(60), Hooks.none());
                var again = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(60), Hooks.none())) {
            List<Connection> pool = pool(world, 4);
            List<Future<Optional<String>>> waiting = new ArrayList<>();
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.FROZEN) {
                    pool.forEach(writer -> waiting.add(late(world, writer)));
                    await(world, WAITING, "4");
                }
                if (point == Point.CONFIRMED) {
                    die(context);
                }
            }));
            assertThrows(Died.class, () -> step.run(context));
            String[] guards = new String[1];
            var outcome = CutoverStep.resume(
                            Side.SOURCE,
                            world.parts(point -> {
                                if (point == Point.RELEASED) {
                                    guards[0] = askQuietly(world, GUARDS);
                                }
                            }),
                            Optional.of(context.cutovers().getLast()))
                    .run(again);
            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            assertEquals("2", guards[0], "guarded when the locks went");
            for (Future<Optional<String>> writer : waiting) {
                assertEquals(Optional.of("57P01"), writer.get());
            }
            assertEquals("0", world.ask(Side.SOURCE, LATE));
            world.same();
        }
    }

    /// They go to the new owner at once when it is open, and they are not ended before.
    @Test
    void theyAreEndedOnceWhenTheNewOwnerIsOpen() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            List<Connection> pool = pool(world, 3);
            var idle = pool.removeFirst();
            List<Future<Optional<String>>> waiting = new ArrayList<>();
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                switch (point) {
                    case FROZEN -> {
                        pool.forEach(writer -> waiting.add(late(world, writer)));
                        await(world, WAITING, "2");
                    }
                    case REVERSE_SLOT -> assertEquals("", state(idle, "select 1"), "no earlier than it must be");
                    case SESSIONS_ENDED -> assertEquals("57P01", state(idle, "select 1"), "the idle one is ended");
                    case OPENED -> assertTrue(waiting.stream().noneMatch(Future::isDone));
                    default -> {
                        // nothing is looked at
                    }
                }
            }));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));
            for (Future<Optional<String>> writer : waiting) {
                assertEquals(Optional.of("57P01"), writer.get());
            }
            assertEquals("0", world.ask(Side.SOURCE, LATE));
            assertEquals("0", world.ask(Side.SOURCE, LOCKS));
            world.same();
        }
    }

    /// Who waits for a lock that keeps even readers out would keep Handover out as well.
    @Test
    void aTruncateThatWaitsIsEndedAndNothingWaitsBehindIt() throws Exception {
        var reading = new PauseWork("Reading", (_, from, _) -> () -> {
            try (var sql = from.jdbc().createStatement()) {
                sql.execute("select count(*) from public.ledger");
            }
            return Optional.empty();
        });
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            world.write(Side.SOURCE, 1, 1);
            Connection truncates = pool(world, 1).getFirst();
            List<Future<Optional<String>>> waiting = new ArrayList<>();
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                if (point == Point.FROZEN) {
                                    waiting.add(run(world, truncates, "truncate ledger"));
                                    await(world, WAITING, "1");
                                }
                            },
                            List.of(reading)));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));
            assertEquals(Optional.of("57P01"), waiting.getFirst().get());
            assertEquals("1", world.ask(Side.TARGET, "select count(*) from ledger"));
            world.same();
        }
    }

    /// What an administrator may have set, which must not end who keeps the locks.
    private static void hostileLimits(CutoverWorld world, String major) throws SQLException {
        try (var connection = world.open(Side.SOURCE);
                var sql = connection.createStatement()) {
            for (String setting : List.of(
                    "statement_timeout = '900ms'",
                    "idle_in_transaction_session_timeout = '900ms'",
                    "default_transaction_isolation = 'serializable'",
                    Integer.parseInt(major) >= 14
                            ? "client_connection_check_interval = '50ms'"
                            : "lock_timeout = '0'")) {
                sql.execute("do $$ begin execute format('alter database %I set " + setting.replace("'", "''")
                        + "', current_database()); end $$");
            }
        }
    }

    private static String state(Connection connection, String query) {
        try (var sql = connection.createStatement()) {
            sql.execute(query);
            return "";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static void die(TestContext context) {
        try {
            context.server(Side.SOURCE).abort();
            context.server(Side.TARGET).abort();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        throw new Died();
    }
}

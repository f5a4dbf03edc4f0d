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
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.SequencePlan;
import io.handover.testkit.Eventually;
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
import org.postgresql.PGConnection;

/// Writers that wait for the locks are left waiting over the point of no return. None of them ever writes on the old
/// owner afterwards, whoever dies; and what they could do without writing to a table is seen.
class WaitingWritersTest {

    private static final String WAITING = "select count(*) from pg_stat_activity where datname = current_database()"
            + " and application_name = 'shop' and wait_event_type = 'Lock'";
    private static final String LATE = "select count(*) from ledger where writer = 7";
    private static final String GUARDS =
            "select count(*) from pg_trigger where tgname = 'handover_guard' and tgenabled = 'A'";
    private static final String LOCKS = "select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid"
            + " where a.datname = current_database() and l.mode = 'ExclusiveLock' and l.locktype = 'relation'";

    /// As the engine has it.
    private static final PauseWork SEQUENCES = new PauseWork("Sequences", (plan, from, to) -> {
        SequencePlan sequences =
                SequencePlan.prepare(from.jdbc(), to, plan.scope()).orElseThrow();
        return new PauseWork.Ready() {
            @Override
            public Optional<Problem> run() throws SQLException {
                assertTrue(sequences.run().complete());
                return Optional.empty();
            }

            @Override
            public List<String> lookAgain() throws SQLException {
                return sequences.lookAgain();
            }
        };
    });

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

    /// A writer gives up waiting in the pause, draws from a sequence, and waits again: what it drew is not given out
    /// a second time.
    @Test
    void whoGivesUpWaitingAndDrawsFromASequenceIsSeen() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            Connection writer = pool(world, 1).getFirst();
            List<Long> drawn = new ArrayList<>();
            int[] rounds = new int[1];
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                if (point == Point.FROZEN) {
                                    var _ = late(world, writer);
                                    await(world, WAITING, "1");
                                }
                                if (point == Point.DURABLE && drawn.isEmpty()) {
                                    cancel(world, writer);
                                    drawn.add(draw(writer));
                                }
                                if (point == Point.SYNCED) {
                                    rounds[0]++;
                                }
                            },
                            List.of(SEQUENCES)));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));
            assertEquals(2, rounds[0], "the sequences were brought over once more");
            long next = Long.parseLong(world.ask(Side.TARGET, "select nextval('\"Odd Name_id_seq\"')"));
            assertTrue(next > drawn.getFirst(), next + " was given out on the old owner: " + drawn);
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

    /// It gives up after the last look, in the moment that is left, and draws. Then the report says so, and the new
    /// owner is past it.
    @Test
    void whatIsDrawnAfterTheConfirmationIsPassedByAndTold() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            Connection writer = pool(world, 1).getFirst();
            List<Long> drawn = new ArrayList<>();
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                if (point == Point.FROZEN) {
                                    var _ = late(world, writer);
                                    await(world, WAITING, "1");
                                }
                                if (point == Point.CONFIRMED) {
                                    cancel(world, writer);
                                    drawn.add(draw(writer));
                                    drawn.add(draw(writer));
                                }
                            },
                            List.of(SEQUENCES)));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));
            long next = Long.parseLong(world.ask(Side.TARGET, "select nextval('\"Odd Name_id_seq\"')"));
            assertTrue(next > drawn.getLast(), next + " was given out on the old owner: " + drawn);
            CutoverReport report = context.cutovers().getLast();
            assertTrue(
                    report.notes().stream().anyMatch(note -> note.contains("Odd Name_id_seq")),
                    report.notes()::toString);
        }
    }

    /// Connections that the application has had for long.
    private static List<Connection> pool(CutoverWorld world, int count) throws SQLException {
        var pool = new ArrayList<Connection>();
        for (int i = 0; i < count; i++) {
            var connection = world.open(Side.SOURCE);
            try (var sql = connection.createStatement()) {
                sql.execute("set default_transaction_isolation = '" + (i % 2 == 0 ? "read committed" : "serializable")
                        + "'");
            }
            pool.add(connection);
        }
        return pool;
    }

    /// Nothing holds a lock against somebody who ends the very session that keeps it. What then is
    /// written on the old owner is found in its log, told row by row, and kept there.
    @Test
    void whatIsWrittenOnTheOldOwnerAfterAllIsToldAndKept() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
            world.write(Side.SOURCE, 1, 1);
            List<Connection> pool = pool(world, 2);
            List<Future<Optional<String>>> waiting = new ArrayList<>();
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.FROZEN) {
                    pool.forEach(writer -> waiting.add(late(world, writer)));
                    await(world, WAITING, "2");
                }
                if (point == Point.CONFIRMED) {
                    askQuietly(
                            world,
                            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                                    + " and application_name = 'handover cutover locks'");
                    // one or both: the second counts up if it reads after the first has committed
                    await(world, "select count(*) > 0 from ledger where writer = 7 and note = 'late'", "t");
                }
            }));

            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));

            assertEquals("late-writes", failed.problem().code());
            String late = world.ask(Side.SOURCE, LATE);
            assertTrue(
                    failed.problem().what().contains(": " + late + (late.equals("1") ? " change" : " changes")),
                    failed::toString);
            assertTrue(failed.problem().details().contains("INSERT public.ledger writer=7, number="), failed::toString);
            CutoverReport report = context.cutovers().getLast();
            assertEquals(CutoverReport.Outcome.DONE, report.outcome());
            assertEquals(Optional.of(failed.problem()), report.problem());
            assertEquals("0", world.ask(Side.TARGET, LATE), "the new owner does not have them");
            String slot = world.plan().id().slot(Side.SOURCE);
            assertEquals(
                    late,
                    world.ask(
                            Side.SOURCE,
                            "select count(*) from pg_logical_slot_peek_binary_changes('" + slot
                                    + "', null, null, 'proto_version', '1', 'publication_names', '" + slot
                                    + "') where get_byte(data, 0) = ascii('I') and position('late' in"
                                    + " encode(data, 'escape')) > 0"),
                    "they are kept");
            world.write(Side.TARGET, 8, 1);
            Eventually.await(
                    CutoverWorld.LONG,
                    "the old owner follows",
                    () -> world.ask(Side.SOURCE, "select count(*) from ledger where writer = 8")
                            .equals("1"));

            // started again now that the way back runs, what it brings is told apart, and the slot stays
            try (var again = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none())) {
                var told = assertInstanceOf(
                        StepOutcome.Failed.class,
                        CutoverStep.resume(Side.SOURCE, world.parts(Points.NOBODY), Optional.of(report))
                                .run(again));
                assertEquals(failed.problem(), told.problem());
                assertEquals(
                        "1",
                        world.ask(
                                Side.SOURCE,
                                "select count(*) from pg_replication_slots where slot_name = '" + slot + "'"));
            }
        }
    }

    /// A write that comes when the tables are locked.
    ///
    /// @return the SQLSTATE of its failure; empty if it was written
    private static Future<Optional<String>> late(CutoverWorld world, Connection writer) {
        return run(world, writer, "insert into ledger select 7, coalesce(max(number), 0) + 1, 'late' from ledger");
    }

    private static Future<Optional<String>> run(CutoverWorld world, Connection writer, String write) {
        var thread = world.threads.single("late writer");
        try {
            return thread.submit(() -> {
                try (var sql = writer.createStatement()) {
                    sql.execute("begin read write");
                    sql.execute(write);
                    sql.execute("commit");
                    return Optional.empty();
                } catch (SQLException e) {
                    return Optional.of(e.getSQLState());
                }
            });
        } finally {
            thread.shutdown();
        }
    }

    /// What a `lock_timeout` does, at a moment of the test's choice.
    private static void cancel(CutoverWorld world, Connection writer) {
        try {
            writer.unwrap(PGConnection.class).cancelQuery();
            await(world, WAITING, "0");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long draw(Connection writer) {
        try (var sql = writer.createStatement()) {
            sql.execute("rollback");
            try (var row = sql.executeQuery("select nextval('\"Odd Name_id_seq\"')")) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
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

    private static void await(CutoverWorld world, String query, String answer) {
        try {
            Eventually.await(LONG, query, () -> world.ask(Side.SOURCE, query).equals(answer));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String askQuietly(CutoverWorld world, String query) {
        try {
            return world.ask(Side.SOURCE, query);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
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

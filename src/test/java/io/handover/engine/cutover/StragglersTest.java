package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Superusers' sessions that ask for the right to write themselves, and hold on to the old owner by every trick.
class StragglersTest {

    private static final String READ_WRITE = "set default_transaction_read_only = off";

    @ParameterizedTest
    @EnumSource(FreezeMethod.class)
    void whoWasThereBeforeWritesNothingAfterwards(FreezeMethod method) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(method, Duration.ofSeconds(30), Hooks.none());
                var sessions = new Sessions(world)) {
            Connection idle = sessions.open(READ_WRITE);
            Connection reading = sessions.open(READ_WRITE);
            reading.setAutoCommit(false);
            run(reading, "select count(*) from ledger"); // a transaction that has written nothing yet
            Connection asReplica = sessions.open(READ_WRITE, "set session_replication_role = replica");
            Connection prepared =
                    sessions.open(READ_WRITE, "prepare later as insert into ledger values (7, 7, 'lost')");
            Connection listening =
                    sessions.open(READ_WRITE, "listen something", "declare c cursor with hold for select 1");

            handOver(world, context);

            for (Connection session : List.of(idle, reading, asReplica, listening)) {
                assertThrows(SQLException.class, () -> run(session, "insert into ledger values (8, 8, 'lost')"));
            }
            assertThrows(SQLException.class, () -> run(prepared, "execute later"));
            assertThrows(SQLException.class, () -> commit(reading));
            world.write(Side.TARGET, 1, 1);
            world.same();
            assertEquals("1", world.ask(Side.TARGET, "select count(*) from ledger"));
        }
    }

    /// As pg_cron does: a session for each run, from inside the server, whatever the application does.
    @ParameterizedTest
    @EnumSource(FreezeMethod.class)
    void aJobThatComesBackForEveryRunLosesNothing(FreezeMethod method) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(method, Duration.ofSeconds(30), Hooks.none());
                var job = new Job(world)) {
            Eventually.await(LONG, "the job writes", () -> job.done.size() > 20);
            handOver(world, context);
            int refused = job.refused.size();
            Eventually.await(LONG, "it is refused again and again", () -> job.refused.size() > refused + 20);
            job.end();

            var there = new HashSet<Long>();
            try (var connection = world.open(Side.TARGET);
                    var sql = connection.createStatement();
                    var rows = sql.executeQuery("select number from ledger where writer = 5")) {
                while (rows.next()) {
                    there.add(rows.getLong(1));
                }
            }
            assertTrue(there.containsAll(job.done), "every run that succeeded is on the new owner");
            world.same();
        }
    }

    private static void handOver(CutoverWorld world, io.handover.engine.step.TestContext context)
            throws InterruptedException {
        var outcome = world.step(Side.SOURCE).run(context);
        assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
    }

    private static void run(Connection session, String statement) throws SQLException {
        try (var sql = session.createStatement()) {
            sql.execute(statement);
        }
    }

    private static void commit(Connection session) throws SQLException {
        run(session, "commit"); // the driver would say nothing to a server that is not there
    }

    /// Sessions on the old owner that outlive the cutover if they can.
    private static final class Sessions implements AutoCloseable {
        private final CutoverWorld world;
        private final List<Connection> all = new ArrayList<>();

        Sessions(CutoverWorld world) {
            this.world = world;
        }

        Connection open(String... statements) throws SQLException {
            Connection connection = world.open(Side.SOURCE);
            all.add(connection);
            for (String statement : statements) {
                run(connection, statement);
            }
            return connection;
        }

        @Override
        public void close() throws SQLException {
            for (Connection connection : all) {
                connection.close();
            }
        }
    }

    private static final class Job implements AutoCloseable {
        final Set<Long> done = java.util.concurrent.ConcurrentHashMap.newKeySet();
        final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final ExecutorService thread;
        private final java.util.concurrent.Future<?> running;

        Job(CutoverWorld world) {
            thread = world.threads.single("job");
            running = thread.submit(() -> {
                for (long number = 1; !stop.get(); number++) {
                    try (var connection = world.open(Side.SOURCE)) {
                        run(connection, READ_WRITE);
                        run(connection, "insert into ledger values (5, " + number + ", 'job')");
                        done.add(number);
                    } catch (SQLException e) {
                        refused.add(String.valueOf(e.getSQLState()));
                    }
                }
            });
        }

        void end() throws Exception {
            stop.set(true);
            running.get();
        }

        @Override
        public void close() {
            stop.set(true);
            thread.shutdownNow();
        }
    }
}

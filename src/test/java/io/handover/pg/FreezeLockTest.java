package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.TableRef;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreezeLockTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final TableRef PLAIN = new TableRef("public", "We\"ird 🐘 t");
    private static final TableRef PARTED = new TableRef("public", "parted");

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @ParameterizedTest
    @ValueSource(strings = {"13", "15", "18"})
    void writersWaitReadersGoOnAndPartitionsAreIncluded(String major) throws Exception {
        try (var at = new Ownership(major);
                var reader = at.application();
                var writer = at.application();
                var watch = at.server.monitor()) {
            tables(writer);
            var lock = new FreezeLock(at.server.open("freeze"), List.of(PLAIN, PARTED), LONG);
            assertTrue(lock.reserve(LONG));
            run(writer, "insert into parted values (1, 'written while only reserved')");
            assertTrue(lock.take(LONG));

            assertEquals(1, count(reader));
            var waits = threads.single("writer").submit(() -> run(writer, "insert into parted_1 values (2, '')"));
            var pid = pid(at);
            Eventually.await(
                    LONG,
                    "the writer waits for the lock",
                    () -> Sessions.waitingFor(watch, pid).size() == 1);
            assertFalse(waits.isDone());
            lock.release();
            waits.get();
            assertEquals(2, count(reader));
        }
    }

    @Test
    void aLongTransactionIsNotWaitedForAndNothingStaysLocked() throws Exception {
        try (var at = new Ownership("15");
                var busy = at.application();
                var other = at.application()) {
            tables(busy);
            busy.setAutoCommit(false);
            run(busy, "insert into parted values (1, '')");
            var lock = new FreezeLock(at.server.open("freeze"), List.of(PLAIN, PARTED), LONG);

            assertTrue(lock.reserve(LONG), "a writer is nothing to it");
            assertFalse(lock.take(SHORT));

            run(other, "insert into parted values (2, '')");
            run(other, "vacuum parted"); // would wait for what is reserved
            busy.commit();
            assertTrue(lock.reserve(LONG));
            assertTrue(lock.take(LONG));
        }
    }

    @Test
    void whoBlocksIsSeen() throws Exception {
        try (var at = new Ownership("15");
                var busy = at.application();
                var watch = at.server.monitor()) {
            tables(busy);
            busy.setAutoCommit(false);
            run(busy, "insert into parted values (1, '')");
            var session = at.server.open("freeze");
            var lock = new FreezeLock(session, List.of(PARTED), LONG);
            assertTrue(lock.reserve(LONG));
            var taken = threads.single("freeze").submit(() -> lock.take(LONG));
            Eventually.await(
                    LONG,
                    "the application is named",
                    () -> Sessions.blockersOf(watch, session.pid()).stream()
                            .anyMatch(s -> s.application().equals("shop") && s.writes()));
            busy.rollback();
            assertTrue(taken.get());
        }
    }

    @Test
    void aSilentClientLosesTheLock() throws Exception {
        try (var at = new Ownership("15");
                var writer = at.application()) {
            tables(writer);
            var lock = new FreezeLock(at.server.open("freeze"), List.of(PARTED), Duration.ofMillis(300));
            assertTrue(lock.reserve(LONG));
            assertTrue(lock.take(LONG));
            run(writer, "insert into parted values (1, '')"); // waits until the server has ended the silent session
            assertEquals(1, count(writer));
        }
    }

    private static void tables(Connection connection) throws SQLException {
        run(connection, "create table \"We\"\"ird 🐘 t\" (id int primary key)");
        run(connection, "create table parted (id int, t text) partition by range (id)");
        run(connection, "create table parted_1 partition of parted for values from (0) to (10)");
    }

    private static boolean run(Connection connection, String statement) throws SQLException {
        try (var sql = connection.createStatement()) {
            return sql.execute(statement);
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (var sql = connection.createStatement();
                var row = sql.executeQuery("select count(*) from parted")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static int pid(Ownership at) throws SQLException {
        try (var sql = at.control.jdbc().createStatement();
                var row = sql.executeQuery("select pid from pg_stat_activity where application_name = 'handover freeze'"
                        + " and datname = current_database()")) {
            row.next();
            return row.getInt(1);
        }
    }
}

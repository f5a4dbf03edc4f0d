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

/// An application that writes to its tables in an order that is not ours.
class LockOrderTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final TableRef A = new TableRef("public", "a \"🐘\"");
    private static final TableRef B = new TableRef("public", "b");
    private static final TableRef C = new TableRef("public", "c");
    private static final TableRef D = new TableRef("public", "d");

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @ParameterizedTest
    @ValueSource(strings = {"13", "15", "18"})
    void whoWaitsShowsInWhichOrderTheApplicationLocks(String major) throws Exception {
        try (var at = new Ownership(major);
                var one = at.application();
                var other = at.application();
                var reader = at.application();
                var watch = at.server.monitor()) {
            run(one, "create table \"a \"\"🐘\"\"\" (id int) partition by range (id)");
            run(one, "create table part partition of \"a \"\"🐘\"\"\" for values from (0) to (10)");
            run(one, "create table b (id int); create table c (id int); create table d (id int)");
            DbSession locks = at.server.open("freeze");
            locks.jdbc().setAutoCommit(false);
            locks.change("lock table public.\"a \"\"🐘\"\"\", public.b in exclusive mode");
            var order = new LockOrder();
            assertFalse(order.learn(watch, locks.pid()), "nobody waits");

            for (Connection writer : List.of(one, other, reader)) {
                writer.setAutoCommit(false);
            }
            run(one, "insert into d values (1); select 1 from c");
            run(other, "insert into c values (1)");
            run(reader, "select 1 from b");
            var first = threads.single("one").submit(() -> run(one, "insert into b values (1)"));
            var second = threads.single("other").submit(() -> run(other, "insert into part values (1)"));
            Eventually.await(
                    LONG,
                    "both wait",
                    () -> Sessions.waitingFor(watch, locks.pid()).size() == 2);

            assertTrue(order.learn(watch, locks.pid()));
            assertFalse(order.learn(watch, locks.pid()), "nothing new");
            // d before b; c before a, of which a partition is waited for; c was only read by the first
            assertEquals(List.of(C, A, D, B), order.arranged(List.of(A, B, C, D)));
            assertEquals(List.of(D, B), order.arranged(List.of(B, D)));
            assertTrue(order.fits(List.of(A, B, C, D)));

            locks.jdbc().rollback();
            first.get();
            second.get();
        }
    }

    /// Two transactions in opposite orders: there is no order that fits both, and none is lost.
    @Test
    void aCircleKeepsEveryTableOnce() throws Exception {
        try (var at = new Ownership("15");
                var one = at.application();
                var other = at.application();
                var watch = at.server.monitor()) {
            run(one, "create table b (id int); create table c (id int)");
            var order = new LockOrder();
            assertTrue(order.fits(List.of(B, C)));
            for (List<String> way : List.of(List.of("b", "c"), List.of("c", "b"))) {
                DbSession locks = at.server.open("freeze");
                locks.jdbc().setAutoCommit(false);
                locks.change("lock table public." + way.getLast() + " in exclusive mode");
                Connection writer = way.getFirst().equals("b") ? one : other;
                writer.setAutoCommit(false);
                run(writer, "insert into " + way.getFirst() + " values (1)");
                var waits = threads.single("writer")
                        .submit(() -> run(writer, "insert into " + way.getLast() + " values (1)"));
                Eventually.await(
                        LONG,
                        "it waits",
                        () -> Sessions.waitingFor(watch, locks.pid()).size() == 1);
                assertTrue(order.learn(watch, locks.pid()));
                assertEquals(way.getFirst().equals("b"), order.fits(List.of(B, C)), "the second one fits no more");
                locks.jdbc().rollback();
                waits.get();
                writer.rollback();
            }
            assertEquals(2, order.arranged(List.of(B, C)).size());
            assertTrue(order.arranged(List.of(C, B)).containsAll(List.of(B, C)));
        }
    }

    private static boolean run(Connection connection, String statement) throws SQLException {
        try (var sql = connection.createStatement()) {
            return sql.execute(statement);
        }
    }
}

package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;

import io.handover.model.Side;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/// Writers of an application that wait for the locks, and what they do meanwhile.
final class LateWriters {

    /// How many wait.
    static final String WAITING = "select count(*) from pg_stat_activity where datname = current_database()"
            + " and application_name = 'shop' and wait_event_type = 'Lock'";

    /// What they have written.
    static final String LATE = "select count(*) from ledger where writer = 7";

    private LateWriters() {}

    /// Connections that the application has had for long.
    static List<Connection> pool(CutoverWorld world, int count) throws SQLException {
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

    /// A write that comes when the tables are locked.
    ///
    /// @return the SQLSTATE of its failure; empty if it was written
    static Future<Optional<String>> late(CutoverWorld world, Connection writer) {
        return run(world, writer, "insert into ledger select 7, coalesce(max(number), 0) + 1, 'late' from ledger");
    }

    static Future<Optional<String>> run(CutoverWorld world, Connection writer, String write) {
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

    static void await(CutoverWorld world, String query, String answer) {
        try {
            Eventually.await(LONG, query, () -> world.ask(Side.SOURCE, query).equals(answer));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static String askQuietly(CutoverWorld world, String query) {
        try {
            return world.ask(Side.SOURCE, query);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

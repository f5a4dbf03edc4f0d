package io.handover.pg;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/// Finds out before the pause whether a slot can be made on a server, and at once.
public final class SlotTrial {

    private SlotTrial() {}

    /// Makes a slot that ends with its session, and drops it.
    ///
    /// @param name  a free name
    /// @param limit how long it may wait for others' transactions
    /// @throws SQLException `57014` if it had to wait longer, `53400` if there is no free slot, `42501`
    /// without the right
    public static void run(DbSession session, String name, Duration limit) throws SQLException {
        try {
            set(session, limit.toMillis());
            session.change("select pg_catalog.pg_create_logical_replication_slot(" + SqlNames.literal(name)
                    + ", 'pgoutput', true)");
            session.change("select pg_catalog.pg_drop_replication_slot(" + SqlNames.literal(name) + ")");
        } finally {
            if (session.jdbc().isValid(5)) {
                set(session, 0);
            }
        }
    }

    private static void set(DbSession session, long millis) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("set statement_timeout = " + millis);
        }
    }
}

package io.handover.pg;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/// How a session commits and waits: commits that are on disk when they return, locks that are not waited for
/// forever.
public final class Durability {

    private Durability() {}

    /// From now on every commit of `session` waits for the disk, and for synchronous standbys where there are
    /// any, whatever the server's default.
    public static void on(DbSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("set synchronous_commit = on");
        }
    }

    /// Makes all that anybody has committed on this server until now durable, commits without
    /// `synchronous_commit` too: the log is written in order.
    ///
    /// @param session autocommit on, with `synchronous_commit = on`
    public static void flush(DbSession session) throws SQLException {
        // A transaction without a number of its own leaves nothing in the log and waits for nothing.
        session.change("select pg_catalog.txid_current()");
    }

    /// From now on a statement of `session` that waits longer for a lock fails.
    public static void lockTimeout(DbSession session, Duration limit) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("set lock_timeout = " + limit.toMillis());
        }
    }
}

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
    /// A commit waits for the disk only if its transaction wrote to the log and has a number. A transactional
    /// message gives it both; `txid_current()` alone, or `select 1`, waits for nothing.
    ///
    /// @param session autocommit on; whether its own commits wait for the disk does not matter
    public static void flush(DbSession session) throws SQLException {
        session.change("select pg_catalog.set_config('synchronous_commit', 'on', true),"
                + " pg_catalog.pg_logical_emit_message(true, 'handover', 'durable')");
    }

    /// Writes out the log as far as anybody can see changes, so that they can be decoded; waits for no standby. Without
    /// it the last of the log may lie in memory for as long as nobody else commits.
    ///
    /// @param session autocommit on
    /// @return false if this user may not: then that is left to the others
    public static boolean flushHere(DbSession session) throws SQLException {
        try {
            session.change("select pg_catalog.set_config('synchronous_commit', 'local', true),"
                    + " pg_catalog.pg_logical_emit_message(true, 'handover', 'verify')");
            return true;
        } catch (SQLException e) {
            if (SqlFailure.refused(e)) {
                return false;
            }
            throw e;
        }
    }

    /// From now on a statement of `session` that waits longer for a lock fails.
    public static void lockTimeout(DbSession session, Duration limit) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("set lock_timeout = " + limit.toMillis());
        }
    }

    /// From now on no time limit of the server's ends a statement or a transaction of `session`, nor does the death of
    /// its client. Newer settings are set where they exist.
    public static void withoutLimits(DbSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("""
                    select pg_catalog.set_config(s.name, '0', false)
                      from pg_catalog.pg_settings s
                     where s.name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout',
                                      'idle_session_timeout', 'client_connection_check_interval', 'transaction_timeout')
                    """);
        }
    }
}

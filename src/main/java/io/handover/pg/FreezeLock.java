package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/// Stops writes by locks of one session: writers wait, readers go on, and whatever ends the session lets the
/// writers go on. One thread, but for `Guard`.
///
/// In two stages. `reserve` takes SHARE UPDATE EXCLUSIVE: no reader and no writer has to wait for it nor
/// behind it, but vacuum, DDL and index builds do; a running autovacuum gives way, which it does only for
/// somebody who waits longer than `deadlock_timeout`. `take` then needs to wait for writers only, and may
/// give up quickly.
public final class FreezeLock {

    private final DbSession session;
    /// In the order they are locked in.
    private List<TableRef> tables;

    /// Locks nothing yet.
    ///
    /// @param session its own, autocommit on; ended by the server if it is left alone for longer than
    ///                `silence` while it holds locks: a server does not notice a network that falls silent
    /// @param tables  not empty, in the order they are to be locked in; partitions are locked with the table
    ///                they belong to
    public FreezeLock(DbSession session, Collection<TableRef> tables, Duration silence) throws SQLException {
        if (tables.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to lock");
        }
        this.session = session;
        this.tables = List.copyOf(new LinkedHashSet<>(tables));
        set("idle_in_transaction_session_timeout", silence);
    }

    /// Pushes vacuum and DDL aside and keeps them out until `release` or a failed `take`.
    ///
    /// @return false if somebody did not give way within `limit`; nothing is locked then
    public boolean reserve(Duration limit) throws SQLException {
        session.jdbc().setAutoCommit(false);
        return lock("share update exclusive", limit);
    }

    /// Waits for the writers of the moment and keeps new ones waiting.
    ///
    /// @return false if a writer did not end within `limit`; nothing is locked then, not even what was
    /// reserved
    public boolean take(Duration limit) throws SQLException {
        if (session.jdbc().getAutoCommit()) {
            throw new IllegalStateException("reserve first");
        }
        return lock("exclusive", limit);
    }

    /// Whether there is an order that agrees with what was seen of the application last.
    public boolean canArrange(LockOrder order) {
        return order.fits(tables);
    }

    /// From now on locks them in an order that agrees with the application's.
    public void arrange(LockOrder order) {
        tables = order.arranged(tables);
    }

    /// Breaks off what another thread is locking; nothing is locked then.
    ///
    /// @param other another session
    public void breakOff(DbSession other) throws SQLException {
        other.change("select pg_catalog.pg_cancel_backend(" + session.pid() + ")");
    }

    /// Lets everybody go on.
    public void release() throws SQLException {
        session.jdbc().rollback();
        session.jdbc().setAutoCommit(true);
    }

    /// Proof for somebody else's statement that the locks are still held.
    public Guard guard() {
        return new Guard("(select count(*) >= " + tables.size() + " from pg_catalog.pg_locks where pid = "
                + session.pid() + " and locktype = 'relation' and mode = 'ExclusiveLock' and granted)");
    }

    /// How many locks of its kind this server can hold at once, by its settings; with more tables than a good
    /// part of that the lock cannot be had.
    public static long capacity(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                        select current_setting('max_locks_per_transaction')::bigint
                               * (current_setting('max_connections')::bigint
                                  + current_setting('max_prepared_transactions')::bigint)
                        """);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /// How long somebody waits before autovacuum gives way to them.
    public static Duration deadlockTimeout(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                        "select setting::bigint from pg_catalog.pg_settings where name = 'deadlock_timeout'");
                ResultSet row = query.executeQuery()) {
            row.next();
            return Duration.ofMillis(row.getLong(1));
        }
    }

    private boolean lock(String mode, Duration limit) throws SQLException {
        set("lock_timeout", limit);
        String names = tables.stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
        try {
            session.change("lock table " + names + " in " + mode + " mode");
            return true;
        } catch (SQLException e) {
            if (SqlFailure.lockUnavailable(e)) {
                release();
                return false;
            }
            throw e;
        }
    }

    private void set(String setting, Duration value) throws SQLException {
        try (PreparedStatement query = session.jdbc().prepareStatement("select pg_catalog.set_config(?, ?, false)")) {
            query.setString(1, setting);
            query.setString(2, Long.toString(Math.max(1, value.toMillis())));
            query.execute();
        }
    }

    /// A condition in SQL.
    ///
    /// @param condition true while the locks are held
    public record Guard(String condition) {

        /// For a freeze without locks: always true.
        public static Guard none() {
            return new Guard("true");
        }
    }
}

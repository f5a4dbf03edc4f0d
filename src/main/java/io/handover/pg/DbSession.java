package io.handover.pg;

import io.handover.model.Side;
import io.handover.model.SqlRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import org.postgresql.PGConnection;

/// One connection of Handover's own, with the log of what it changes. Not for two threads at once, but for
/// `abort`.
/// Reading goes through `jdbc()`; whatever changes something goes through `change`, so that the drawer shows
/// it.
public final class DbSession implements AutoCloseable {

    private final Side side;
    private final Connection connection;
    private final SqlLog log;
    private final int pid;
    private final Consumer<DbSession> onEnd;

    /// Wraps `connection`.
    ///
    /// @param pid   `pg_backend_pid()` of the connection
    /// @param onEnd told when it is closed or aborted; may be told twice
    DbSession(Side side, Connection connection, SqlLog log, int pid, Consumer<DbSession> onEnd) {
        this.side = side;
        this.connection = connection;
        this.log = log;
        this.pid = pid;
        this.onEnd = onEnd;
    }

    /// Which server it is on.
    public Side side() {
        return side;
    }

    /// The connection, for queries and for transactions.
    public Connection jdbc() {
        return connection;
    }

    /// Its backend.
    public int pid() {
        return pid;
    }

    /// The server's major version, for example 17.
    public int major() throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    /// Runs one statement that changes something.
    ///
    /// @return rows changed; 0 for a statement without a count
    public long change(String sql) throws SQLException {
        return change(sql, sql);
    }

    /// Runs one statement that has a password in it.
    ///
    /// @param shown the same with the password masked: this is what is logged
    /// @throws SQLException whose text may quote `sql`: callers pass on its SQLSTATE and `shown`, see
    /// `SqlFailure`
    public long change(String sql, String shown) throws SQLException {
        SqlRecord entry = log.began(side, shown);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
            long rows = Math.max(0, statement.getLargeUpdateCount());
            log.done(entry, rows > 0 ? SqlLog.rows(rows) : "");
            return rows;
        } catch (SQLException e) {
            log.failed(entry, e.getSQLState() + (sql.equals(shown) ? " " + e.getMessage() : ""));
            throw e;
        }
    }

    /// Notes a change that was not made by a plain statement (a COPY, a replication command).
    public SqlRecord began(String shown) {
        return log.began(side, shown);
    }

    /// Ends a note of `began`.
    public void done(SqlRecord entry, String note) {
        log.done(entry, note);
    }

    /// Ends a note of `began` that went wrong.
    public void failed(SqlRecord entry, SQLException e) {
        log.failed(entry, e.getSQLState() + " " + e.getMessage());
    }

    /// Runs `work` in one transaction: committed if it returns, rolled back if it throws.
    public <T> T inTransaction(Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.run(this);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            try {
                connection.rollback();
            } catch (SQLException rollback) {
                e.addSuppressed(rollback);
            }
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /// Cancels what the session runs just now, if anything, from any thread: the statement fails with
    /// `57014`, the connection stays.
    public void cancel() throws SQLException {
        connection.unwrap(PGConnection.class).cancelQuery();
    }

    /// Tears the connection down from any thread; whatever it runs is ended on the server.
    public void abort() throws SQLException {
        onEnd.accept(this);
        connection.abort(Runnable::run);
    }

    /// Closes the connection; an open transaction is rolled back by the server.
    @Override
    public void close() throws SQLException {
        onEnd.accept(this);
        connection.close();
    }

    /// Something done in a transaction.
    ///
    /// @param <T> what it returns
    @FunctionalInterface
    public interface Work<T> {
        /// Does it.
        T run(DbSession session) throws SQLException;
    }
}

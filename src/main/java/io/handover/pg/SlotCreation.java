package io.handover.pg;

import io.handover.model.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/// One try to make a slot over the replication protocol: one thread runs it, another may cancel it.
final class SlotCreation {

    private final Server owner;
    private final String slot;
    private final Connection connection;
    private final Statement statement;
    private final int pid;

    private SlotCreation(Server owner, String slot, Connection connection, Statement statement, int pid) {
        this.owner = owner;
        this.slot = slot;
        this.connection = connection;
        this.statement = statement;
        this.pid = pid;
    }

    /// Connects.
    ///
    /// @param wait how long the server itself goes on waiting for a transaction, in case nobody is left to
    /// cancel:
    ///             `statement_timeout` does not count for replication commands, `lock_timeout` does
    static SlotCreation open(Server owner, String slot, Duration wait) throws SQLException {
        Connection connection = owner.openReplication("create slot");
        try {
            Statement statement = connection.createStatement();
            statement.execute("set lock_timeout = " + wait.toMillis());
            try (ResultSet row = statement.executeQuery("select pg_catalog.pg_backend_pid()")) {
                row.next();
                return new SlotCreation(owner, slot, connection, statement, row.getInt(1));
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /// Its backend.
    int pid() {
        return pid;
    }

    /// Makes the slot.
    SlotSnapshot run() throws SQLException {
        // the form in parentheses is unknown before 15
        String sql = "CREATE_REPLICATION_SLOT " + SqlNames.quoted(slot) + " LOGICAL pgoutput EXPORT_SNAPSHOT";
        var entry = owner.log().began(owner.side(), sql);
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            var made = new SlotSnapshot(
                    slot, Lsn.parse(row.getString("consistent_point")), row.getString("snapshot_name"), connection);
            owner.log().done(entry, "from " + made.start());
            return made;
        } catch (SQLException e) {
            owner.log().failed(entry, SqlFailure.state(e) + " " + e.getMessage());
            throw e;
        }
    }

    /// Asks the server to end it; any thread.
    void cancel() throws SQLException {
        statement.cancel();
    }

    /// Tears the connection down; any thread.
    void abort() throws SQLException {
        connection.abort(Runnable::run);
    }
}

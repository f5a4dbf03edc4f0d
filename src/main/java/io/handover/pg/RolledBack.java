package io.handover.pg;

import java.sql.Connection;
import java.sql.SQLException;

/// Tries a statement on a server in use, for a rehearsal: it is rolled back at once, so nobody ever sees what it does.
/// Whoever needs the same row or lock waits for it for that moment; it waits for others two seconds at most.
final class RolledBack {

    private RolledBack() {}

    /// @param session   autocommit on
    /// @param statement one that may stand in a transaction
    /// @throws SQLException if the server refuses it, or somebody is in the way; nothing has changed then either
    static void run(DbSession session, String statement) throws SQLException {
        Connection jdbc = session.jdbc();
        jdbc.setAutoCommit(false);
        try {
            session.change("set local lock_timeout = '2s'");
            session.change(statement);
        } finally {
            if (!jdbc.isClosed()) {
                jdbc.rollback();
                jdbc.setAutoCommit(true);
            }
        }
    }
}

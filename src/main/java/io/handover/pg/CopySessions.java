package io.handover.pg;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Copy sessions of this migration on the target whose client is gone, but of which the server does not know that yet:
/// they hold locks, and what they have written may still be committed.
public final class CopySessions {

    /// Sessions that copy rows are opened for a purpose that begins so.
    public static final String PURPOSE = "copy ";

    private static final String SESSIONS = """
            select pid from pg_catalog.pg_stat_activity
             where datname = pg_catalog.current_database() and usename = current_user
               and pid <> pg_catalog.pg_backend_pid() and application_name like ? and (? or pid = ?)
            """;

    private CopySessions() {}

    /// Ends them; returns at once, before they have ended. Whoever then needs their locks waits for them.
    ///
    /// @param target of the one who drives the migration: nobody else copies into this database
    /// @param only   a single one; empty for all
    public static void end(DbSession target, Optional<Integer> only) throws SQLException {
        List<Integer> pids = new ArrayList<>();
        try (PreparedStatement query = target.jdbc().prepareStatement(SESSIONS)) {
            query.setString(1, Server.APPLICATION + " " + PURPOSE + "%");
            query.setBoolean(2, only.isEmpty());
            query.setInt(3, only.orElse(0));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    pids.add(row.getInt(1));
                }
            }
        }
        if (!pids.isEmpty()) {
            Sessions.end(target, pids);
        }
    }
}

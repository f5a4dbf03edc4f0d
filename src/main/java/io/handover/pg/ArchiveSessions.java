package io.handover.pg;

import io.handover.model.MigrationId;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The sessions of a migration's `pg_dump` on the source, found by the name it is given there.
public final class ArchiveSessions {

    private static final String SESSIONS = """
            select a.pid, a.query, %s
              from pg_catalog.pg_stat_activity a %s
             where a.datname = pg_catalog.current_database() and a.usename = current_user
               and a.application_name = ?
            """;

    private static final String FROM_14 = SESSIONS.formatted(
            "coalesce(p.bytes_processed, 0)", "left join pg_catalog.pg_stat_progress_copy p on p.pid = a.pid");

    private static final String BEFORE_14 = SESSIONS.formatted("0::bigint", "");

    private ArchiveSessions() {}

    /// One of them.
    ///
    /// @param pid   its backend
    /// @param query what it runs or ran last; cut off after `track_activity_query_size`
    /// @param bytes of the rows it has read of this table so far; 0 before 14
    public record Reading(int pid, String query, long bytes) {

        /// Whether it reads the rows of `table`, as `pg_dump --quote-all-identifiers` asks for them.
        public boolean of(TableRef table) {
            return query.startsWith("COPY " + SqlNames.quoted(table) + " ");
        }
    }

    /// The `application_name`.
    public static String name(MigrationId id) {
        return Server.APPLICATION + " archive " + id;
    }

    /// All there are.
    public static List<Reading> now(Connection source, MigrationId id) throws SQLException {
        boolean counts = source.getMetaData().getDatabaseMajorVersion() >= 14;
        var found = new ArrayList<Reading>();
        try (PreparedStatement query = source.prepareStatement(counts ? FROM_14 : BEFORE_14)) {
            query.setString(1, name(id));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(new Reading(row.getInt(1), row.getString(2), row.getLong(3)));
                }
            }
        }
        return found;
    }

    /// Ends them: a `pg_dump` whose Handover was killed goes on otherwise, with its snapshot and its
    /// locks.
    public static void end(DbSession source, MigrationId id) throws SQLException {
        List<Integer> pids = now(source.jdbc(), id).stream().map(Reading::pid).toList();
        if (!pids.isEmpty()) {
            Sessions.end(source, pids);
        }
    }
}

package io.handover.pg;

import io.handover.model.Session;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Reads who is writing in a database.
public final class Writers {

    private static final int TIMEOUT = 5; // seconds

    /// A busy application is idle at most looks, because its transactions are short: whoever did something
    /// in the last two seconds counts as well, after those that surely write. Its own sessions a server
    /// tells by name.
    private static final String WRITERS = """
            select pid, coalesce(usename, ''), coalesce(application_name, ''),
                   coalesce(pg_catalog.host(client_addr), ''), coalesce(state, ''),
                   coalesce(greatest(extract(epoch from clock_timestamp() - xact_start), 0) * 1000, 0)::bigint,
                   backend_xid is not null, pg_catalog.left(query, 200)
              from pg_catalog.pg_stat_activity
             where datname = current_database() and backend_type = 'client backend'
               and pid <> pg_catalog.pg_backend_pid()
               and application_name <> ? and pg_catalog.left(application_name, ?) <> ?
               and (backend_xid is not null or state <> 'idle'
                    or state_change > clock_timestamp() - interval '2 seconds')
             order by backend_xid is null, state = 'idle', xact_start nulls last, state_change desc
             limit ?
            """;

    private Writers() {}

    /// Those who write or may have written just now, surest first, without Handover's own.
    ///
    /// @param limit how many at most
    public static List<Session> now(Connection connection, int limit) throws SQLException {
        var writers = new ArrayList<Session>();
        try (PreparedStatement query = connection.prepareStatement(WRITERS)) {
            query.setQueryTimeout(TIMEOUT);
            query.setString(1, Server.APPLICATION);
            query.setInt(2, Server.APPLICATION.length() + 1);
            query.setString(3, Server.APPLICATION + " ");
            query.setInt(4, limit);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    writers.add(new Session(
                            row.getInt(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            Duration.ofMillis(row.getLong(6)),
                            row.getBoolean(7),
                            row.getString(8)));
                }
            }
        }
        return writers;
    }

    /// How many rows were inserted, changed and deleted in this database so far, but for Handover's own tables. A
    /// session's rows are counted up to a second after they were committed.
    public static long rowsWritten(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)
                  from pg_catalog.pg_stat_user_tables where schemaname <> ?
                """)) {
            query.setString(1, HandoverSchema.NAME);
            query.setQueryTimeout(TIMEOUT);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}

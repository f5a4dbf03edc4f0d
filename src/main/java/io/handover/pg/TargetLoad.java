package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// What a copy leaves of the target at one moment.
///
/// Source: one row of `pg_stat_activity` and what limits connections, on the **target** server.
///
/// @param working         sessions of our copy that the target works for just now; those that wait for rows from here,
///                        or for a lock, leave it alone
/// @param freeConnections how many more sessions our role could open in this database; 0 or less if none
public record TargetLoad(int working, int freeConnections) {

    private static final String LOAD = """
            with a as (
                select datname, usename, application_name, state, wait_event_type
                  from pg_catalog.pg_stat_activity
                 where backend_type = 'client backend' or backend_type is null), -- of others it may be hidden
            here as (
                select count(*) filter (where datname = current_database() and usename = current_user
                                          and application_name like ? and state = 'active'
                                          and coalesce(wait_event_type, '') not in ('Client', 'Lock')) as working,
                       count(*) as used, count(*) filter (where datname = current_database()) as in_database,
                       count(*) filter (where usename = current_user) as of_role
                  from a)
            select working,
                   least((select sum(case name when 'max_connections' then setting::int else -setting::int end)
                            from pg_catalog.pg_settings
                           where name in ('max_connections', 'superuser_reserved_connections', 'reserved_connections'))
                             - used,
                         case when d.datconnlimit >= 0 then d.datconnlimit - in_database end,
                         case when r.rolconnlimit >= 0 then r.rolconnlimit - of_role end) as free
              from here, pg_catalog.pg_database d, pg_catalog.pg_roles r
             where d.datname = current_database() and r.rolname = current_user
            """;

    /// Looks once.
    ///
    /// @throws SQLException if the target cannot be asked, within five seconds
    public static TargetLoad read(Connection monitor) throws SQLException {
        try (PreparedStatement query = monitor.prepareStatement(LOAD)) {
            query.setQueryTimeout(5); // seconds
            query.setString(1, Server.APPLICATION + " " + CopySessions.PURPOSE + "%");
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the server knows neither the current role nor the database", "28000");
                }
                return new TargetLoad(row.getInt(1), row.getInt(2));
            }
        }
    }
}

package io.handover.pg;

import io.handover.model.ServerInfo;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;

/// Reads what a server is and what the logged-in role may do. Holds no connection.
public final class ServerProbe {

    private static final String FACTS = """
            select pg_catalog.current_setting('server_version') as version,
                   pg_catalog.current_setting('server_version_num')::int as number,
                   current_user::text as usr,
                   r.rolsuper as superuser,
                   r.rolreplication or exists (
                       select from pg_catalog.pg_roles m
                        where m.rolname in ('rds_replication', 'rds_superuser', 'azure_pg_admin', 'cloudsqlsuperuser')
                          and pg_catalog.pg_has_role(r.oid, m.oid, 'member')) as replication,
                   pg_catalog.has_database_privilege(d.datname, 'create') as create_db,
                   pg_catalog.pg_is_in_recovery() as standby,
                   pg_catalog.pg_database_size(d.oid) as bytes,
                   pg_catalog.pg_encoding_to_char(d.encoding) as encoding,
                   pg_catalog.current_setting('wal_level') as wal_level,
                   coalesce((select s.version from pg_catalog.pg_stat_ssl s
                              where s.pid = pg_catalog.pg_backend_pid() and s.ssl), '') as tls
              from pg_catalog.pg_roles r, pg_catalog.pg_database d
             where r.rolname = current_user and d.datname = pg_catalog.current_database()
            """;

    private ServerProbe() {}

    /// Asks once, and measures the round trip with five empty statements.
    public static ServerInfo read(Connection connection) throws SQLException {
        Duration latency = latency(connection);
        try (PreparedStatement query = connection.prepareStatement(FACTS);
                ResultSet row = query.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the server knows neither the current role nor the current database", "28000");
            }
            return new ServerInfo(
                    row.getString("version"),
                    row.getInt("number"),
                    latency,
                    row.getString("tls"),
                    row.getString("usr"),
                    row.getBoolean("superuser"),
                    row.getBoolean("replication"),
                    row.getBoolean("create_db"),
                    row.getBoolean("standby"),
                    row.getLong("bytes"),
                    row.getString("encoding"),
                    row.getString("wal_level"));
        }
    }

    private static Duration latency(Connection connection) throws SQLException {
        long[] nanos = new long[5];
        try (PreparedStatement query = connection.prepareStatement("select 1")) {
            for (int i = 0; i < nanos.length; i++) {
                long start = System.nanoTime();
                query.execute();
                nanos[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        return Duration.ofNanos(nanos[nanos.length / 2]);
    }
}

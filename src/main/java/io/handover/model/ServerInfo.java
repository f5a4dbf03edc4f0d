package io.handover.model;

import java.time.Duration;

/// What Test connection found.
///
/// Source: `server_version_num`, `pg_roles`, `pg_stat_ssl`, `pg_database`.
///
/// @param version       for people, for example `16.4`
/// @param versionNumber `server_version_num`, for example 160004
/// @param latency       one round trip, median of a few
/// @param tls           TLS version in use; empty without TLS
/// @param user          `current_user`
/// @param superuser     `rolsuper`
/// @param replication   may open replication connections
/// @param createDb      `CREATE` on the database
/// @param inRecovery    a standby
/// @param databaseBytes `pg_database_size`
/// @param encoding      `server_encoding`
/// @param walLevel      `wal_level`
public record ServerInfo(
        String version,
        int versionNumber,
        Duration latency,
        String tls,
        String user,
        boolean superuser,
        boolean replication,
        boolean createDb,
        boolean inRecovery,
        long databaseBytes,
        String encoding,
        String walLevel) {

    /// 9 for 9.6, 10, 11 …
    public int major() {
        return versionNumber / 10_000;
    }
}

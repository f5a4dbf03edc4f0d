package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// The settings, counters and rights of one server that preflight decides by, read in one statement.
///
/// Source: `pg_settings`, `pg_replication_slots`, `pg_stat_replication`, `pg_stat_activity`, `pg_roles`,
/// `pg_database`.
///
/// @param versionNumber      `server_version_num`
/// @param version            `server_version`
/// @param walLevel           `wal_level`
/// @param maxSlots           `max_replication_slots`
/// @param usedSlots          rows of `pg_replication_slots`
/// @param maxSenders         `max_wal_senders`
/// @param usedSenders        rows of `pg_stat_replication`
/// @param maxLogicalWorkers  `max_logical_replication_workers`
/// @param maxWorkers         `max_worker_processes`
/// @param usedLogicalWorkers subscriptions' workers now running
/// @param maxConnections     `max_connections` less the reserved ones
/// @param usedConnections    client backends
/// @param inRecovery         a standby
/// @param encoding           of this database
/// @param collation          of this database
/// @param role               current user
/// @param superuser          `rolsuper`
/// @param replication        may open replication connections
/// @param bypassRls          `rolbypassrls` or superuser
/// @param createInDatabase   `CREATE` on this database
/// @param ownsDatabase       owner of this database, as member too
/// @param canSignal          may end other sessions
/// @param canSubscribe       may create subscriptions
/// @param systemId           of the cluster; 0 if it may not be read
/// @param databaseOid        of this database
/// @param slotWalLimit       `max_slot_wal_keep_size` in bytes; -1 for none
/// @param readOnlyDefault    the database's own setting of `default_transaction_read_only`
/// @param pendingRestart     names of settings that wait for a restart
public record ServerFacts(
        int versionNumber,
        String version,
        String walLevel,
        int maxSlots,
        int usedSlots,
        int maxSenders,
        int usedSenders,
        int maxLogicalWorkers,
        int maxWorkers,
        int usedLogicalWorkers,
        int maxConnections,
        int usedConnections,
        boolean inRecovery,
        String encoding,
        String collation,
        String role,
        boolean superuser,
        boolean replication,
        boolean bypassRls,
        boolean createInDatabase,
        boolean ownsDatabase,
        boolean canSignal,
        boolean canSubscribe,
        long systemId,
        long databaseOid,
        long slotWalLimit,
        boolean readOnlyDefault,
        String pendingRestart) {

    private static final String FACTS = """
            select s('server_version_num')::int as number, s('server_version') as version, s('wal_level') as wal_level,
                   s('max_replication_slots')::int as max_slots,
                   (select count(*) from pg_catalog.pg_replication_slots)::int as used_slots,
                   s('max_wal_senders')::int as max_senders,
                   (select count(*) from pg_catalog.pg_stat_replication)::int as used_senders,
                   s('max_logical_replication_workers')::int as max_logical,
                   s('max_worker_processes')::int as max_workers,
                   (select count(*) from pg_catalog.pg_stat_subscription where pid is not null)::int as used_logical,
                   s('max_connections')::int - s('superuser_reserved_connections')::int as max_connections,
                   (select count(*) from pg_catalog.pg_stat_activity
                     where backend_type = 'client backend')::int as used_connections,
                   pg_catalog.pg_is_in_recovery() as in_recovery,
                   pg_catalog.pg_encoding_to_char(d.encoding) as encoding, d.datcollate as collation,
                   current_user::text as role, r.rolsuper as superuser,
                   r.rolsuper or r.rolreplication or member('rds_replication') or member('rds_superuser')
                       as replication,
                   r.rolsuper or r.rolbypassrls as bypass_rls,
                   pg_catalog.has_database_privilege(d.oid, 'create') as create_in,
                   pg_catalog.pg_has_role(d.datdba, 'member') as owns,
                   r.rolsuper or member('pg_signal_backend') as can_signal,
                   r.rolsuper or member('pg_create_subscription') or member('rds_superuser') as can_subscribe,
                   case when pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')
                        then (select system_identifier from pg_catalog.pg_control_system()) else 0 end as system_id,
                   d.oid::bigint as database_oid,
                   coalesce((select case when setting::bigint < 0 then -1 else setting::bigint * 1048576 end
                               from pg_catalog.pg_settings where name = 'max_slot_wal_keep_size'), -1) as slot_limit,
                   exists (select from pg_catalog.pg_db_role_setting x, unnest(x.setconfig) c
                            where x.setdatabase = d.oid and x.setrole = 0
                              and c in ('default_transaction_read_only=on', 'default_transaction_read_only=true'))
                       as read_only,
                   coalesce((select string_agg(name, ', ' order by name) from pg_catalog.pg_settings
                              where pending_restart), '') as pending
              from pg_catalog.pg_roles r, pg_catalog.pg_database d
             where r.rolname = current_user and d.datname = pg_catalog.current_database()
            """;

    /// Asks once.
    public static ServerFacts read(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(expanded());
                ResultSet row = query.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the server knows neither the current role nor the current database", "28000");
            }
            return new ServerFacts(
                    row.getInt("number"),
                    row.getString("version"),
                    row.getString("wal_level"),
                    row.getInt("max_slots"),
                    row.getInt("used_slots"),
                    row.getInt("max_senders"),
                    row.getInt("used_senders"),
                    row.getInt("max_logical"),
                    row.getInt("max_workers"),
                    row.getInt("used_logical"),
                    row.getInt("max_connections"),
                    row.getInt("used_connections"),
                    row.getBoolean("in_recovery"),
                    row.getString("encoding"),
                    row.getString("collation"),
                    row.getString("role"),
                    row.getBoolean("superuser"),
                    row.getBoolean("replication"),
                    row.getBoolean("bypass_rls"),
                    row.getBoolean("create_in"),
                    row.getBoolean("owns"),
                    row.getBoolean("can_signal"),
                    row.getBoolean("can_subscribe"),
                    row.getLong("system_id"),
                    row.getLong("database_oid"),
                    row.getLong("slot_limit"),
                    row.getBoolean("read_only"),
                    row.getString("pending"));
        }
    }

    /// 10, 11 … 18.
    public int major() {
        return versionNumber / 10_000;
    }

    /// Two shorthands keep the statement readable: `s(name)` for a setting, `member(role)` for membership in a role
    /// that may not exist.
    private static String expanded() {
        return FACTS.replaceAll("(?<![a-z_])s\\(('[a-z_]+')\\)", "pg_catalog.current_setting($1)")
                .replaceAll(
                        "(?<![a-z_])member\\(('[a-z_]+')\\)",
                        "exists (select from pg_catalog.pg_roles m where m.rolname = $1"
                                + " and pg_catalog.pg_has_role(r.oid, m.oid, 'member'))");
    }
}

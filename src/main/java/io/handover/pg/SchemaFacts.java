package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Questions of preflight about what is in a database. One statement each; holds no connection.
public final class SchemaFacts {

    private static final String USER_SCHEMA = """
            n.nspname not in ('pg_catalog', 'information_schema', 'handover') and n.nspname !~ '^pg_(toast|temp)'
            """;
    private static final String NO_EXTENSION = """
            not exists (select from pg_catalog.pg_depend x where x.deptype = 'e' and x.objid = c.oid
                           and x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
            """;

    private SchemaFacts() {}

    /// An extension of the source.
    ///
    /// @param name    its name
    /// @param version its version there
    public record Extension(String name, String version) {}

    /// A session or prepared transaction that holds something up.
    ///
    /// @param what    for people: pid and who, or the transaction's gid
    /// @param seconds how long already
    /// @param since   when it began, in seconds of the epoch by the server's clock: two transactions of one
    ///                session differ in it
    public record Holder(String what, long seconds, String since) {}

    /// Extensions that are installed in this database, but for `plpgsql`.
    public static List<Extension> extensions(Connection connection) throws SQLException {
        return list(
                connection,
                "select extname, extversion from pg_catalog.pg_extension where extname <> 'plpgsql' order by 1",
                row -> new Extension(row.getString(1), row.getString(2)));
    }

    /// Extensions that this server could install or has, with their default versions.
    public static List<Extension> availableExtensions(Connection connection) throws SQLException {
        return list(
                connection,
                "select name::text, coalesce(installed_version, default_version)"
                        + " from pg_catalog.pg_available_extensions order by 1",
                row -> new Extension(row.getString(1), row.getString(2)));
    }

    /// User tables, views, sequences and the like of this database, `schema.name`, at most 20: for "is it empty".
    public static List<String> userRelations(Connection connection) throws SQLException {
        return list(
                connection,
                "select n.nspname || '.' || c.relname from pg_catalog.pg_class c"
                        + " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
                        + " where c.relkind in ('r','p','v','m','S','f') and " + USER_SCHEMA + " and " + NO_EXTENSION
                        + " order by 1 limit 20",
                row -> row.getString(1));
    }

    /// Write transactions that are older than `seconds`, oldest first, and all prepared transactions of this server:
    /// creating a slot waits for every one of them, whatever the database.
    public static List<Holder> longTransactions(Connection connection, int seconds) throws SQLException {
        return list(
                connection,
                """
                select 'pid ' || pid || ' (' || coalesce(usename, '?') || ', ' || coalesce(nullif(application_name, ''), '?')
                       || ', database ' || coalesce(datname, '?') || ')',
                       extract(epoch from clock_timestamp() - xact_start)::bigint, extract(epoch from xact_start)::text
                  from pg_catalog.pg_stat_activity
                 where backend_xid is not null and xact_start < clock_timestamp() - interval '1 second' * %d
                   and pid <> pg_catalog.pg_backend_pid()
                 order by 2 desc limit 20
                """.formatted(seconds),
                row -> new Holder(row.getString(1), row.getLong(2), row.getString(3)));
    }

    /// Prepared transactions: of all databases for the slot, of this one for the cutover.
    public static List<Holder> preparedTransactions(Connection connection) throws SQLException {
        return list(connection, """
                select '''' || gid || ''' (' || owner || ', database ' || database || ')',
                       extract(epoch from clock_timestamp() - prepared)::bigint, extract(epoch from prepared)::text
                  from pg_catalog.pg_prepared_xacts order by 2 desc limit 20
                """, row -> new Holder(row.getString(1), row.getLong(2), row.getString(3)));
    }

    /// Tables the current role may not read, at most 20.
    public static List<TableRef> unreadableTables(Connection connection) throws SQLException {
        return tables(connection, "c.relkind = 'r' and not pg_catalog.has_table_privilege(c.oid, 'select')");
    }

    /// Tables the current role does not own, at most 20: only an owner can publish and lock them.
    public static List<TableRef> foreignOwnedTables(Connection connection) throws SQLException {
        return tables(connection, "c.relkind in ('r','p') and not pg_catalog.pg_has_role(c.relowner, 'member')");
    }

    /// Tables with row-level security, at most 20.
    public static List<TableRef> rowSecurityTables(Connection connection) throws SQLException {
        return tables(connection, "c.relkind in ('r','p') and c.relrowsecurity");
    }

    /// Unlogged tables, at most 20.
    public static List<TableRef> unloggedTables(Connection connection) throws SQLException {
        return tables(connection, "c.relkind = 'r' and c.relpersistence = 'u'");
    }

    /// Partitioned tables whose rows go by the hash of an enum, or of an array of or domain over one, at most 20: an
    /// enum's labels have other numbers in each database, so there a row belongs into another partition.
    public static List<TableRef> hashedByEnum(Connection connection) throws SQLException {
        return tables(connection, """
                c.relkind = 'p' and exists (
                    select from pg_catalog.pg_partitioned_table p
                     cross join lateral unnest(p.partattrs::int2[]) k (attnum)
                      join pg_catalog.pg_attribute a on a.attrelid = p.partrelid and a.attnum = k.attnum
                      join pg_catalog.pg_type t on t.oid = a.atttypid
                      join pg_catalog.pg_type e on e.oid in (t.oid, t.typelem, t.typbasetype) and e.typtype = 'e'
                     where p.partrelid = c.oid and p.partstrat = 'h')""");
    }

    /// Tables with triggers that fire for what a stream brings, too (`ENABLE ALWAYS` and `ENABLE REPLICA`),
    /// at most 20.
    public static List<TableRef> triggersOnStreamedRows(Connection connection) throws SQLException {
        return tables(connection, """
                c.relkind in ('r', 'p') and exists (
                    select from pg_catalog.pg_trigger t
                     where t.tgrelid = c.oid and t.tgenabled in ('A', 'R') and not t.tgisinternal
                       and t.tgname <> 'handover_guard')""");
    }

    /// Publications, subscriptions and logical slots of this database that are not Handover's, at most 20.
    public static List<String> foreignStreams(Connection connection) throws SQLException {
        return list(connection, """
                select 'publication ' || pubname from pg_catalog.pg_publication where pubname !~ '^handover_[0-9a-f]{8}_'
                union all
                select 'subscription ' || subname from pg_catalog.pg_subscription
                 where subname !~ '^handover_[0-9a-f]{8}_' and subdbid = (
                       select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
                union all
                select 'replication slot ' || slot_name from pg_catalog.pg_replication_slots
                 where slot_name !~ '^handover_' and slot_name !~ '^pg_[0-9]+_sync_' and not temporary
                   and database = pg_catalog.current_database()
                limit 20
                """, row -> row.getString(1));
    }

    /// Handover's own names on this server, at most 20: what an earlier run left behind.
    public static List<String> handoverObjects(Connection connection) throws SQLException {
        return list(connection, """
                select 'publication ' || pubname from pg_catalog.pg_publication where pubname ~ '^handover_[0-9a-f]{8}_'
                union all
                select 'subscription ' || subname from pg_catalog.pg_subscription
                 where subname ~ '^handover_[0-9a-f]{8}_' and subdbid = (
                       select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
                union all
                select 'replication slot ' || slot_name from pg_catalog.pg_replication_slots
                 where slot_name ~ '^handover_[0-9a-f]{8}_' and database = pg_catalog.current_database()
                union all
                select 'schema handover' from pg_catalog.pg_namespace where nspname = 'handover'
                limit 20
                """, row -> row.getString(1));
    }

    /// Replication slots of this server that are inactive or lost, with the bytes of WAL they keep.
    public static List<String> idleSlots(Connection connection) throws SQLException {
        return list(connection, """
                select slot_name || ' keeps ' || pg_catalog.pg_size_pretty(
                           pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), restart_lsn))
                  from pg_catalog.pg_replication_slots
                 where not active and restart_lsn is not null and slot_name !~ '^handover_'
                 order by 1 limit 20
                """, row -> row.getString(1));
    }

    /// A usable unique index for `table`'s replica identity: valid, immediate, not partial, on plain NOT
    /// NULL columns that are not generated; empty text if there is none.
    public static String identityIndex(Connection connection, TableRef table) throws SQLException {
        // attgenerated is younger than the oldest source
        String generated = connection.getMetaData().getDatabaseMajorVersion() < 12 ? "" : " or a.attgenerated <> ''";
        try (PreparedStatement query = connection.prepareStatement("""
                select x.relname from pg_catalog.pg_index i
                  join pg_catalog.pg_class x on x.oid = i.indexrelid
                  join pg_catalog.pg_class c on c.oid = i.indrelid
                  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = ? and c.relname = ? and i.indisunique and i.indisvalid and i.indimmediate
                   and i.indpred is null and i.indexprs is null
                   and not exists (select from unnest(i.indkey) k
                                     left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k
                                    where a.attnotnull is not true%s)
                 order by i.indnatts, x.relname limit 1
                """.formatted(generated))) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    private static List<TableRef> tables(Connection connection, String condition) throws SQLException {
        return list(
                connection,
                "select n.nspname, c.relname from pg_catalog.pg_class c"
                        + " join pg_catalog.pg_namespace n on n.oid = c.relnamespace where " + condition + " and "
                        + USER_SCHEMA + " and " + NO_EXTENSION + " order by 1, 2 limit 20",
                row -> new TableRef(row.getString(1), row.getString(2)));
    }

    private static <T> List<T> list(Connection connection, String sql, Row<T> reader) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            var result = new ArrayList<T>();
            while (row.next()) {
                result.add(reader.read(row));
            }
            return result;
        }
    }

    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }
}

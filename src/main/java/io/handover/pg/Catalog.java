package io.handover.pg;

import io.handover.model.ReplicaIdentity;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What there is in a database. Holds no connection: the caller chooses whose is spent; one statement a
/// method, so that 10,000 tables are read as one. PostgreSQL 10 or later.
///
/// Everywhere: user schemas only, nothing temporary, nothing of Handover's, nothing that an extension made.
public final class Catalog {

    /// Measuring a table waits for whoever has locked it exclusively (`VACUUM FULL`, `ALTER TABLE`): of such
    /// a one the planner's pages are taken instead. A table that is dropped meanwhile has no size any more
    /// and is left out.
    private static final String MEASURED = """
            case when leaf in (select relation from busy)
                 then (select c.relpages::bigint * current_setting('block_size')::bigint
                         from pg_catalog.pg_class c where c.oid = leaf)
                 else pg_catalog.pg_total_relation_size(leaf) end""";

    /// A partition's root is looked for upwards, because `pg_partition_root` came with 12.
    private static final String TABLES = """
            with recursive roots as (
                select c.oid as leaf, c.oid as top, c.relispartition as more
                  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                 where c.relkind = 'r' and c.relpersistence <> 't' and %s and %s
                union all
                select r.leaf, p.oid, p.relispartition
                  from roots r
                  join pg_catalog.pg_inherits i on i.inhrelid = r.top
                  join pg_catalog.pg_class p on p.oid = i.inhparent
                 where r.more),
            exclusive as (
                select l.relation
                  from pg_catalog.pg_locks l join pg_catalog.pg_database d on d.oid = l.database
                 where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock'
                   and l.pid <> pg_catalog.pg_backend_pid() and d.datname = pg_catalog.current_database()),
            busy as (
                select relation from exclusive
                 union all select i.indrelid from pg_catalog.pg_index i join exclusive on relation = i.indexrelid
                 union all select c.oid from pg_catalog.pg_class c join exclusive on relation = c.reltoastrelid),
            sized as (
                select leaf, top, %s as bytes from roots where not more)
            select n.nspname, c.relname, tn.nspname, t.relname, s.bytes, c.reltuples, c.relpersistence = 'u',
                   case c.relreplident when 'f' then 'FULL' when 'n' then 'NONE'
                        else coalesce(k.identity, 'NONE') end
              from sized s
              join pg_catalog.pg_class c on c.oid = s.leaf
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              join pg_catalog.pg_class t on t.oid = s.top
              join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
              left join lateral (
                select case when i.indisreplident then 'INDEX' else 'PRIMARY_KEY' end as identity
                  from pg_catalog.pg_index i
                 where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null
                   and case c.relreplident when 'i' then i.indisreplident else i.indisprimary end) k on true
             where s.bytes is not null
             order by n.nspname::text collate "C", c.relname::text collate "C"
            """.formatted(UserSchemas.SCHEMA, UserSchemas.NOT_OF_EXTENSION, "%s");

    private static final String RELATIONS = """
            select n.nspname, c.relname
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind = %%s and c.relpersistence <> 't' and %s and %s
             order by n.nspname::text collate "C", c.relname::text collate "C"
            """.formatted(UserSchemas.SCHEMA, UserSchemas.NOT_OF_EXTENSION);

    private Catalog() {}

    /// All tables that hold rows themselves: plain tables and the leaves of partitioned ones, unlogged ones
    /// too; in name order.
    public static List<TableInfo> tables(Connection connection) throws SQLException {
        return tables(connection, MEASURED);
    }

    /// The same without their sizes, 0 bytes each: measuring looks at every file, which is nearly all that `tables`
    /// takes.
    public static List<TableInfo> unmeasured(Connection connection) throws SQLException {
        return tables(connection, "0::bigint");
    }

    private static List<TableInfo> tables(Connection connection, String bytes) throws SQLException {
        var tables = new ArrayList<TableInfo>();
        try (PreparedStatement query = connection.prepareStatement(TABLES.formatted(bytes));
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                tables.add(new TableInfo(
                        new TableRef(row.getString(1), row.getString(2)),
                        new TableRef(row.getString(3), row.getString(4)),
                        row.getLong(5),
                        estimate(row.getDouble(6), connection),
                        ReplicaIdentity.valueOf(row.getString(8)),
                        row.getBoolean(7)));
            }
        }
        return tables;
    }

    /// The columns of `table` in their order; empty if there is no such table.
    public static List<ColumnInfo> columns(Connection connection, TableRef table) throws SQLException {
        return ColumnQueries.of(connection, table);
    }

    /// The columns of all user tables, partitioned ones too, in their order.
    public static Map<TableRef, List<ColumnInfo>> allColumns(Connection connection) throws SQLException {
        return ColumnQueries.all(connection);
    }

    /// The columns of the replica identity's index, else of the primary key, in the index's order; empty if
    /// `table` has neither, or only a deferrable one.
    public static List<String> keyColumns(Connection connection, TableRef table) throws SQLException {
        return ColumnQueries.key(connection, table);
    }

    /// The same for all user tables, partitioned ones too; a table without a key is not in the map.
    public static Map<TableRef, List<String>> allKeyColumns(Connection connection) throws SQLException {
        return ColumnQueries.allKeys(connection);
    }

    /// Partitioned tables, roots and those between; they hold no rows themselves.
    public static List<TableRef> partitionedTables(Connection connection) throws SQLException {
        return relations(connection, 'p');
    }

    /// Changes whenever a table comes or goes, in whatever schema: one answer, where a list of 5,000 takes tens of
    /// milliseconds. Temporary ones do not count.
    public static String tablesFingerprint(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                        select count(*) || ' ' || coalesce(pg_catalog.md5(
                                   pg_catalog.string_agg(c.oid::text, ',' order by c.oid)), '')
                          from pg_catalog.pg_class c
                         where c.relkind in ('r', 'p') and c.relpersistence <> 't'
                        """);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    /// All sequences, those of serial and identity columns too.
    public static List<TableRef> sequences(Connection connection) throws SQLException {
        return relations(connection, 'S');
    }

    /// Materialized views, each after those it reads, through other views too. What a view reads through a
    /// function the catalogue does not know.
    public static List<MaterializedView> materializedViews(Connection connection) throws SQLException {
        return ViewOrder.read(connection);
    }

    /// Foreign tables: their rows lie on another server and do not move.
    public static List<TableRef> foreignTables(Connection connection) throws SQLException {
        return relations(connection, 'f');
    }

    /// Tables whose rows an extension keeps for the user (`pg_extension_config_dump`): they come with
    /// `CREATE EXTENSION`, and what the user wrote into them does not move.
    public static List<TableRef> extensionTables(Connection connection) throws SQLException {
        return refs(connection, """
                select n.nspname, c.relname
                  from pg_catalog.pg_extension e
                  join pg_catalog.pg_class c on c.oid = any (e.extconfig) and c.relkind = 'r'
                  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                 order by n.nspname::text collate "C", c.relname::text collate "C"
                """);
    }

    /// How many large objects there are.
    public static long largeObjectCount(Connection connection) throws SQLException {
        return number(connection, "select count(*) from pg_catalog.pg_largeobject_metadata");
    }

    /// Bytes of all large objects, as they are kept.
    public static long largeObjectBytes(Connection connection) throws SQLException {
        return number(connection, "select pg_catalog.pg_total_relation_size('pg_catalog.pg_largeobject')");
    }

    /// Bytes of the whole database.
    public static long databaseBytes(Connection connection) throws SQLException {
        return number(connection, "select pg_catalog.pg_database_size(pg_catalog.current_database())");
    }

    /// Since 14 a table that was never analysed says -1; before, it says 0, which an empty one does too.
    private static long estimate(double rows, Connection connection) throws SQLException {
        boolean unknown = rows < 0 || (rows == 0 && connection.getMetaData().getDatabaseMajorVersion() < 14);
        return unknown ? -1 : Math.round(rows);
    }

    private static List<TableRef> relations(Connection connection, char kind) throws SQLException {
        return refs(connection, RELATIONS.formatted("'" + kind + "'"));
    }

    private static List<TableRef> refs(Connection connection, String sql) throws SQLException {
        var refs = new ArrayList<TableRef>();
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                refs.add(new TableRef(row.getString(1), row.getString(2)));
            }
        }
        return refs;
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}

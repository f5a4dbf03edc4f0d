package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads what a comparison has to know of every table of the user's, in two statements.
public final class TableShapes {

    private static final String TABLES = """
            with recursive up(oid, root) as (
                select c.oid, c.oid from pg_catalog.pg_class c
                 where c.relkind in ('r', 'p', 'm', 'f') and not c.relispartition
                union all
                select i.inhrelid, up.root from pg_catalog.pg_inherits i
                  join pg_catalog.pg_class c on c.oid = i.inhrelid and c.relispartition
                  join up on up.oid = i.inhparent)
            select c.oid, n.nspname, c.relname, rn.nspname, rc.relname, c.relkind, c.relpersistence = 'u',
                   coalesce((select e.extname from pg_catalog.pg_depend d
                               join pg_catalog.pg_extension e on e.oid = d.refobjid
                              where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                                and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                                and d.deptype = 'e' limit 1), ''),
                   coalesce(pg_catalog.pg_table_size(c.oid), 0),
                   exists (select from pg_catalog.pg_inherits i join pg_catalog.pg_class k on k.oid = i.inhrelid
                            where i.inhparent = c.oid and not k.relispartition)
              from up
              join pg_catalog.pg_class c on c.oid = up.oid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              join pg_catalog.pg_class rc on rc.oid = up.root
              join pg_catalog.pg_namespace rn on rn.oid = rc.relnamespace
             where c.relpersistence <> 't' and n.nspname <> 'information_schema' and n.nspname <> 'handover'
               and n.nspname !~ '^pg_'
            """;

    /// The key is the replica identity's index if one was chosen, otherwise the primary key. `indkey` has the
    /// columns that an index merely includes at its end.
    private static final String COLUMNS = """
            with recursive base(oid, type) as (
                select t.oid, t.oid from pg_catalog.pg_type t
                union all
                select base.oid, t.typbasetype from base join pg_catalog.pg_type t on t.oid = base.type
                 where t.typtype = 'd'),
            key(relation, attnum, position) as (
                select i.indrelid, k.attnum, k.position
                  from pg_catalog.pg_index i
                  join pg_catalog.pg_class c on c.oid = i.indrelid
                 cross join lateral unnest(i.indkey::int2[]) with ordinality as k(attnum, position)
                 where k.position <= i.indnkeyatts and i.indisvalid
                   and case when c.relreplident = 'i' then i.indisreplident else i.indisprimary end)
            select a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated <> '',
                   case when bn.nspname = 'pg_catalog' then b.typname else '' end,
                   case when en.nspname = 'pg_catalog' then e.typname else '' end,
                   b.typtype, key.position
              from pg_catalog.pg_attribute a
              join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'm')
               and c.relpersistence <> 't'
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
               and n.nspname <> 'information_schema' and n.nspname <> 'handover' and n.nspname !~ '^pg_'
              join base on base.oid = a.atttypid
              join pg_catalog.pg_type b on b.oid = base.type and b.typtype <> 'd'
              join pg_catalog.pg_namespace bn on bn.oid = b.typnamespace
              left join pg_catalog.pg_type e on e.oid = b.typelem and b.typelem <> 0
              left join pg_catalog.pg_namespace en on en.oid = e.typnamespace
              left join key on key.relation = a.attrelid and key.attnum = a.attnum
             where a.attnum > 0 and not a.attisdropped
             order by a.attrelid, a.attnum
            """;

    /// Since 18 a column may be declared NOT NULL without its rows having been looked at: it may have NULLs.
    private static final String PROVED_NOT_NULL = """
            a.attnotnull and not exists (select from pg_catalog.pg_constraint v
                where v.conrelid = a.attrelid and v.contype = 'n' and not v.convalidated and a.attnum = any (v.conkey))""";

    private static final Set<String> PLAIN = Set.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "oid",
            "numeric",
            "money",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval",
            "uuid",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "bit",
            "varbit",
            "pg_lsn",
            "xid",
            "xid8",
            "cid",
            "tid");
    private static final Set<String> TEXT = Set.of("text", "varchar", "bpchar");
    private static final Set<String> FLOATS = Set.of("float4", "float8");
    private static final Set<String> FIGURES = Set.of("point", "line", "lseg", "box", "path", "polygon", "circle");

    private TableShapes() {}

    /// All tables, partitions, materialized views and foreign tables but the system's, Handover's and
    /// temporary ones, as the connection's transaction sees them.
    public static Map<TableRef, TableShape> read(Connection connection) throws SQLException {
        int major = connection.getMetaData().getDatabaseMajorVersion();
        var columns = columns(connection, major);
        var shapes = new HashMap<TableRef, TableShape>();
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(TABLES)) {
            while (row.next()) {
                var table = new TableRef(row.getString(2), row.getString(3));
                var found = columns.getOrDefault(row.getLong(1), List.of());
                shapes.put(
                        table,
                        new TableShape(
                                table,
                                new TableRef(row.getString(4), row.getString(5)),
                                kind(row.getString(6)),
                                row.getBoolean(7),
                                row.getString(8),
                                row.getLong(9),
                                row.getBoolean(10),
                                List.of(),
                                found.stream().map(Found::column).toList(),
                                found.stream()
                                        .filter(c -> c.position > 0)
                                        .sorted((a, b) -> Integer.compare(a.position, b.position))
                                        .map(c -> c.column.name())
                                        .toList()));
            }
        }
        gather(shapes);
        return shapes;
    }

    /// Tells partitioned tables what belongs to them.
    private static void gather(Map<TableRef, TableShape> shapes) {
        var leaves = new HashMap<TableRef, List<TableShape>>();
        for (TableShape shape : shapes.values()) {
            if (shape.kind() != TableShape.Kind.PARTITIONED && !shape.root().equals(shape.table())) {
                leaves.computeIfAbsent(shape.root(), _ -> new ArrayList<>()).add(shape);
            }
        }
        leaves.forEach((root, found) -> shapes.computeIfPresent(root, (_, shape) -> shape.over(found)));
    }

    private static Map<Long, List<Found>> columns(Connection connection, int major) throws SQLException {
        String sql = COLUMNS;
        if (major < 12) {
            sql = sql.replace("a.attgenerated <> ''", "false");
        }
        if (major < 11) {
            sql = sql.replace("i.indnkeyatts", "i.indnatts");
        }
        if (major >= 18) {
            sql = sql.replace("a.attnotnull", PROVED_NOT_NULL);
        }
        var columns = new HashMap<Long, List<Found>>();
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(sql)) {
            while (row.next()) {
                columns.computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                        .add(new Found(column(row, major), row.getInt(9)));
            }
        }
        return columns;
    }

    private static ColumnShape column(ResultSet row, int major) throws SQLException {
        String type = row.getString(6);
        return new ColumnShape(
                row.getString(2),
                row.getString(3),
                kindOf(type, row.getString(7), row.getString(8), major),
                TypedHash.of(type),
                !row.getBoolean(4),
                row.getBoolean(5),
                !type.isEmpty() || row.getString(8).equals("e"),
                warning(type, row.getString(7), row.getString(8), major));
    }

    private static ColumnShape.Kind kindOf(String type, String element, String form, int major) {
        if (PLAIN.contains(type)) {
            return ColumnShape.Kind.PLAIN;
        }
        if (TEXT.contains(type)) {
            return ColumnShape.Kind.TEXT;
        }
        return switch (type) {
            case "float4", "float8" -> major < 12 ? ColumnShape.Kind.OLD_FLOAT : ColumnShape.Kind.FLOAT;
            case "bytea" -> ColumnShape.Kind.BYTES;
            default ->
                major < 12
                                && (FIGURES.contains(type)
                                        || FLOATS.contains(element)
                                        || FIGURES.contains(element)
                                        || (type.isEmpty() && form.equals("r")))
                        ? ColumnShape.Kind.OLD_FLOATS
                        : ColumnShape.Kind.OTHER;
        };
    }

    /// Types whose text is not the value's alone.
    private static String warning(String type, String element, String form, int major) {
        for (String name : List.of(type, element)) {
            if (name.startsWith("reg")) {
                return "a " + name + " is written by name or, without one, by a number that differs between servers";
            }
            if (name.equals("aclitem")) {
                return "an aclitem names roles of its server";
            }
            if (name.equals("char") && major >= 16) {
                return "since version 16 a \"char\" over 127 is written differently";
            }
        }
        if (major < 12 && form.equals("c")) {
            return "before version 12 floating-point numbers in composite types are written with other digits";
        }
        return "";
    }

    private static TableShape.Kind kind(String relkind) throws SQLException {
        return switch (relkind) {
            case "r" -> TableShape.Kind.TABLE;
            case "p" -> TableShape.Kind.PARTITIONED;
            case "m" -> TableShape.Kind.MATERIALIZED_VIEW;
            case "f" -> TableShape.Kind.FOREIGN;
            default -> throw new SQLException("a relation of kind " + relkind, "XX000");
        };
    }

    private record Found(ColumnShape column, int position) {}
}

package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The columns of tables and the keys that identify their rows: what `Catalog` says about them.
final class ColumnQueries {

    private static final String ONE = "n.nspname = ? and c.relname = ?";

    private ColumnQueries() {}

    static List<ColumnInfo> of(Connection connection, TableRef table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(columns(connection, ONE))) {
            return read(named(query, table), ColumnQueries::column).getOrDefault(table, List.of());
        }
    }

    static Map<TableRef, List<ColumnInfo>> all(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(columns(connection, UserSchemas.SCHEMA))) {
            return read(query, ColumnQueries::column);
        }
    }

    static List<String> key(Connection connection, TableRef table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(keys(connection, ONE))) {
            return read(named(query, table), row -> row.getString(3)).getOrDefault(table, List.of());
        }
    }

    static Map<TableRef, List<String>> allKeys(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(keys(connection, UserSchemas.SCHEMA))) {
            return read(query, row -> row.getString(3));
        }
    }

    /// Generated columns came with 12.
    private static String columns(Connection connection, String which) throws SQLException {
        return """
            select n.nspname, c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                   %s, a.attidentity <> '', a.attnotnull, a.attnum
              from pg_catalog.pg_attribute a
              join pg_catalog.pg_class c on c.oid = a.attrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and c.relpersistence <> 't' and a.attnum > 0 and not a.attisdropped and %s
             order by a.attrelid, a.attnum
            """.formatted(major(connection) >= 12 ? "a.attgenerated <> ''" : "false", which);
    }

    /// The index of the replica identity where one was chosen, else the primary key. A deferrable one, an
    /// invalid or partial one cannot tell rows apart at every moment and does not count. Columns that an
    /// index only carries along came with 11.
    private static String keys(Connection connection, String which) throws SQLException {
        return """
            select n.nspname, c.relname, a.attname
              from pg_catalog.pg_index i
              join pg_catalog.pg_class c on c.oid = i.indrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
              join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
             where c.relkind in ('r', 'p') and c.relpersistence <> 't' and k.place <= i.%s
               and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null
               and case c.relreplident when 'i' then i.indisreplident else i.indisprimary end and %s
             order by c.oid, k.place
            """.formatted(major(connection) >= 11 ? "indnkeyatts" : "indnatts", which);
    }

    private static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    private static PreparedStatement named(PreparedStatement query, TableRef table) throws SQLException {
        query.setString(1, table.schema());
        query.setString(2, table.name());
        return query;
    }

    private static ColumnInfo column(ResultSet row) throws SQLException {
        return new ColumnInfo(
                row.getString(3),
                row.getString(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getInt(8));
    }

    private static <T> Map<TableRef, List<T>> read(PreparedStatement query, Reader<T> reader) throws SQLException {
        var found = new LinkedHashMap<TableRef, List<T>>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                found.computeIfAbsent(new TableRef(row.getString(1), row.getString(2)), _ -> new ArrayList<>())
                        .add(reader.read(row));
            }
        }
        return found;
    }

    /// Makes something of the present row.
    @FunctionalInterface
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }
}

package io.handover.pg;

import io.handover.model.LastRows;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads the newest rows of a table on both sides, to be looked at side by side.
public final class LastRowsReader {

    /// Characters of a value that are shown.
    public static final int WIDTH = 200;

    private static final int TIMEOUT = 10; // seconds

    /// Candidates to order by, best first: a primary key that grows, then a time of change or birth, then
    /// the primary key whatever it is. Times only where an index leads with them or the table is small, so
    /// that no large table is sorted, and only where they are never NULL, which would come first.
    private static final String ORDER = """
            with keys as (
                select i.indisprimary as is_primary,
                       array_agg(a.attname::text order by k.position) as columns,
                       (array_agg(t.typname::text order by k.position))[1] as type,
                       (array_agg(a.attnotnull order by k.position))[1] as filled
                  from pg_catalog.pg_index i
                 cross join lateral unnest(i.indkey::int2[]) with ordinality as k(attnum, position)
                  join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                  join pg_catalog.pg_type t on t.oid = a.atttypid
                 where i.indrelid = pg_catalog.to_regclass(?) and i.indisvalid and i.indpred is null
                   and i.indexprs is null and k.position <= i.indnkeyatts
                 group by i.indexrelid, 1
                union all
                select false, array[a.attname::text], t.typname, a.attnotnull
                  from pg_catalog.pg_attribute a
                  join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind = 'r'
                  join pg_catalog.pg_type t on t.oid = a.atttypid
                 where a.attrelid = pg_catalog.to_regclass(?) and a.attnum > 0 and not a.attisdropped
                   and pg_catalog.pg_relation_size(a.attrelid) < 32 * 1024 * 1024)
            select case when is_primary then columns else columns[1:1] end
              from keys
             where is_primary
                or (filled and type in ('timestamp', 'timestamptz')
                    and columns[1] ~* '^_*(updated|modified|changed|inserted|created|occurred|logged|at$|ts$)')
             order by case when is_primary and type in ('int2', 'int4', 'int8', 'numeric', 'date', 'timestamp',
                                                        'timestamptz') then 0
                           when is_primary then 3
                           when columns[1] ~* '^_*(updated|modified|changed)' then 1 else 2 end, columns[1]
             limit 1
            """;

    private static final String COLUMNS = """
            select a.attname from pg_catalog.pg_attribute a
             where a.attrelid = pg_catalog.to_regclass(?) and a.attnum > 0 and not a.attisdropped
             order by a.attnum
            """;

    private LastRowsReader() {}

    /// Reads the newest `limit` rows of both sides. Ordered as `orderedBy` says; without an order they are
    /// just some rows.
    ///
    /// @throws SQLException if one of them cannot be read, or has other columns
    public static LastRows read(Connection source, Connection target, TableRef table, int limit) throws SQLException {
        List<String> columns = names(source, COLUMNS, table);
        if (columns.isEmpty() && !exists(source, table)) {
            throw new SQLException("there is no table " + table.display(), "42P01");
        }
        List<String> order = order(source, table);
        String sql = sql(table, columns, order, limit);
        return new LastRows(table, order, columns, rows(source, sql), rows(target, sql));
    }

    /// Values are written by their output functions: a type may have a cast to text of its own.
    private static String sql(TableRef table, List<String> columns, List<String> order, int limit) {
        String values = columns.stream()
                .map(c -> "t." + SqlNames.quoted(c))
                .map(c -> "case when " + c + " is distinct from null then pg_catalog.left(pg_catalog.concat(" + c
                        + "), " + (WIDTH + 1) + ") end")
                .collect(Collectors.joining(", "));
        String by = order.stream().map(c -> "t." + SqlNames.quoted(c) + " desc").collect(Collectors.joining(", "));
        return "select array[" + values + "]::text[] from " + SqlNames.quoted(table) + " t"
                + (by.isEmpty() ? "" : " order by " + by) + " limit " + limit;
    }

    private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
        var rows = new ArrayList<List<String>>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setQueryTimeout(TIMEOUT);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    @Nullable
                    String[] values = (@Nullable String[]) row.getArray(1).getArray();
                    rows.add(Arrays.stream(values).map(LastRowsReader::shown).toList());
                }
            }
        }
        return rows;
    }

    private static String shown(@Nullable String value) {
        if (value == null) {
            return LastRows.NULL_VALUE;
        }
        return value.codePointCount(0, value.length()) <= WIDTH
                ? value
                : value.substring(0, value.offsetByCodePoints(0, WIDTH)) + "…";
    }

    private static List<String> order(Connection connection, TableRef table) throws SQLException {
        String sql = connection.getMetaData().getDatabaseMajorVersion() >= 11
                ? ORDER
                : ORDER.replace("i.indnkeyatts", "i.indnatts");
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, SqlNames.quoted(table));
            query.setString(2, SqlNames.quoted(table));
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? List.of((String[]) row.getArray(1).getArray()) : List.of();
            }
        }
    }

    private static boolean exists(Connection connection, TableRef table) throws SQLException {
        return !names(connection, "select 1 where pg_catalog.to_regclass(?) is not null", table)
                .isEmpty();
    }

    private static List<String> names(Connection connection, String sql, TableRef table) throws SQLException {
        var names = new ArrayList<String>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, SqlNames.quoted(table));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
        }
        return names;
    }
}

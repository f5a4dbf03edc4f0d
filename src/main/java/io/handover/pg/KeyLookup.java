package io.handover.pg;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads single rows by their keys, by index where there is one.
final class KeyLookup {

    /// Characters of a value that are fetched; its hash tells the rest.
    static final int LENGTH = 2_000;

    private static final int PORTION = 1_000;

    private final TablePair pair;
    private final TableDigest digest;

    KeyLookup(TablePair pair, TableDigest.Dialect dialect) {
        this.pair = pair;
        this.digest = new TableDigest(pair, dialect);
    }

    /// Row hashes by key; a key without rows is left out.
    Map<String, List<Long>> hashes(Connection connection, Collection<String> keys) throws SQLException {
        var found = new HashMap<String, List<Long>>();
        read(
                connection,
                digest.rowsWith(),
                keys,
                row -> found.computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
                        .add(row.getLong(2)));
        return found;
    }

    /// Row hashes by version, by key; a key without rows is left out.
    Map<String, Map<String, Long>> versions(Connection connection, Collection<String> keys) throws SQLException {
        var found = new HashMap<String, Map<String, Long>>();
        read(
                connection,
                digest.versionsWith(),
                keys,
                row -> found.computeIfAbsent(row.getString(1), _ -> new HashMap<>())
                        .put(row.getString(3), row.getLong(2)));
        return found;
    }

    /// Values by key, of one row each.
    Map<String, RowValues> values(Connection connection, Collection<String> keys) throws SQLException {
        var found = new HashMap<String, RowValues>();
        read(
                connection,
                digest.valuesWith(LENGTH),
                keys,
                row -> found.put(
                        row.getString(1),
                        new RowValues(
                                Arrays.asList((@Nullable Long[]) array(row.getArray(2))),
                                Arrays.asList((@Nullable String[]) array(row.getArray(3))))));
        return found;
    }

    /// Rows in full, by key: the texts of `TableDigest.written`, null for NULL.
    Map<String, List<List<@Nullable String>>> rows(Connection connection, Collection<String> keys) throws SQLException {
        var found = new HashMap<String, List<List<@Nullable String>>>();
        read(
                connection,
                digest.rowsInFull(),
                keys,
                row -> found.computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
                        .add(Arrays.asList((@Nullable String[]) array(row.getArray(2)))));
        return found;
    }

    /// Where the rows are stored.
    List<String> places(Connection connection, Collection<String> keys) throws SQLException {
        var found = new ArrayList<String>();
        read(connection, digest.placesWith(), keys, row -> found.add(row.getString(2)));
        return found;
    }

    private void read(Connection connection, String sql, Collection<String> keys, RowReader reader)
            throws SQLException {
        var all = List.copyOf(keys);
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int from = 0; from < all.size(); from += PORTION) {
                List<String> portion = all.subList(from, Math.min(all.size(), from + PORTION));
                var asked = new HashSet<>(portion);
                set(connection, query, portion);
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        // "=" finds 1.0 for 1.00 as well, which is another key as text
                        if (asked.contains(row.getString(1))) {
                            reader.take(row);
                        }
                    }
                }
            }
        }
    }

    private void set(Connection connection, PreparedStatement query, List<String> keys) throws SQLException {
        if (!pair.keyIsIndexable()) {
            query.setArray(1, connection.createArrayOf("text", keys.toArray()));
            return;
        }
        var values = keys.stream().map(KeyText::values).toList();
        for (int i = 0; i < digest.lookupParameters(); i++) {
            int column = i;
            Object[] ofColumn = values.stream().map(v -> v.get(column)).toArray();
            query.setArray(i + 1, connection.createArrayOf("text", ofColumn));
        }
    }

    private static Object array(Array array) throws SQLException {
        return array.getArray();
    }

    /// One row's values.
    ///
    /// @param hashes of each column, null for NULL
    /// @param texts  the beginning of each, null for NULL
    record RowValues(List<@Nullable Long> hashes, List<@Nullable String> texts) {}

    @FunctionalInterface
    private interface RowReader {
        void take(ResultSet row) throws SQLException;
    }
}

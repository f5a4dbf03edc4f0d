package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Walks one side's rows in the order of their key hashes, all rows of one hash at a time: a merge of two
/// such walks needs memory for one step only, however large the table.
final class KeyedRows implements AutoCloseable {

    private static final int FETCH = 2_000;

    private final PreparedStatement query;
    private final ResultSet rows;
    private boolean more;

    /// Asks.
    ///
    /// @param connection not in autocommit: only then the driver fetches in portions
    KeyedRows(Connection connection, String sql, List<Integer> buckets) throws SQLException {
        query = connection.prepareStatement(sql);
        try {
            query.setFetchSize(FETCH);
            query.setArray(1, connection.createArrayOf("int4", buckets.toArray()));
            rows = query.executeQuery();
            more = rows.next();
        } catch (SQLException e) {
            query.close();
            throw e;
        }
    }

    /// True while there is a step.
    boolean hasStep() {
        return more;
    }

    /// The key hash of the next step.
    long keyHash() throws SQLException {
        return rows.getLong(1);
    }

    /// Takes the next step: row hashes by key.
    Map<String, List<Long>> step() throws SQLException {
        var step = new HashMap<String, List<Long>>();
        long hash = keyHash();
        while (more && keyHash() == hash) {
            step.computeIfAbsent(rows.getString(2), _ -> new ArrayList<>()).add(rows.getLong(3));
            more = rows.next();
        }
        return step;
    }

    @Override
    public void close() throws SQLException {
        query.close();
    }
}

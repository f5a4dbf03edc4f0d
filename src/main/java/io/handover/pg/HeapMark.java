package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Tells whether `ALTER TABLE` has rewritten a table since. The new rows count as younger than any snapshot
/// taken before, so a copy from such a snapshot would find the table empty, without an error.
///
/// TRUNCATE gives a table a new file as well; that is harmless, since it comes through the stream. VACUUM
/// FULL and CLUSTER do too, and keep the rows' age. None of the three changes a column, which is how they are
/// told apart.
///
/// @param file    `pg_class.relfilenode`
/// @param columns when each column was last altered, and how the table is stored
public record HeapMark(long file, String columns) {

    /// For `pg_class c` in a list of columns.
    static final String COLUMNS = """
            c.relfilenode,
            c.relpersistence::text || '/' || c.relam::text || '/' || coalesce((
                select pg_catalog.string_agg(a.attnum::text || ':' || a.xmin::text, ',' order by a.attnum)
                  from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0), '')""";

    /// Looks at tables as they are now.
    ///
    /// @param source not in a transaction with an older snapshot
    /// @return OID → mark; without those that were dropped
    public static Map<Long, HeapMark> now(Connection source, Collection<Long> oids) throws SQLException {
        Map<Long, HeapMark> marks = new HashMap<>();
        try (PreparedStatement query = source.prepareStatement(
                "select c.oid, " + COLUMNS + " from pg_catalog.pg_class c where c.oid = any (?::oid[])")) {
            query.setArray(1, source.createArrayOf("oid", oids.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    marks.put(row.getLong(1), new HeapMark(row.getLong(2), row.getString(3)));
                }
            }
        }
        return marks;
    }

    /// True if rows that a snapshot of the time of this mark should see may have become invisible to it
    /// by `now`.
    public boolean rewrittenBy(HeapMark now) {
        return file != now.file && !columns.equals(now.columns);
    }
}

package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds along what tables can be cut.
final class CopySplits {

    /// The planner's own figures: the values that divide a column into equal parts, and how well the rows lie
    /// in its order. Where they do not, reading a range by the index would jump all over the table, and cost
    /// more than it gives. No texts: after a change of the collation's rules their old bounds may be out of
    /// order, and ranges would overlap.
    private static final String KEYS = """
            select distinct on (i.indrelid) i.indrelid, a.attname::text, t.typname::text,
                   s.histogram_bounds::text::text[]
              from pg_catalog.pg_index i
              join pg_catalog.pg_class x on x.oid = i.indexrelid
              join pg_catalog.pg_am m on m.oid = x.relam and m.amname = 'btree'
              join pg_catalog.pg_class c on c.oid = i.indrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] and a.attnotnull
              join pg_catalog.pg_type t on t.oid = a.atttypid
                   and t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
                   and t.typname in ('int2', 'int4', 'int8', 'numeric', 'date', 'timestamp', 'timestamptz', 'uuid')
              join pg_catalog.pg_opclass o on o.oid = i.indclass[0] and o.opcdefault
              join pg_catalog.pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname
                   and s.attname = a.attname and not s.inherited
             where i.indisvalid and i.indpred is null and s.histogram_bounds is not null
               and pg_catalog.abs(s.correlation) >= 0.9
             order by i.indrelid, i.indisprimary desc, pg_catalog.abs(s.correlation) desc, i.indexrelid
            """;

    private final boolean byPages;
    private final Map<Long, CopySplit> keys;

    private CopySplits(boolean byPages, Map<Long, CopySplit> keys) {
        this.byPages = byPages;
        this.keys = keys;
    }

    /// Reads what is needed for all tables, in one statement or none.
    static CopySplits read(Connection source, int major) throws SQLException {
        if (major >= 14) {
            return new CopySplits(true, Map.of());
        }
        var keys = new HashMap<Long, CopySplit>();
        try (PreparedStatement query = source.prepareStatement(KEYS);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                String[] bounds = (String[]) row.getArray(4).getArray();
                keys.put(row.getLong(1), new CopySplit.Key(row.getString(2), row.getString(3), List.of(bounds)));
            }
        }
        return new CopySplits(false, keys);
    }

    /// Along what the table with this OID can be cut.
    CopySplit of(long oid, long pages) {
        return byPages ? new CopySplit.Pages(pages) : keys.getOrDefault(oid, new CopySplit.Never());
    }
}

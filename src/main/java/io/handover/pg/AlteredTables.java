package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/// Tables whose columns, or whose place among partitions, have been altered since an earlier moment.
///
/// No stream carries what an `ALTER TABLE` does to rows: it rewrites them by `USING`, or fills a new column from a
/// default, which on the other server may well give other values (`now()`, `gen_random_uuid()`). Each of them, and
/// `ATTACH` and `DETACH PARTITION` too, writes rows of `pg_attribute`, whose `xmin` names the transaction. `TRUNCATE`,
/// `VACUUM FULL`, `ANALYZE` and new indexes write none. Taken for altered without need: what got another `NOT NULL`,
/// default, storage or statistics target.
///
/// A snapshot alone does not tell what could be seen: it does not list the subtransactions of those still running.
/// So what had been altered since the oldest of these began, and was seen, is noted with it.
public final class AlteredTables {

    /// `xmin` has 32 bits; the others follow from its distance to the newest, which is less than 2^31. Below 3 are
    /// the server's own.
    private static final String ALTERED = """
            with known as (
                select pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot()) as oldest,
                       pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()) as next),
            field as (
                select a.attrelid, k.oldest, k.next, x.short,
                       k.next - 1 - ((k.next - 1) % 4294967296 - x.short + 4294967296) % 4294967296 as number
                  from known k
                 cross join pg_catalog.pg_attribute a
                 cross join lateral (select cast(cast(a.xmin as text) as bigint) as short) x
                 where a.attnum > 0 and not a.attisdropped)
            """;

    private static final String NOW = ALTERED + """
            select (select oldest from known), (select next from known),
                   (select pg_catalog.string_agg(distinct cast(number as text), ',') from field
                     where short > 2 and number >= oldest)
            """;

    private static final String SINCE = ALTERED + """
            select n.nspname, c.relname, f.number
              from field f
              join pg_catalog.pg_class c on c.oid = f.attrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and c.relpersistence <> 't'
               and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
               and (f.next < ? or (f.short > 2 and f.number >= ?))
            """;

    private AlteredTables() {}

    /// What can be seen now, for `since`: the oldest transaction that is running, the next that will, and what was
    /// altered in between. On a connection in autocommit.
    public static String now(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(NOW);
                ResultSet row = query.executeQuery()) {
            row.next();
            String seen = row.getString(3);
            return row.getLong(1) + " " + row.getLong(2) + (seen == null ? "" : " " + seen.replace(',', ' '));
        }
    }

    /// The permanent tables, of whatever scope, that were altered or made by a transaction which could not be seen
    /// at `earlier`; all of them on a server that has given out fewer numbers than then: it was set back.
    ///
    /// @param earlier as `now` gave it on this server
    public static Set<TableRef> since(Connection connection, String earlier) throws SQLException {
        String[] numbers = earlier.split(" ", -1);
        var seen = new HashSet<Long>();
        for (int i = 2; i < numbers.length; i++) {
            seen.add(Long.valueOf(numbers[i]));
        }
        var altered = new TreeSet<TableRef>();
        try (PreparedStatement query = connection.prepareStatement(SINCE)) {
            query.setLong(1, Long.parseLong(numbers[1]));
            query.setLong(2, Long.parseLong(numbers[0]));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    if (!seen.contains(row.getLong(3))) {
                        altered.add(new TableRef(row.getString(1), row.getString(2)));
                    }
                }
            }
        }
        return altered;
    }
}

package io.handover.pg;

import io.handover.model.SeenBefore;
import io.handover.model.StreamSeen;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
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
/// Where a side is PostgreSQL 10, which does not publish `TRUNCATE`, the file each table has is noted as well: then
/// `VACUUM FULL` and `CLUSTER` are taken for altered too.
///
/// A snapshot alone does not tell what could be seen: it does not list the subtransactions of those still running.
/// So what had been altered since the oldest of these began, and was seen, is noted with it.
public final class AlteredTables {

    private static final char FILE = ':'; // between a table's OID and its file

    /// `offset 0` has the snapshot asked once and not for each column. `xmin` has 32 bits; the others follow from its
    /// distance to the newest, which is less than 2^31. Below 3 are the server's own.
    static final String NUMBERED = """
            with known as (
                select pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot()) as oldest,
                       pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()) as next
                offset 0),
            field as (
                select f.*, k.oldest, k.next, x.short,
                       k.next - 1 - ((k.next - 1) % 4294967296 - x.short + 4294967296) % 4294967296 as number
                  from known k
                 cross join (WRITTEN) f
                 cross join lateral (select cast(cast(f.written as text) as bigint) as short) x)
            """;

    /// Whether a row of `field` was written by a transaction that the earlier moment could not see; what it lists
    /// besides is looked at by `Earlier.saw`.
    static final String LATER = "(f.next < ? or (f.short > 2 and f.number >= ?))";

    private static final String COLUMNS = "select a.attrelid, a.xmin as written from pg_catalog.pg_attribute a"
            + " where a.attnum > 0 and not a.attisdropped";

    private static final String NOW =
            NUMBERED.replace("WRITTEN", COLUMNS.replace("a.attrelid, ", "") + " union all " + StreamChanges.WRITTEN)
                    + """
            select (select oldest from known), (select next from known),
                   (select pg_catalog.string_agg(distinct cast(number as text), ',') from field
                     where short > 2 and number >= oldest)
            """;

    private static final String SINCE = NUMBERED + """
            select n.nspname, c.relname, f.number
              from field f
              join pg_catalog.pg_class c on c.oid = f.attrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and c.relpersistence <> 't'
               and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
               and LATER
            """.replace("LATER", LATER);

    /// Fewer than what `age` tells apart.
    private static final long MOST = 1L << 30;

    /// Not of unlogged tables: a cutover empties and fills those by itself.
    private static final String FILES = """
            select n.nspname, c.relname, c.oid || '%s' || c.relfilenode
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and c.relpersistence = 'p'
               and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
            """.formatted(FILE);

    private AlteredTables() {}

    /// What can be seen now on either side, and how the stream stands. On connections in autocommit.
    public static SeenBefore seen(Connection source, Connection target, StreamSeen stream) throws SQLException {
        boolean files = Math.min(major(source), major(target)) < Publications.TRUNCATE_SINCE;
        return new SeenBefore(now(source, files), now(target, files), Optional.of(stream));
    }

    /// What can be seen now, for `since`: the oldest transaction that is running, the next that will, and what was
    /// altered in between. On a connection in autocommit.
    ///
    /// @param files whether the file of each table is noted too, which a `TRUNCATE` changes
    static String now(Connection connection, boolean files) throws SQLException {
        var noted = new StringBuilder();
        try (PreparedStatement query = connection.prepareStatement(NOW);
                ResultSet row = query.executeQuery()) {
            row.next();
            String seen = row.getString(3);
            noted.append(row.getLong(1)).append(' ').append(row.getLong(2));
            noted.append(seen == null ? "" : " " + seen.replace(',', ' '));
        }
        if (files) {
            files(connection).keySet().forEach(file -> noted.append(' ').append(file));
        }
        return noted.toString();
    }

    /// The permanent tables, of whatever scope, that were altered or made by a transaction which could not be seen
    /// at `earlier`, and if files were noted then those that have got another; all of them on a server that has
    /// given out fewer numbers than then: it was set back.
    ///
    /// @param earlier as `now` gave it on this server
    public static Set<TableRef> since(Connection connection, String earlier) throws SQLException {
        var before = Earlier.of(earlier);
        long given = next(connection);
        boolean far = given < before.next() || given - before.oldest() > MOST;
        String columns = COLUMNS + (far ? "" : younger(before.oldest()));
        var altered = new TreeSet<TableRef>();
        try (PreparedStatement query = connection.prepareStatement(SINCE.replace("WRITTEN", columns))) {
            before.set(query, 1);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    if (!before.saw(row.getLong(3))) {
                        altered.add(new TableRef(row.getString(1), row.getString(2)));
                    }
                }
            }
        }
        if (!before.files().isEmpty()) {
            Map<String, TableRef> now = files(connection);
            now.keySet().removeAll(before.files());
            altered.addAll(now.values());
        }
        return altered;
    }

    /// Passes over what is old without a look at its number: about half the time with 180,000 columns.
    private static String younger(long oldest) {
        return " and pg_catalog.age(a.xmin) <= (select pg_catalog.age(cast('" + (oldest & 0xFFFFFFFFL)
                + "' as pg_catalog.xid)))";
    }

    private static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    private static long next(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                        "select pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /// Of each table which file it has.
    private static Map<String, TableRef> files(Connection connection) throws SQLException {
        var files = new HashMap<String, TableRef>();
        try (PreparedStatement query = connection.prepareStatement(FILES);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                files.put(row.getString(3), new TableRef(row.getString(1), row.getString(2)));
            }
        }
        return files;
    }

    /// What could be seen at an earlier moment.
    ///
    /// @param oldest the oldest transaction that was running
    /// @param next   the next that would
    /// @param seen   later than the oldest and seen all the same
    /// @param files  which table had which file; empty if that was not noted
    record Earlier(long oldest, long next, Set<Long> seen, Set<String> files) {

        /// Reads what `now` gave.
        static Earlier of(String text) {
            String[] numbers = text.split(" ", -1);
            var seen = new HashSet<Long>();
            var files = new HashSet<String>();
            for (int i = 2; i < numbers.length; i++) {
                if (numbers[i].indexOf(FILE) > 0) {
                    files.add(numbers[i]);
                } else {
                    seen.add(Long.valueOf(numbers[i]));
                }
            }
            return new Earlier(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), seen, files);
        }

        /// Sets the two parameters of `LATER`, the first of them number `at`.
        void set(PreparedStatement query, int at) throws SQLException {
            query.setLong(at, next);
            query.setLong(at + 1, oldest);
        }

        boolean saw(long number) {
            return seen.contains(number);
        }
    }
}

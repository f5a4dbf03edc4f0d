package io.handover.pg;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Compares large objects one by one: which the follower lacks, has otherwise, or has in addition.
///
/// @param owner       how many the owner has
/// @param follower    how many the follower has
/// @param differences how many are not the same
/// @param first       the first of them by OID, in words
public record LargeObjectDifferences(long owner, long follower, long differences, List<String> first) {

    private static final int BATCH = 5_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// Content as it reads: where it has a hole, or a page ends early, it has zeros.
    private static final String OBJECTS = """
            select m.oid::bigint,
                   coalesce(max(p.pageno::bigint * (current_setting('block_size')::int / 4) + octet_length(p.data)), 0),
                   count(p.pageno) filter (where x.text <> ''), coalesce(sum(:hash) filter (where x.text <> ''), 0)
              from (select oid from pg_catalog.pg_largeobject_metadata
                     where oid > ?::oid and oid <= ?::oid order by oid limit :batch) m
              left join pg_catalog.pg_largeobject p on p.loid = m.oid
              left join lateral (select rtrim(encode(p.data, 'hex'), '0') as text) x on true
             group by 1
            """;

    private static final long MOST = 0xFFFFFFFFL;

    /// Copies the list.
    public LargeObjectDifferences {
        first = List.copyOf(first);
    }

    /// Compares.
    ///
    /// @param dialect what both servers understand
    /// @param named   how many to name
    /// @throws SQLException `42501` for anybody but a superuser, `57014` if it takes over half a minute
    public static LargeObjectDifferences read(
            Connection owner, Connection follower, TableDigest.Dialect dialect, int named) throws SQLException {
        String sql = OBJECTS.replace(":hash", dialect.hash("concat_ws(':', p.pageno, x.text)", 0))
                .replace(":batch", String.valueOf(BATCH));
        long end = System.nanoTime() + LIMIT.toNanos();
        long ours = 0;
        long theirs = 0;
        long differences = 0;
        var first = new ArrayList<String>();
        long after = 0; // 0 is no large object's OID
        while (after < MOST) {
            Map<Long, Content> here = objects(owner, sql, after, MOST, end);
            long until = here.size() < BATCH ? MOST : new TreeMap<>(here).lastKey();
            for (long from = after; from < until; ) {
                // the follower may have any number in between
                Map<Long, Content> there = objects(follower, sql, from, until, end);
                long reached = there.size() < BATCH ? until : new TreeMap<>(there).lastKey();
                var oids = new TreeSet<>(there.keySet());
                for (long oid : here.keySet()) {
                    if (oid > from && oid <= reached) {
                        oids.add(oid);
                    }
                }
                for (long oid : oids) {
                    String difference = words(here.get(oid), there.get(oid));
                    if (!difference.isEmpty()) {
                        differences++;
                        if (first.size() < named) {
                            first.add(oid + " " + difference);
                        }
                    }
                }
                theirs += there.size();
                from = reached;
            }
            ours += here.size();
            after = until;
        }
        return new LargeObjectDifferences(ours, theirs, differences, first);
    }

    private static String words(@Nullable Content here, @Nullable Content there) {
        if (there == null) {
            return "is missing on the follower";
        }
        if (here == null) {
            return "is on the follower only";
        }
        if (here.size != there.size) {
            return "has " + here.size + " bytes on the owner, " + there.size + " on the follower";
        }
        return here.equals(there) ? "" : "has another content on the follower";
    }

    private static Map<Long, Content> objects(Connection connection, String sql, long after, long until, long end)
            throws SQLException {
        long left = Duration.ofNanos(end - System.nanoTime()).toSeconds();
        if (left < 1) {
            throw new SQLException("large objects take too long to compare", "57014");
        }
        var objects = new TreeMap<Long, Content>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setQueryTimeout(Math.toIntExact(left));
            query.setLong(1, after);
            query.setLong(2, until);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    objects.put(
                            row.getLong(1),
                            new Content(row.getLong(2), new Tally(row.getLong(3), new BigInteger(row.getString(4)))));
                }
            }
        }
        return objects;
    }

    /// @param size  in bytes
    /// @param pages those that are not all zeros
    private record Content(long size, Tally pages) {}
}

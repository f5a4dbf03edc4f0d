package io.handover.pg;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// Tells for which of Handover's reading sessions somebody else waits: a `TRUNCATE` or `ALTER TABLE` waits even for
/// a reader, and everybody who comes after it waits too.
public final class BlockedByUs {

    private static final int TIMEOUT = 5; // seconds

    private BlockedByUs() {}

    /// Those of `pids` that somebody waits for.
    public static Set<Integer> among(Connection connection, Collection<Integer> pids) throws SQLException {
        var found = new HashSet<Integer>();
        try (PreparedStatement query = connection.prepareStatement("""
                select distinct b.pid
                  from (select distinct pid from pg_catalog.pg_locks where not granted) w
                 cross join lateral unnest(pg_catalog.pg_blocking_pids(w.pid)) as b(pid)
                 where b.pid = any (?)
                """)) {
            query.setQueryTimeout(TIMEOUT);
            Array ours = connection.createArrayOf("int4", pids.toArray());
            query.setArray(1, ours);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(row.getInt(1));
                }
            }
        }
        return found;
    }
}

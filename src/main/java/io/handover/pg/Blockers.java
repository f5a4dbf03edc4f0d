package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Who waits for whom on a server, in words: each with its pid and what helps to find its owner. What
/// another user's
/// session does is hidden from ordinary roles; its pid is not.
public final class Blockers {

    private static final int SHOWN = 3;

    private static final String OF = """
            with blocker as (
                select distinct b.pid
                  from pg_catalog.unnest(?::int[]) as w (pid)
                  cross join lateral pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) as b (pid)
                 where b.pid <> all (?::int[]))
            select a.pid, a.application_name, a.usename, a.datname,
                   extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)::bigint as seconds, null as gid
              from blocker b
              join pg_catalog.pg_stat_activity a on a.pid = b.pid
             union all
            select 0, '', p.owner, p.database,
                   extract(epoch from pg_catalog.clock_timestamp() - p.prepared)::bigint, p.gid
              from pg_catalog.pg_prepared_xacts p
             where exists (select from blocker where pid = 0)
             order by seconds desc nulls last
            """;

    private static final String WAITING = """
            select a.pid, a.application_name, a.usename, a.datname,
                   extract(epoch from pg_catalog.clock_timestamp() - a.query_start)::bigint, null
              from pg_catalog.pg_stat_activity a
             where a.wait_event_type = 'Lock' and a.pid <> all (?::int[])
               and pg_catalog.pg_blocking_pids(a.pid) && ?::int[]
             order by 5 desc nulls last
            """;

    private Blockers() {}

    /// Whom the backends `ours` wait for at this moment, the oldest first; the empty text if they wait for
    /// nobody.
    /// Prepared transactions, which have no backend, are all named if one is waited for.
    public static String of(Connection monitor, Collection<Integer> ours) throws SQLException {
        return text(monitor, OF, ours, "open");
    }

    /// Who waits for the backends `ours` at this moment, the longest first; the empty text if nobody does.
    public static String waitingFor(Connection monitor, Collection<Integer> ours) throws SQLException {
        return text(monitor, WAITING, ours, "waiting");
    }

    private static String text(Connection monitor, String sql, Collection<Integer> ours, String verb)
            throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement query = monitor.prepareStatement(sql)) {
            query.setQueryTimeout(5); // seconds
            var pids = monitor.createArrayOf("int4", ours.toArray());
            query.setArray(1, pids);
            query.setArray(2, pids);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(one(row, verb));
                }
            }
        }
        int shown = Math.min(SHOWN, found.size());
        String text = String.join("; ", found.subList(0, shown));
        return found.size() == shown ? text : text + "; and " + (found.size() - shown) + " more";
    }

    private static String one(ResultSet row, String verb) throws SQLException {
        String gid = row.getString(6);
        String who = gid == null ? "pid " + row.getInt(1) : "prepared transaction '" + gid + "'";
        List<String> about = new ArrayList<>();
        for (int column = 2; column <= 4; column++) {
            String text = row.getString(column);
            if (text != null && !text.isEmpty()) {
                about.add(text);
            }
        }
        long seconds = row.getLong(5);
        if (!row.wasNull()) {
            about.add(verb + " for " + seconds + " s");
        }
        return about.isEmpty() ? who : who + " (" + String.join(", ", about) + ")";
    }
}

package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Small questions about slots. How far a slot's follower trails is `SlotCatalog`'s.
public final class Slots {

    /// The sessions and prepared transactions that a backend waits for at this moment, each with what helps
    /// to find
    /// its owner. What another user's session does is hidden from ordinary roles; its pid is not.
    private static final String BLOCKERS = """
            select a.pid, a.application_name, a.usename, a.datname,
                   extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)::bigint, null
              from pg_catalog.unnest(pg_catalog.pg_blocking_pids(?)) as b(pid)
              join pg_catalog.pg_stat_activity a on a.pid = b.pid
             union
            select 0, '', p.owner, p.database,
                   extract(epoch from pg_catalog.clock_timestamp() - p.prepared)::bigint, p.gid
              from pg_catalog.pg_prepared_xacts p
             where 0 = any (pg_catalog.pg_blocking_pids(?))
             order by 5 desc nulls last
            """;

    private Slots() {}

    /// Who reads from a slot.
    public sealed interface Reader {
        /// There is no such slot.
        record NoSlot() implements Reader {}

        /// Nobody is connected.
        record Nobody() implements Reader {}

        /// This backend.
        record Pid(int pid) implements Reader {}
    }

    /// Who reads from `slot` at this moment.
    public static Reader reader(Connection owner, String slot) throws SQLException {
        try (PreparedStatement query =
                owner.prepareStatement("select active_pid from pg_catalog.pg_replication_slots where slot_name = ?")) {
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return new Reader.NoSlot();
                }
                int pid = row.getInt(1);
                return row.wasNull() ? new Reader.Nobody() : new Reader.Pid(pid);
            }
        }
    }

    /// Bytes of WAL that `slot` keeps on the owner's disk; -1 if there is no such slot or it keeps none.
    public static long walKept(Connection owner, String slot) throws SQLException {
        try (PreparedStatement query = owner.prepareStatement("""
                select pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), restart_lsn)::bigint
                  from pg_catalog.pg_replication_slots where slot_name = ?
                """)) {
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return -1;
                }
                long kept = row.getLong(1);
                return row.wasNull() ? -1 : Math.max(0, kept);
            }
        }
    }

    /// Whom backend `pid` waits for, in words, the oldest first; the empty text if it waits for nobody.
    static String blockers(Connection monitor, int pid) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement query = monitor.prepareStatement(BLOCKERS)) {
            query.setInt(1, pid);
            query.setInt(2, pid);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(blocker(row));
                }
            }
        }
        int shown = Math.min(3, found.size());
        String text = String.join("; ", found.subList(0, shown));
        return found.size() == shown ? text : text + "; and " + (found.size() - shown) + " more";
    }

    private static String blocker(ResultSet row) throws SQLException {
        String gid = row.getString(6);
        String who = gid == null ? "pid " + row.getInt(1) : "prepared transaction '" + gid + "'";
        var about = new ArrayList<String>();
        for (int column = 2; column <= 4; column++) {
            String text = row.getString(column);
            if (text != null && !text.isEmpty()) {
                about.add(text);
            }
        }
        long seconds = row.getLong(5);
        if (!row.wasNull()) {
            about.add("open for " + seconds + " s");
        }
        return about.isEmpty() ? who : who + " (" + String.join(", ", about) + ")";
    }
}

package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Who waits for the locks of a freeze, and who could still write once they are gone.
public final class LockWaits {

    private LockWaits() {}

    /// Who waits for a table that `locks` has in EXCLUSIVE mode, and so does nothing at all until the lock is gone or
    /// its own time limit ends the wait. Not who wants ACCESS EXCLUSIVE, for a TRUNCATE for example: readers, this
    /// program among them, would wait behind it.
    ///
    /// @param session another session than `locks`
    /// @return by pid; two readings of one wait are equal, those of two waits are not (before 14, where the
    /// server does not say since when, if they are of different statements)
    public static Map<Integer, String> read(DbSession session, int locks) throws SQLException {
        // Not a join of the locks with themselves: without statistics of that view it is a loop in a loop, which took 8
        // seconds with 5,000 tables.
        String since = session.major() >= 14 ? "coalesce(w.waitstart, a.query_start)" : "a.query_start";
        var waits = new HashMap<Integer, String>();
        try (PreparedStatement query = session.jdbc().prepareStatement("""
                with l as (select * from pg_catalog.pg_locks where locktype = 'relation')
                select w.pid, w.virtualtransaction || ' ' || w.relation || ' ' || coalesce(%s::text, '')
                  from l w
                  join pg_catalog.pg_stat_activity a on a.pid = w.pid
                 where not w.granted and w.mode not in ('AccessShareLock', 'AccessExclusiveLock')
                   and w.database = (select oid from pg_catalog.pg_database where datname = current_database())
                   and w.relation = any (array(select h.relation from l h
                                                where h.pid = ? and h.granted and h.mode = 'ExclusiveLock'))
                """.formatted(since))) {
            query.setInt(1, locks);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    waits.put(row.getInt(1), row.getString(2));
                }
            }
        }
        return waits;
    }

    /// Whether a backend of ours, of this process or of one before it, still holds tables in EXCLUSIVE mode.
    ///
    /// @param application what it calls itself
    public static boolean kept(Connection connection, String application) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                select from pg_catalog.pg_stat_activity a join pg_catalog.pg_locks l on l.pid = a.pid
                 where a.datname = current_database() and a.usename = current_user and a.application_name = ?
                   and l.locktype = 'relation' and l.mode = 'ExclusiveLock' and l.granted
                """)) {
            query.setString(1, application);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    /// The server's clock, as text that `timestamptz` reads exactly.
    public static String now(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select clock_timestamp()::text");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    /// Who waits to have a table that `locks` holds for itself alone, for a TRUNCATE for example: every
    /// reader would wait behind it.
    public static Set<Integer> wantAlone(Connection connection, int locks) throws SQLException {
        var pids = new HashSet<Integer>();
        try (PreparedStatement query = connection.prepareStatement("""
                with l as (select * from pg_catalog.pg_locks where locktype = 'relation')
                select w.pid from l w
                 where not w.granted and w.mode = 'AccessExclusiveLock'
                   and w.database = (select oid from pg_catalog.pg_database where datname = current_database())
                   and w.relation = any (array(select h.relation from l h
                                                where h.pid = ? and h.granted and h.mode = 'ExclusiveLock'))
                """)) {
            query.setInt(1, locks);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    pids.add(row.getInt(1));
                }
            }
        }
        return pids;
    }

    /// For PL/pgSQL: `from …` those in `pg_stat_activity a` whom our role may end and who began before `cutoff`, or
    /// whose transaction began before the variable `confirmed` and may not see the mark.
    ///
    /// @param roles if only these were to be ended: of the others then those who wait, or have a snapshot or
    ///              a transaction that wrote, from before `confirmed`. Whoever has none takes a new one and
    ///              sees the mark
    static String mayWrite(Set<Integer> ours, String cutoff, Optional<Set<Long>> roles) {
        String old = roles.map(LockWaits::oneOf).orElse("true");
        String snapshot = roles.isEmpty()
                ? "true"
                : "(" + old + " or a.backend_xmin is not null or a.backend_xid is not null"
                        + " or a.wait_event_type = 'Lock')";
        return """
                from pg_catalog.pg_stat_activity a
                  join pg_catalog.pg_roles r on r.oid = a.usesysid
                  join pg_catalog.pg_roles me on me.rolname = current_user
                 where a.datname = current_database()
                   and (a.backend_type = 'client backend'
                        or a.backend_type is null
                           and not exists (select from pg_catalog.pg_stat_replication p where p.pid = a.pid)
                           and not exists (select from pg_catalog.pg_stat_subscription p where p.pid = a.pid))
                   and not (a.pid = any ('{%s}'::int[]) and a.application_name like 'handover%%')
                   and (%s and coalesce(a.backend_start < %s::timestamptz, true)
                        or coalesce(a.xact_start <= confirmed, false) and %s)
                   and %s
                """.formatted(
                        ours.stream().map(String::valueOf).collect(Collectors.joining(",")),
                        old,
                        SqlNames.literal(cutoff),
                        snapshot,
                        Sessions.MAY_END);
    }

    private static String oneOf(Set<Long> roles) {
        return "a.usesysid = any ('{"
                + roles.stream().sorted().map(String::valueOf).collect(Collectors.joining(",")) + "}'::oid[])";
    }
}

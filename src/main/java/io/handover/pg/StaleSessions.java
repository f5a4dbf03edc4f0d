package io.handover.pg;

import io.handover.model.Session;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Sessions that are read-only although their database no longer is: a session keeps the default that it began with,
/// and an application whose pool has such a one fails again and again until somebody closes it.
///
/// Nobody can see what default a session has, so all are ended that may have begun with the wrong one. When a session
/// began says too little in two cases:
/// - Between the moment the server forked it, which counts as its beginning, and the moment it reads the settings lies
///   its log-in, which `authentication_timeout` bounds. Who began shortly before the mark therefore counts as read-only
///   unless it was in the list of sessions then: `handover.mark` keeps those.
/// - It stands in no list before it has read the settings, and for a moment after: `letIn`.
public final class StaleSessions {

    /// Backends that are just starting in this database, as a subquery of pids. Such a one may have read the
    /// database's settings already and be in no list of sessions yet; it holds a lock on the database until it is.
    static final String STARTING = """
            select l.pid
              from pg_catalog.pg_locks l
              join pg_catalog.pg_database d on d.oid = l.objid and d.datname = current_database()
             where l.locktype = 'object' and l.classid = 'pg_catalog.pg_database'::regclass
               and l.mode = 'RowExclusiveLock' and l.granted
            """;

    /// Who has certainly read the settings before now, of those who began lately.
    static final String WRITABLE = """
            array(select w.pid from pg_catalog.pg_stat_activity w
                   where w.datname = current_database() and w.state is distinct from 'starting'
                     and coalesce(w.backend_start >= clock_timestamp()
                                  - current_setting('authentication_timeout')::interval, true))""";

    /// Whether the session `a` of `pg_stat_activity` may be read-only by the row `m` of `handover.mark`. Unknown if
    /// its beginning cannot be seen.
    static final String STALE = """
            (a.backend_start >= m.marked_at
             or a.backend_start >= m.marked_at - current_setting('authentication_timeout')::interval
                and a.pid <> all (m.writable))""";

    private StaleSessions() {}

    /// Waits until those that are just starting are in the list of sessions, or have ended.
    ///
    /// @return false if one of them still is not after `limit`
    public static boolean letIn(Connection connection, Duration limit) throws SQLException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Set<Integer> starting = Sessions.starting(connection);
        while (!starting.isEmpty()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(1); // writers may be waiting
            starting.retainAll(Sessions.starting(connection));
        }
        return true;
    }

    /// Ends all that may have become read-only by the attempt whose mark has just been taken back; of the roles alone
    /// that it named, if it named some.
    ///
    /// @param ours  `Server.backends()`
    /// @param limit how long those that are just starting are waited for
    /// @return true if none is left; false if one may not be ended, or was starting all the time
    public static boolean end(DbSession owner, Set<Integer> ours, Duration limit)
            throws SQLException, InterruptedException {
        boolean in = letIn(owner.jdbc(), limit);
        List<Session> sessions = Sessions.stale(owner.jdbc(), ours);
        Optional<Set<Long>> roles = FrozenRoles.stale(owner.jdbc());
        if (roles.isPresent()) {
            sessions = Sessions.ofRoles(owner.jdbc(), sessions, roles.get());
        }
        Set<Integer> stale = new HashSet<>();
        sessions.forEach(session -> stale.add(session.pid()));
        Set<Integer> endable = Sessions.endable(owner.jdbc(), stale);
        Sessions.end(owner, endable);
        return in && endable.containsAll(stale);
    }

    /// Backends that are just starting, see `STARTING`.
    static Set<Integer> starting(Connection connection) throws SQLException {
        var pids = new HashSet<Integer>();
        try (PreparedStatement query = connection.prepareStatement(STARTING);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                pids.add(row.getInt(1));
            }
        }
        return pids;
    }
}

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

    /// For `endAlone`, of the session that runs it: yes if it has taken the mark back itself.
    private static final String TAKEN_BACK = "handover.taken_back";

    /// PL/pgSQL of a backend that works without a client: notes that it is the one who takes the mark back.
    static final String NOTE_TAKEN_BACK = "perform pg_catalog.set_config('" + TAKEN_BACK + "', 'yes', false);";

    private StaleSessions() {}

    /// The same as `end` as a statement for a backend that works without a client, once it has committed that it
    /// took the mark back: nothing happens if somebody else did. Not in that transaction: a session that begins
    /// between the end of the list and the commit would stay read-only for good. (PostgreSQL 10 has no COMMIT
    /// inside a block.)
    ///
    /// @param attempt a condition for the row of `handover.mark`
    /// @param first   PL/pgSQL to run before, perhaps nothing
    static String endAlone(String attempt, String first) {
        return """
                do $handover$
                declare starting integer[];
                begin
                  if current_setting('%1$s', true) = 'yes' then
                    %2$s
                    starting := array(%3$s);
                    for i in 1 .. 200 loop
                      exit when not exists (%3$s and l.pid = any (starting));
                      perform pg_catalog.pg_sleep(0.01);
                    end loop;
                    perform pg_catalog.pg_stat_clear_snapshot();
                    perform pg_catalog.pg_terminate_backend(a.pid)
                       from pg_catalog.pg_stat_activity a, pg_catalog.pg_roles r, pg_catalog.pg_roles me,
                            (select marked_at, writable from handover.mark where %4$s and state = 'owns') m
                      where a.datname = current_database() and a.backend_type = 'client backend'
                        and %5$s and %6$s and a.application_name not like 'handover%%'
                        and r.oid = a.usesysid and me.rolname = current_user and %7$s;
                    update handover.mark set marked_at = null, writable = null where %4$s and state = 'owns';
                    if found then
                      %8$s
                    end if;
                  end if;
                end
                $handover$""".formatted(
                        TAKEN_BACK,
                        first,
                        STARTING.strip(),
                        attempt,
                        STALE,
                        FrozenRoles.WAS_FROZEN.indent(24).strip(),
                        Sessions.MAY_END.strip(),
                        FrozenRoles.FORGET.indent(22).strip());
    }

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

package io.handover.engine.cutover;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import io.handover.model.Session;
import io.handover.pg.DbSession;
import io.handover.pg.Server;
import io.handover.pg.Sessions;
import io.handover.pg.StaleSessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Ends other people's sessions on one server and waits until they are gone.
final class SessionsEnd {

    private static final int TELL_AGAIN = 100;

    private final Server server;
    private final DbSession session;

    /// Works by `session` on `server`.
    SessionsEnd(Server server, DbSession session) {
        this.server = server;
        this.session = session;
    }

    /// Ends everybody who may have begun before now; who begins later stays. First those that are just
    /// starting are let into the list: one of them may have read the database's settings as they were before.
    ///
    /// @return how many
    /// @throws Setback if somebody cannot be ended, or is still there after `limit`
    int everybody(Duration limit) throws SQLException, Setback, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        letIn(limit);
        List<Session> old = Sessions.others(session.jdbc(), server.backends());
        those(old, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        return old.size();
    }

    /// The same for the sessions of `roles` alone.
    ///
    /// @param roles OIDs
    int ofRoles(Set<Long> roles, Duration limit) throws SQLException, Setback, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        letIn(limit);
        List<Session> old = Sessions.ofRoles(session.jdbc(), Sessions.others(session.jdbc(), server.backends()), roles);
        those(old, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        return old.size();
    }

    /// Waits until those that are just starting are in the list of sessions.
    ///
    /// @throws Setback if one of them still is not after `limit`
    void letIn(Duration limit) throws SQLException, Setback, InterruptedException {
        if (!StaleSessions.letIn(session.jdbc(), limit)) {
            throw new Setback(CutoverProblems.cannotEnd(List.of()));
        }
    }

    /// Ends `sessions`.
    void those(List<Session> sessions, Duration limit) throws SQLException, Setback, InterruptedException {
        if (sessions.isEmpty()) {
            return;
        }
        long end = System.nanoTime() + limit.toNanos();
        Set<Integer> left = pids(sessions);
        Set<Integer> endable = endable(sessions);
        for (int look = 0; !left.isEmpty(); look++) {
            Set<Integer> mine = new HashSet<>(left);
            mine.retainAll(endable);
            if (mine.isEmpty()) {
                left.retainAll(pids(Sessions.others(session.jdbc(), server.backends()))); // some had gone by then
                break;
            }
            if (look % TELL_AGAIN == 0) {
                Sessions.end(session, mine);
            }
            if (System.nanoTime() - end >= 0) {
                break;
            }
            rest();
            left.retainAll(pids(Sessions.others(session.jdbc(), server.backends())));
        }
        if (!left.isEmpty()) {
            throw new Setback(CutoverProblems.cannotEnd(
                    sessions.stream().filter(s -> left.contains(s.pid())).toList()));
        }
    }

    private Set<Integer> endable(List<Session> sessions) throws SQLException {
        return Sessions.endable(session.jdbc(), pids(sessions));
    }

    private static Set<Integer> pids(List<Session> sessions) {
        return sessions.stream().map(Session::pid).collect(Collectors.toCollection(HashSet::new));
    }

    static void rest() throws InterruptedException {
        rest(1);
    }

    /// A wait in the middle of what must be brought to its end: nobody can stop it.
    static void rest(long millis) throws InterruptedException {
        try {
            new Gate().pause(millis);
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody can stop a gate of one's own", e);
        }
    }
}

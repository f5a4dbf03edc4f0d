package io.handover.engine.cutover;

import io.handover.model.Session;
import io.handover.pg.DbSession;
import io.handover.pg.LockWaits;
import io.handover.pg.Server;
import io.handover.pg.Sessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The sessions that began before the database became read-only for new ones. In the pause each of them waits for the
/// locks, and so does nothing, or is ended. They are not all ended, because the application's writers would come back
/// while the pause lasts, and their log-ins would take their time from it.
///
/// In a freeze by role all of the named roles are ended, and those of others are looked at but left.
final class OldSessions {

    private static final int TELL_AGAIN = 100;

    private final Server server;
    private final DbSession owner;
    private final int locks;
    private final Optional<Set<Long>> roles;
    private String cutoff = "";
    private List<Session> old = List.of();
    private Map<Integer, String> waits = Map.of();

    /// @param owner the session that looks
    /// @param locks the backend that holds the locks
    /// @param roles OIDs: only their sessions are ended; empty for everybody's
    OldSessions(Server server, DbSession owner, int locks, Optional<Set<Long>> roles) {
        this.server = server;
        this.owner = owner;
        this.locks = locks;
        this.roles = roles;
    }

    /// Those of the attempt's old owner, looked at by its own session.
    static OldSessions of(Attempt attempt) {
        return new OldSessions(
                attempt.fromServer(),
                attempt.lines.owner(),
                attempt.lines.locks().pid(),
                attempt.roles());
    }

    /// Asks what the pause will ask, and ends nobody.
    void rehearse() throws SQLException {
        var _ = Sessions.starting(owner.jdbc());
        var _ = LockWaits.read(owner, locks);
        var _ = LockWaits.wantAlone(owner.jdbc(), locks);
        var _ = Sessions.endable(owner.jdbc(), pids(Sessions.others(owner.jdbc(), server.backends())));
    }

    /// Ends all of them.
    ///
    /// @return how many
    /// @throws Setback if somebody cannot be ended, or is still there after `limit`
    int endAll(Duration limit) throws SQLException, Setback, InterruptedException {
        cutoff = LockWaits.now(owner.jdbc());
        waits = Map.of();
        var end = new SessionsEnd(server, owner);
        return roles.isEmpty() ? end.everybody(limit) : end.ofRoles(roles.get(), limit);
    }

    /// Who of the roles that were not ended waits for the locks now. Whoever wants a table for itself alone
    /// is ended: everybody who only reads would have to wait behind it.
    ///
    /// @return whether they are the same as at the last look, and have waited without a break
    boolean othersWaitAsBefore() throws SQLException {
        endWhoWantAlone();
        Map<Integer, String> now = LockWaits.read(owner, locks);
        boolean same = now.equals(waits);
        waits = now;
        return same;
    }

    /// Ends whoever waits to have a table that is locked for itself alone, a TRUNCATE for example: every reader, this
    /// program among them, would wait behind it. Called again while something is read, as one may come at any time.
    void endWhoWantAlone() throws SQLException {
        Set<Integer> alone = LockWaits.wantAlone(owner.jdbc(), locks);
        if (!alone.isEmpty()) {
            Sessions.end(owner, Sessions.endable(owner.jdbc(), alone));
        }
    }

    /// Lists those who began before now, when new sessions are read-only already, and ends nobody.
    ///
    /// @return how many there are
    /// @throws Setback if somebody cannot be ended later
    int list(Duration limit) throws SQLException, Setback, InterruptedException {
        new SessionsEnd(server, owner).letIn(limit);
        cutoff = LockWaits.now(owner.jdbc());
        old = Sessions.others(owner.jdbc(), server.backends());
        refuseUnendable(old, pids(old));
        return old.size();
    }

    /// Of those who were listed, or else of all, ends whoever does not wait for the locks, until all that are left do.
    ///
    /// @return how many were ended
    /// @throws Setback if somebody cannot be ended, or is still there after `limit`
    int settle(Duration limit) throws SQLException, Setback, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        if (cutoff.isEmpty()) {
            var _ = list(limit);
        }
        var told = new TreeSet<Integer>();
        for (int look = 0; ; look++) {
            Set<Integer> idle = idle();
            if (idle.isEmpty()) {
                return told.size();
            }
            if (System.nanoTime() - end >= 0) {
                throw new Setback(CutoverProblems.cannotEnd(
                        old.stream().filter(s -> idle.contains(s.pid())).toList()));
            }
            if (look % TELL_AGAIN == 0 || !told.containsAll(idle)) {
                Sessions.end(owner, idle);
                told.addAll(idle);
            }
            SessionsEnd.rest();
        }
    }

    /// Whether all who were listed wait for the locks already, so that nobody has to be ended.
    boolean allWait() throws SQLException {
        return idle().isEmpty();
    }

    /// Who of those who were listed does not wait for the locks; the others are remembered.
    private Set<Integer> idle() throws SQLException {
        Map<Integer, String> waiting = new HashMap<>(LockWaits.read(owner, locks));
        Set<Integer> present = pids(Sessions.others(owner.jdbc(), server.backends()));
        present.retainAll(pids(old));
        waiting.keySet().retainAll(present);
        waits = waiting;
        var idle = new TreeSet<>(present);
        idle.removeAll(waiting.keySet());
        return idle;
    }

    /// Whether all of them have waited without a break since `settle`. If not, what one of them may have done in
    /// between (drawn from a sequence, written a large object) must be looked at again.
    boolean still() throws SQLException {
        Map<Integer, String> now = new HashMap<>(LockWaits.read(owner, locks));
        now.keySet().retainAll(waits.keySet());
        return now.equals(waits);
    }

    /// Who waits.
    Set<Integer> waiting() {
        return Set.copyOf(waits.keySet());
    }

    /// Whoever began later, by the server's clock, is read-only by default.
    String cutoff() {
        return cutoff;
    }

    private void refuseUnendable(List<Session> old, Set<Integer> all) throws SQLException, Setback {
        Set<Integer> endable = Sessions.endable(owner.jdbc(), all);
        if (endable.containsAll(all)) {
            return;
        }
        Set<Integer> present = pids(Sessions.others(owner.jdbc(), server.backends())); // some had gone by then
        List<Session> stuck = old.stream()
                .filter(s -> !endable.contains(s.pid()) && present.contains(s.pid()))
                .toList();
        if (!stuck.isEmpty()) {
            throw new Setback(CutoverProblems.cannotEnd(stuck));
        }
    }

    private static Set<Integer> pids(List<Session> sessions) {
        return sessions.stream().map(Session::pid).collect(Collectors.toCollection(TreeSet::new));
    }
}

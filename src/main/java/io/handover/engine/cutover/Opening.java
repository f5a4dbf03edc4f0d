package io.handover.engine.cutover;

import io.handover.flow.Patience;
import io.handover.model.Session;
import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.FrozenRoles;
import io.handover.pg.LockWaits;
import io.handover.pg.Mark;
import io.handover.pg.MarkChange;
import io.handover.pg.Sessions;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Past the point of no return: opens the new owner, and lets go of the old one. Each act can be done again.
final class Opening {

    private static final Duration KEEP_TRYING = Duration.ofSeconds(60);

    /// The application is logging in to the new owner. What is left to do on both servers can wait that long.
    private static final Duration APPLICATION_FIRST = Duration.ofMillis(250);

    /// Who is sent ahead: log-ins that begin at the same moment end at the same moment, which on a small server is when
    /// the last could have ended. The others follow before anybody could tell.
    private static final int AHEAD = 2;

    private static final Duration OTHERS_LATER = Duration.ofMillis(50);

    private static final Duration SESSIONS = Duration.ofSeconds(5);

    /// Longer than a keeper waits for those whom it ends.
    private static final Duration KEPT = Duration.ofSeconds(10);

    private final Attempt attempt;

    Opening(Attempt attempt) {
        this.attempt = attempt;
    }

    /// Lets the new owner take writes; keeps trying while it cannot be reached.
    void open() throws Setback, InterruptedException {
        attempt.act(Point.OPENED, attempt.to, () -> {
            SQLException[] why = new SQLException[1];
            boolean opened = Patience.until(KEEP_TRYING, () -> {
                try {
                    openOnce(why[0] == null);
                    return true;
                } catch (SQLException e) {
                    if (!SqlFailure.connectionLost(e)) {
                        throw e;
                    }
                    why[0] = e;
                    return false;
                }
            });
            if (!opened) {
                throw why[0];
            }
            attempt.writable();
            return "";
        });
    }

    /// Ends the sessions of the new owner that began while it was the read-only follower: they would stay
    /// read-only, and an application whose pool has some would fail again and again. Only a former owner has
    /// been read-only.
    void freshSessions() throws Setback, InterruptedException {
        if (attempt.to != Side.SOURCE && stale().isEmpty()) {
            return;
        }
        attempt.act("Read-only sessions ended", "ending read-only sessions", attempt.to, () -> {
            DbSession follower = attempt.lines.follower();
            var opened = Mark.read(follower.jdbc()).flatMap(Mark::markedAt);
            if (opened.isEmpty()) {
                return "";
            }
            RolesBack.on(attempt, attempt.to);
            var end = new SessionsEnd(attempt.toServer(), follower);
            end.letIn(SESSIONS);
            List<Session> old =
                    Sessions.before(follower.jdbc(), attempt.toServer().backends(), opened.get());
            Optional<Set<Long>> roles = stale();
            if (roles.isPresent()) {
                old = Sessions.ofRoles(follower.jdbc(), old, roles.get());
            }
            end.those(old, SESSIONS);
            return old.size() + " ended";
        });
    }

    /// Of whose roles alone; empty for everybody.
    private Optional<Set<Long>> stale() throws Setback, InterruptedException {
        return attempt.act(
                "Roles looked up",
                "looking up the roles",
                attempt.to,
                () -> FrozenRoles.stale(attempt.lines.follower().jdbc()));
    }

    /// Ends who waits for the locks, then whoever else may still write, then the locks. A statement waits for its
    /// table's lock before it is told that its session is read-only, so those who wait are the application:
    /// their end is what sends it to the new owner, and it comes first.
    void release() throws Setback, InterruptedException {
        attempt.act(Point.RELEASED, attempt.from, () -> {
            DbSession control = attempt.lines.control();
            endWaiting(control);
            attempt.mark().letGo();
            boolean byItself =
                    attempt.keeper().isPresent() && attempt.keeper().get().letGo(SESSIONS);
            if (!byItself) {
                // One of a process before this, or whose connection is lost, must finish: it guards the tables.
                var _ = Patience.until(KEPT, () -> !LockWaits.kept(control.jdbc(), Lines.LOCKS));
                endOld(control);
            }
            attempt.releaseLocks();
            if (attempt.watchdog().isPresent()) {
                attempt.watchdog().get().end(control);
            }
            return "";
        });
    }

    /// What fails here is done by the keeper, a little later.
    private void endWaiting(DbSession control) throws InterruptedException {
        if (attempt.isFrozen()) {
            try {
                int locks = attempt.lines.locks().pid();
                Sessions.endWaitingFor(control, locks, AHEAD);
                TimeUnit.MILLISECONDS.sleep(OTHERS_LATER.toMillis());
                Sessions.endWaitingFor(control, locks, Integer.MAX_VALUE);
            } catch (SQLException e) {
                attempt.note("The waiting writers were not ended at once: " + SqlFailure.state(e) + ".");
            }
            TimeUnit.MILLISECONDS.sleep(APPLICATION_FIRST.toMillis());
        }
    }

    /// The keeper has not done it, or nobody knows: everybody who began before the mark was set is ended.
    private void endOld(DbSession control) throws SQLException, Setback, InterruptedException {
        var marked = Mark.read(control.jdbc()).flatMap(Mark::markedAt);
        if (marked.isPresent()) {
            Set<Integer> ours = attempt.fromServer().backends();
            var old = new ArrayList<>(Sessions.before(control.jdbc(), ours, marked.get()));
            Optional<Set<Long>> roles = FrozenRoles.of(control.jdbc(), attempt.epoch);
            if (roles.isPresent()) {
                old.retainAll(Sessions.ofRoles(control.jdbc(), old, roles.get()));
                old.addAll(
                        Sessions.holding(control.jdbc(), ours)); // their snapshot may be from before the confirmation
            }
            new SessionsEnd(attempt.fromServer(), control).those(old, SESSIONS);
        }
    }

    private void openOnce(boolean first) throws SQLException {
        if (first) {
            openBy(attempt.lines.opener());
            return;
        }
        try (DbSession fresh = attempt.toServer().openSimple("cutover opener")) {
            Durability.on(fresh);
            openBy(fresh);
        }
    }

    private void openBy(DbSession session) throws SQLException {
        var mark = new MarkChange(session, attempt.id(), attempt.from, attempt.epoch);
        if (!mark.open(session)) {
            throw new SQLException("the new owner's mark is from a later attempt or another migration", "HO001");
        }
    }
}

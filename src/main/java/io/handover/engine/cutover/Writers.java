package io.handover.engine.cutover;

import io.handover.flow.Patience;
import io.handover.model.Session;
import io.handover.model.TableRef;
import io.handover.pg.FreezeRoles;
import io.handover.pg.Sessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Whoever could write on the old owner while the pause lasts: that each waits for the locks or has been ended, and has
/// left nothing behind that neither the locks nor the stream would show.
final class Writers {

    private static final Duration BACKGROUND = Duration.ofSeconds(1);

    private final Attempt attempt;
    private final Freeze freeze;
    private final OldSessions old;

    Writers(Attempt attempt, Freeze freeze, OldSessions old) {
        this.attempt = attempt;
        this.freeze = freeze;
        this.old = old;
    }

    /// No prepared transaction: it could be committed at any time, whatever the sessions do.
    void nothingPrepared() throws Setback, InterruptedException {
        attempt.act(Point.DRAINED, attempt.from, () -> {
            List<String> prepared = Sessions.prepared(attempt.lines.owner().jdbc());
            if (!prepared.isEmpty()) {
                throw new Setback(CutoverProblems.prepared(prepared));
            }
            return "";
        });
    }

    /// Lists everybody who may have begun before the mark. They go on: whoever comes to wait for the locks by itself
    /// need not be ended, and whoever is ended early logs in again while the pause lasts.
    void listSessions() throws Setback, InterruptedException {
        attempt.act("Old sessions listed", "listing the old sessions", attempt.from, () -> {
            int listed = old.list(attempt.leftOrLate("listing the old sessions"));
            old.endWhoWantAlone();
            return listed + " listed";
        });
    }

    /// Those of a busy application all wait for the locks by the time the fence has arrived. Then nobody has to
    /// be ended, and nothing has to wait for that.
    ///
    /// @return false if somebody does not wait; nothing was done then
    boolean allSettled() throws Setback, InterruptedException {
        if (!attempt.act("Old sessions looked at", "looking at the old sessions", attempt.from, old::allWait)) {
            return false;
        }
        attempt.act(Point.SESSIONS_ENDED, attempt.from, () -> {
            nobodyWrites();
            return "0 ended, " + old.waiting().size() + " waiting";
        });
        return true;
    }

    /// Everybody who was listed waits for the locks from here on, or is ended.
    void settleSessions() throws Setback, InterruptedException {
        attempt.act(Point.SESSIONS_ENDED, attempt.from, () -> {
            int ended = old.settle(attempt.leftOrLate("ending the old sessions"));
            nobodyWrites();
            return ended + " ended, " + old.waiting().size() + " waiting";
        });
    }

    /// Everybody who may have begun before the mark is ended, who waits for the locks too.
    void endSessions() throws Setback, InterruptedException {
        attempt.act(Point.SESSIONS_ENDED, attempt.from, () -> {
            int ended = old.endAll(attempt.leftOrLate("ending the old sessions"));
            nobodyWrites();
            return ended + " ended";
        });
    }

    /// The sessions of the named roles that may have begun before the mark are ended, and no others.
    void endRoles() throws Setback, InterruptedException {
        attempt.act(Point.SESSIONS_ENDED, attempt.from, () -> {
            int ended = old.endAll(attempt.leftOrLate("ending the old sessions"));
            return ended + " of " + attempt.roles().map(Set::size).orElse(0) + " roles ended";
        });
    }

    /// Sessions of other roles go on. They wait for the locks, or do nothing that the locks would not stop:
    /// no transaction that writes elsewhere, no table that was made, no large object.
    ///
    /// @return whether those who wait are the same as at the last look
    boolean othersDoNothing() throws Setback, InterruptedException {
        boolean[] same = new boolean[1];
        attempt.act("Sessions of other roles looked at", "looking at sessions of other roles", attempt.from, () -> {
            same[0] = old.othersWaitAsBefore();
            Duration limit = shorter(attempt.leftOrLate("looking at sessions of other roles"), BACKGROUND);
            boolean none = Patience.until(limit, () -> {
                same[0] &= writing().isEmpty() || old.othersWaitAsBefore();
                return writing().isEmpty();
            });
            if (!none) {
                throw new Setback(CutoverProblems.writing(writing()));
            }
            refuse(freeze.madeSince().stream()
                    .map(table -> "the table " + table.display() + ", made just now")
                    .toList());
            refuse(FreezeRoles.unguarded(
                    attempt.lines.owner().jdbc(), attempt.with.plan().scope()));
            return old.waiting().size() + " waiting";
        });
        return same[0];
    }

    private static void refuse(List<String> unguarded) throws Setback {
        if (!unguarded.isEmpty()) {
            throw new Setback(CutoverProblems.unguarded(unguarded));
        }
    }

    /// No table has been made since the freeze was planned: nobody has locked it, and no stream carries it.
    void nothingMade() throws Setback, InterruptedException {
        attempt.act("Tables looked at again", "looking for new tables", attempt.from, () -> {
            if (!freeze.areStillThose()) {
                List<String> made =
                        freeze.madeSince().stream().map(TableRef::display).toList();
                if (!made.isEmpty()) {
                    throw new Setback(CutoverProblems.tablesMade(made));
                }
            }
            return "";
        });
    }

    /// Whether those who waited have gone on waiting, without a break.
    boolean stillWait() throws Setback, InterruptedException {
        attempt.leftOrLate("looking at the waiting sessions again");
        return attempt.act("Waiting sessions looked at again", "looking at the old sessions", attempt.from, old::still);
    }

    private void nobodyWrites() throws SQLException, Setback, InterruptedException {
        List<String> prepared = Sessions.prepared(attempt.lines.owner().jdbc());
        if (!prepared.isEmpty()) {
            throw new Setback(CutoverProblems.prepared(prepared));
        }
        // Whoever began since is read-only, but for background workers of extensions, which come and go.
        boolean none = Patience.until(
                shorter(attempt.left(), BACKGROUND), () -> writing().isEmpty());
        if (!none) {
            throw new Setback(CutoverProblems.writing(writing()));
        }
    }

    /// Whose transaction has written, but for those who wait for the locks.
    List<Session> writing() throws SQLException {
        Set<Integer> waiting = old.waiting();
        return Sessions.writing(
                        attempt.lines.owner().jdbc(), attempt.fromServer().backends())
                .stream()
                .filter(session -> !waiting.contains(session.pid()))
                .toList();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}

package io.handover.engine.cutover;

import io.handover.flow.Patience;
import io.handover.model.Session;
import io.handover.model.TableRef;
import io.handover.pg.ApplyStop;
import io.handover.pg.Durability;
import io.handover.pg.Fence;
import io.handover.pg.FreezeRoles;
import io.handover.pg.LockKeeper;
import io.handover.pg.Sessions;
import io.handover.pg.SlotMaker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/// From the freeze to just before the confirmation: while this runs writes are stopped, and all of it can be
/// undone.
final class HandingOver {

    private static final Duration BACKGROUND = Duration.ofSeconds(1);
    private static final Duration KEEPS = Duration.ofSeconds(2);
    private static final int ROUNDS = 3;

    private final Attempt attempt;
    private final Freeze freeze;
    private final ForwardStream stream;
    private final OldSessions old;

    HandingOver(Attempt attempt, Freeze freeze, ForwardStream stream) {
        this.attempt = attempt;
        this.freeze = freeze;
        this.stream = stream;
        this.old = new OldSessions(
                attempt.fromServer(),
                attempt.lines.owner(),
                attempt.lines.locks().pid(),
                attempt.roles());
    }

    /// Asks what the pause will ask, so that neither server nor this program does anything for the first time while
    /// writers wait.
    void rehearse() throws Setback, InterruptedException {
        attempt.act("Questions of the pause tried", "looking at sessions", attempt.from, () -> {
            long began = System.nanoTime();
            ask();
            var _ = WarmUp.again(began, this::ask);
            Sessions.rehearseEnd(attempt.lines.control(), attempt.lines.locks().pid());
            attempt.switchBy(attempt.parts
                    .hooks()
                    .ready(attempt.with.plan().hooks().switchOver(), HookRuns.environment(attempt, attempt.to)));
            return "";
        });
    }

    private void ask() throws SQLException, Setback, InterruptedException {
        var owner = attempt.lines.owner();
        old.rehearse();
        var _ = Sessions.prepared(owner.jdbc());
        var _ = writing();
        var _ = freeze.areStillThose();
        var _ = Fence.position(owner);
        var _ = LockKeeper.works(owner, attempt.lines.locks());
        var _ = stream.sound();
        var _ = ApplyStop.ended(attempt.lines.follower(), attempt.reverse(), BACKGROUND);
        Durability.flush(attempt.lines.follower());
    }

    /// The same of what the pause does to the marks. Not by role: there it is the roles' settings that change.
    void rehearseMarks() throws Setback, InterruptedException {
        if (attempt.roles().isEmpty()) {
            attempt.act("Moves of the mark tried", "trying the mark", attempt.from, () -> {
                long began = System.nanoTime();
                tryMarks();
                var _ = WarmUp.again(began, this::tryMarks);
                return "taken back at once";
            });
        }
    }

    private void tryMarks() throws SQLException {
        attempt.mark().rehearse(attempt.lines.opener(), freeze.futureGuard());
    }

    /// The deadline counts from the freeze: what the freeze itself took is taken off.
    void setDeadline() throws Setback, InterruptedException {
        attempt.act(Point.DEADLINE, attempt.from, () -> {
            long now = System.nanoTime();
            Duration left = attempt.with.plan().deadline().minusNanos(now - attempt.frozenNanos());
            if (left.isNegative() || left.isZero() || !attempt.mark().setDeadline(left)) {
                throw new Setback(CutoverProblems.late(attempt.with.plan().deadline(), "stopping writes"));
            }
            attempt.deadlineAt(now + left.toNanos());
            attempt.lines.impatient(left.plusSeconds(1));
            return left.toMillis() + " ms left";
        });
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

    /// New sessions are read-only from here on.
    void mark() throws Setback, InterruptedException {
        attempt.act(Point.MARKED, attempt.from, () -> {
            Duration enough = attempt.with.plan().deadline().dividedBy(10);
            boolean marked = attempt.roles().isEmpty()
                    ? attempt.mark().handOver(enough)
                    : attempt.mark().handOver(attempt.roles().get(), enough);
            if (!marked) {
                throw new Setback(CutoverProblems.late(attempt.with.plan().deadline(), "setting the mark"));
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

    /// Those of a busy application all wait for the locks by the time the fence has arrived. Then nobody has to be
    /// ended,
    /// and nothing has to wait for that.
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

    /// What does not have to wait until nobody is left who could change it.
    void passengersUnderLocks() {
        passengers().underLocks();
    }

    /// Waits for what was begun until now; some of it will be looked at again.
    void passengersSoFar() throws Setback, InterruptedException {
        attempt.act("Early part brought over", "bringing over what no stream carries", attempt.to, () -> {
            passengers().await(old::endWhoWantAlone);
            return "";
        });
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

    /// What no stream carries begins to be brought over, now that nobody is left who could change it.
    void beginPassengers() {
        passengers().begin();
    }

    /// All of it is there, the last rows are equal, and on disk.
    void endPassengers() throws Setback, InterruptedException {
        attempt.act(Point.SYNCED, attempt.to, () -> {
            passengers().await(old::endWhoWantAlone);
            return "";
        });
        attempt.parts.points().passed(Point.SETTLED);
        attempt.act(Point.DURABLE, attempt.to, () -> {
            Durability.flush(attempt.lines.follower());
            return "";
        });
    }

    /// Begins the stream of the way back. Not while anything is brought over: a slot waits for the
    /// transactions of the moment, and when it has had to wait for one, the WAL writer's pause comes on top
    /// (200 ms; measured 95 and 213).
    void wayBack() throws Setback, InterruptedException {
        attempt.act(Point.REVERSE_SLOT, attempt.to, () -> {
            var slots = new SlotMaker(attempt.toServer(), attempt.with.threads());
            Duration left = attempt.leftOrLate("making the slot for the way back");
            return "from " + slots.plain(attempt.lines.follower(), attempt.reverse(), left);
        });
    }

    /// The backend that holds the locks begins to keep them by itself. Nothing to do if there are none. Begun while
    /// the stream is turned, so that the pause does not wait for it.
    void beginToKeep() {
        if (freeze.isHeld()) {
            attempt.keptBy(LockKeeper.start(
                    attempt.lines.locks(),
                    attempt.id(),
                    attempt.epoch,
                    attempt.fromServer().backends(),
                    old.cutoff(),
                    attempt.roles(),
                    freeze.published(),
                    attempt.with.threads()));
        }
    }

    /// From here on the locks outlive this program.
    void keep() throws Setback, InterruptedException {
        if (!freeze.isHeld()) {
            return;
        }
        attempt.act(Point.KEPT, attempt.from, () -> {
            LockKeeper keeper = attempt.keeper().orElseThrow();
            Duration left = attempt.leftOrLate("leaving the locks to the server");
            if (!keeper.keeps(attempt.lines.owner(), shorter(left, KEEPS))) {
                throw new Setback(CutoverProblems.tookBack("the session that held the locks was lost"));
            }
            return "";
        });
    }

    /// The last look at the sessions that wait: one that has given up waiting may have drawn from a sequence, so that
    /// must be brought over again. Nothing to do if all were ended.
    void lookAgain() throws Setback, InterruptedException {
        if (attempt.roles().isPresent()) {
            lookAtOthersAgain();
            return;
        }
        for (int round = 0; !stillWait(); round++) {
            if (round < ROUNDS) {
                settleSessions();
            } else {
                endSessions();
            }
            beginPassengers();
            nothingMade();
            endPassengers();
            if (round >= ROUNDS) {
                return;
            }
        }
    }

    /// One that has come to wait may have drawn from a sequence. Those who come again and again do not keep
    /// it from being confirmed: sequences are looked at once more when the locks are gone.
    private void lookAtOthersAgain() throws Setback, InterruptedException {
        for (int round = 0; !othersDoNothing() && round < ROUNDS; round++) {
            beginPassengers();
            endPassengers();
        }
    }

    private boolean stillWait() throws Setback, InterruptedException {
        attempt.leftOrLate("looking at the waiting sessions again");
        return attempt.act("Waiting sessions looked at again", "looking at the old sessions", attempt.from, old::still);
    }

    /// **The point of no return.**
    ///
    /// @param intent the journal's line about it, on its way
    /// @return whether the other side owns the data now; false if it was taken back
    /// @throws Unknown if nobody can tell
    boolean confirm(Future<?> intent) throws Setback, Unknown, InterruptedException {
        attempt.publisher.finish(intent);
        boolean[] confirmed = new boolean[1];
        Unknown[] unknown = new Unknown[1];
        attempt.act(Point.CONFIRMED, attempt.from, () -> {
            try {
                confirmed[0] = attempt.mark().confirm(freeze.guard());
                return "";
            } catch (SQLException e) {
                unknown[0] = new Unknown(e);
                return "no answer";
            }
        });
        if (unknown[0] != null) {
            throw unknown[0];
        }
        return confirmed[0];
    }

    /// The confirmation was sent, and no answer came.
    static final class Unknown extends Exception {
        private static final long serialVersionUID = 1L;

        Unknown(SQLException cause) {
            super(cause);
        }
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

    private List<Session> writing() throws SQLException {
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

    private Passengers passengers() {
        return attempt.passengers().orElseThrow();
    }
}

package io.handover.engine.cutover;

import io.handover.pg.Durability;
import io.handover.pg.LockKeeper;
import io.handover.pg.SlotMaker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;

/// From the freeze to just before the confirmation: while this runs writes are stopped, and all of it can be
/// undone.
final class HandingOver {

    private static final Duration KEEPS = Duration.ofSeconds(2);
    private static final int ROUNDS = 3;

    private final Attempt attempt;
    private final Freeze freeze;
    private final OldSessions old;
    private final Writers writers;

    HandingOver(Attempt attempt, Freeze freeze, OldSessions old, Writers writers) {
        this.attempt = attempt;
        this.freeze = freeze;
        this.old = old;
        this.writers = writers;
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
        for (int round = 0; !writers.stillWait(); round++) {
            if (round < ROUNDS) {
                writers.settleSessions();
            } else {
                writers.endSessions();
            }
            beginPassengers();
            writers.nothingMade();
            endPassengers();
            if (round >= ROUNDS) {
                return;
            }
        }
    }

    /// One that has come to wait may have drawn from a sequence. Those who come again and again do not keep
    /// it from being confirmed: sequences are looked at once more when the locks are gone.
    private void lookAtOthersAgain() throws Setback, InterruptedException {
        for (int round = 0; !writers.othersDoNothing() && round < ROUNDS; round++) {
            beginPassengers();
            endPassengers();
        }
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

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private Passengers passengers() {
        return attempt.passengers().orElseThrow();
    }
}

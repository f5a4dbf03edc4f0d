package io.handover.engine.cutover;

import io.handover.model.CutoverReport.Outcome;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.pg.DbSession;
import io.handover.pg.Mark;
import io.handover.pg.MarkChange;
import io.handover.pg.Publications;
import io.handover.pg.Sessions;
import io.handover.pg.SlotMaker;
import io.handover.pg.SqlFailure;
import io.handover.pg.StaleSessions;
import io.handover.pg.SubscriptionReading;
import io.handover.pg.Subscriptions;
import io.handover.pg.Watchdog;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Takes an unconfirmed attempt back: the old owner writable first, everything else after. May be done again,
/// by another process too.
final class Undo {

    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final Duration STARTING = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofSeconds(5);

    private final Attempt attempt;

    Undo(Attempt attempt) {
        this.attempt = attempt;
    }

    /// What came of it.
    sealed interface Result {
        /// The old owner takes writes and is followed as before.
        record Back() implements Result {}

        /// It was confirmed after all: go forward.
        record Confirmed() implements Result {}

        /// It could not be undone, or not all of it.
        record NotBack(Problem problem) implements Result {}
    }

    /// Undoes all of it.
    ///
    /// @param why what stood in the way; goes into the report
    Result run(Problem why) throws InterruptedException {
        attempt.releaseLocks();
        if (attempt.isArmed()) {
            switch (ask()) {
                case MarkAsker.Standing.TakenBack(Mark mark) -> {
                    if (mark.markedAt().isPresent()) {
                        freshSessions();
                    }
                }
                case MarkAsker.Standing.HandedOver() -> {
                    return new Result.Confirmed();
                }
                case MarkAsker.Standing.NotOurs() -> {
                    return new Result.NotBack(CutoverProblems.somebodyElse(attempt.from));
                }
                case MarkAsker.Standing.NoAnswer(SQLException no) -> {
                    attempt.poolers.leaveWaiting(); // as after a restart
                    return new Result.NotBack(CutoverProblems.ownerSilent(attempt.from, no));
                }
            }
        }
        endKeeper();
        if (attempt.isArmed()) {
            RolesBack.on(attempt, attempt.from);
        }
        attempt.writable();
        attempt.passengers().ifPresent(Passengers::breakOff);
        attempt.poolers.resume(false);
        attempt.parts.points().passed(Point.UNDONE);
        endWatchdog();
        Optional<Problem> stream = stream();
        if (stream.isPresent()) {
            return new Result.NotBack(stream.get());
        }
        removeReverse();
        settle(why);
        return new Result.Back();
    }

    /// Asks the mark by trying to take it back, until the watchdog must long have decided.
    MarkAsker.Standing ask() throws InterruptedException {
        Duration left = attempt.left();
        return new MarkAsker(attempt.fromServer(), attempt.id(), attempt.from, attempt.epoch)
                .takeBack(Optional.of(attempt.lines.control()), left.isNegative() ? GRACE : left.plus(GRACE));
    }

    private void settle(Problem why) {
        attempt.problem(why);
        if (attempt.isArmed()) {
            // after the intents, which are written while the cutover goes on: one that stayed open would have
            // every start ask the mark again
            attempt.publisher.finish(attempt.publisher.later(() -> {
                attempt.with.outcome("confirm", false, why.code());
                attempt.with.outcome("cutover", false, why.code());
            }));
        }
        if (attempt.isStaged()) {
            attempt.with.enter(attempt.from == Side.SOURCE ? Stage.STREAMING : Stage.REVERSE_OPEN);
        }
        attempt.outcome(Outcome.UNDONE);
    }

    /// Sessions that began during the read-only time would stay read-only.
    private void freshSessions() throws InterruptedException {
        try {
            DbSession owner = attempt.lines.reviveFrom();
            boolean all = StaleSessions.end(owner, attempt.fromServer().backends(), STARTING);
            new MarkChange(owner, attempt.id(), attempt.from, attempt.epoch).forgetReadOnly();
            if (!all) {
                attempt.note("Some sessions on the " + attempt.from.word()
                        + " are still read-only, as they began during the handing over; let them connect again.");
            }
        } catch (SQLException e) {
            attempt.note("Sessions on the " + attempt.from.word()
                    + " that began during the handing over may still be read-only; let them connect again ("
                    + SqlFailure.state(e) + ").");
        }
    }

    /// It lets the locks go when it sees the mark; told as well, so that production waits for nothing.
    private void endKeeper() {
        if (attempt.keeper().isPresent()) {
            try {
                Sessions.end(
                        attempt.lines.reviveFrom(),
                        List.of(attempt.lines.locks().pid()));
            } catch (SQLException e) {
                attempt.note("The session that keeps the locks was not ended: " + SqlFailure.state(e) + ".");
            }
        }
    }

    private void endWatchdog() {
        try {
            Watchdog.endAll(attempt.lines.reviveFrom());
        } catch (SQLException e) {
            // It finds nothing to watch and ends by itself within a second.
            attempt.note("The watchdog was not ended: " + SqlFailure.state(e) + ".");
        }
    }

    /// Lets the stream go on.
    private Optional<Problem> stream() throws InterruptedException {
        try {
            DbSession to = attempt.lines.reviveTo();
            var state = Subscriptions.state(to.jdbc(), attempt.forward());
            if (state instanceof SubscriptionReading.Present present && !present.enabled()) {
                Subscriptions.enable(to, attempt.forward());
            }
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(CutoverProblems.streamDisabled(attempt.from, attempt.forward(), e));
        }
    }

    /// A slot that nobody reads keeps the log of its server.
    private void removeReverse() throws InterruptedException {
        try {
            DbSession to = attempt.lines.reviveTo();
            SlotMaker.drop(to, attempt.reverse(), SHORT);
            Publications.drop(to, attempt.reverse());
        } catch (SQLException e) {
            attempt.note("On the " + attempt.to.word() + " a slot may be left that keeps its log: "
                    + "select pg_drop_replication_slot('" + attempt.reverse() + "') (" + SqlFailure.state(e) + ").");
        }
    }
}

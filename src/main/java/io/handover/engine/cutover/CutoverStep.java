package io.handover.engine.cutover;

import io.handover.engine.step.Problems;
import io.handover.engine.step.Step;
import io.handover.engine.step.StepContext;
import io.handover.engine.step.StepContext.JournalBroken;
import io.handover.engine.step.StepOutcome;
import io.handover.flow.StoppedException;
import io.handover.model.CutoverReport;
import io.handover.model.CutoverReport.Outcome;
import io.handover.model.FreezeMethod;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.Mark;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Future;

/// Hands the data over from one side to the other: all of it, or everything is undone. A roll back is the
/// same from the target. What it guards against: see the package.
///
/// Ends in `Done` when the other side is open and the way back runs; in `Failed` when it was undone (the
/// stage is as it was before) or when something is wrong afterwards (the report's problem says what); in
/// `Ambiguous` if the old owner could not be asked whether it was confirmed.
public final class CutoverStep implements Step {

    private final Side from;
    private final CutoverParts parts;
    private final boolean asked;

    /// One that a person asked for.
    ///
    /// @param from the side that owns the data now
    public CutoverStep(Side from, CutoverParts parts) {
        this(from, parts, true);
    }

    /// @param asked false if the app rolls back by itself: then no condition and no hook may refuse
    CutoverStep(Side from, CutoverParts parts, boolean asked) {
        this.from = from;
        this.parts = parts;
        this.asked = asked;
    }

    /// Goes on, after a restart, with one that may have been under way: forward if it was confirmed, else
    /// back.
    ///
    /// @param asked from where a person asked to hand over
    /// @param last  the last report in the journal. One that is not over says itself from where: the app may
    ///              have been rolling back by itself. One that is over is of an earlier cutover
    public static Step resume(Side asked, CutoverParts parts, Optional<CutoverReport> last) {
        var open = last.filter(report -> report.outcome() == Outcome.RUNNING || report.outcome() == Outcome.CONFIRMED);
        return new Resumption(open.map(CutoverReport::from).orElse(asked), parts, open);
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        Finish.Result result;
        try (var lines = Lines.open(with.server(from), with.server(from.other()));
                var attempt = new Attempt(with, parts, from, nextEpoch(lines), lines, Optional.empty())) {
            result = run(attempt);
        } catch (Setback e) {
            return new StepOutcome.Failed(e.problem());
        }
        return result.rollBack().isPresent() ? rollBack(with, result.rollBack().get()) : result.outcome();
    }

    private Finish.Result run(Attempt attempt) throws InterruptedException {
        try {
            attempt.outcome(Outcome.RUNNING);
            if (!confirmed(attempt)) {
                return undo(attempt, CutoverProblems.tookBack("the deadline had come, or the locks were gone"));
            }
        } catch (Setback e) {
            return undo(attempt, e.problem());
        } catch (HandingOver.Unknown e) {
            return afterSilence(attempt, e);
        } catch (StoppedException e) {
            Finish.Result result = undo(attempt, CutoverProblems.stopped());
            return result.outcome() instanceof StepOutcome.Failed(Problem problem)
                            && problem.code().equals("stopped")
                    ? new Finish.Result(new StepOutcome.Stopped(), Optional.empty())
                    : result;
        } catch (InterruptedException e) {
            undo(attempt, CutoverProblems.interrupted());
            throw e;
        } catch (JournalBroken e) {
            undo(attempt, CutoverProblems.journal(String.valueOf(e.getMessage())));
            throw e;
        } catch (RuntimeException e) {
            undo(attempt, CutoverProblems.bug(e));
            throw e;
        }
        return finish(attempt);
    }

    /// Everything up to and with the point of no return.
    private boolean confirmed(Attempt attempt)
            throws Setback, HandingOver.Unknown, StoppedException, InterruptedException {
        var preparation = new Preparation(attempt);
        if (asked) {
            preparation.gates();
            preparation.hook();
        }
        attempt.with.gate().pass();
        preparation.roles(asked);
        preparation.wayBack(asked);
        preparation.ahead();
        Freeze freeze = attempt.act("Freeze planned", "reading the tables", from, () -> Freeze.of(attempt));
        if (asked) {
            freeze.allFollow();
        }
        var stream = new ForwardStream(attempt);
        var old = OldSessions.of(attempt);
        var writers = new Writers(attempt, freeze, old);
        var handing = new HandingOver(attempt, freeze, old, writers);
        var trial = new PauseTrial(attempt, freeze, stream, old, writers);
        trial.questions();
        stream.tryOut();
        preparation.arm();
        trial.marks();
        attempt.enterFreeze();
        attempt.poolers.pause(asked);
        Future<?> intent = switch (attempt.method()) {
            case LOCK_TABLES -> {
                freeze.lock(stream::tryOut);
                handing.passengersUnderLocks();
                handing.setDeadline();
                var line = intent(attempt);
                stream.plantFence(); // on its way while the sessions are seen to
                writers.nothingPrepared();
                handing.mark();
                writers.listSessions();
                stream.fenceArrives();
                yield line;
            }
            case END_SESSIONS -> {
                attempt.frozen(System.nanoTime());
                handing.setDeadline();
                handing.mark();
                var line = intent(attempt);
                writers.endSessions();
                freeze.lockEmptied();
                writers.nothingPrepared();
                stream.plantFence();
                stream.fenceArrives();
                yield line;
            }
            case NAMED_ROLES -> {
                attempt.frozen(System.nanoTime());
                handing.setDeadline();
                handing.mark();
                var line = intent(attempt);
                writers.endRoles();
                freeze.lockAmongOthers();
                writers.nothingPrepared();
                var _ = writers.othersDoNothing();
                stream.plantFence();
                stream.fenceArrives();
                yield line;
            }
        };
        boolean locked = attempt.method() == FreezeMethod.LOCK_TABLES;
        if (locked && !writers.allSettled()) {
            handing.beginToKeep();
            stream.stop();
            handing.passengersSoFar();
            handing.wayBack();
            writers.settleSessions(); // as late as can be: by now most of the application waits for the locks
            handing.beginPassengers();
            writers.nothingMade();
            handing.endPassengers();
        } else {
            handing.beginPassengers();
            handing.beginToKeep();
            writers.nothingMade();
            stream.stop();
            handing.endPassengers();
            handing.wayBack();
        }
        handing.keep();
        handing.lookAgain();
        return handing.confirm(intent);
    }

    /// Written while something else is waited for: the pause is not longer by it.
    private static Future<?> intent(Attempt attempt) {
        return attempt.publisher.later(() -> attempt.with.intent("confirm", "epoch " + attempt.epoch));
    }

    private Finish.Result finish(Attempt attempt) throws InterruptedException {
        // A roll back that fails afterwards is not rolled back again: nobody would know where it ends.
        return new Finish(attempt, asked && from == Side.SOURCE).run();
    }

    private Finish.Result undo(Attempt attempt, Problem why) throws InterruptedException {
        return switch (new Undo(attempt).run(why)) {
            case Undo.Result.Back() -> ended(new StepOutcome.Failed(why));
            case Undo.Result.Confirmed() -> finish(attempt);
            case Undo.Result.NotBack(Problem problem) -> ended(new StepOutcome.Failed(problem));
        };
    }

    /// The confirmation was sent and no answer came: the locks stay until the mark has said how it ended.
    private Finish.Result afterSilence(Attempt attempt, HandingOver.Unknown silence) throws InterruptedException {
        return switch (new Undo(attempt).ask()) {
            case MarkAsker.Standing.HandedOver() -> finish(attempt);
            case MarkAsker.Standing.TakenBack _ ->
                undo(attempt, CutoverProblems.tookBack("the connection was lost while confirming"));
            case MarkAsker.Standing.NotOurs() -> ended(new StepOutcome.Failed(CutoverProblems.somebodyElse(from)));
            case MarkAsker.Standing.NoAnswer(SQLException why) -> {
                why.addSuppressed(silence);
                attempt.poolers.leaveWaiting();
                yield ended(new StepOutcome.Ambiguous(CutoverProblems.unclear(from, why)));
            }
        };
    }

    private StepOutcome rollBack(StepContext with, Problem why) throws InterruptedException {
        with.note("Rolling back by itself: " + why.what());
        return switch (new CutoverStep(from.other(), parts, false).run(with)) {
            case StepOutcome.Done() -> new StepOutcome.Failed(CutoverProblems.rolledBack(why));
            case StepOutcome.Failed(Problem problem) ->
                new StepOutcome.Failed(CutoverProblems.notRolledBack(why, from.other(), problem.what()));
            case StepOutcome.Stopped stopped -> stopped;
            case StepOutcome.Ambiguous ambiguous -> ambiguous;
        };
    }

    private static Finish.Result ended(StepOutcome outcome) {
        return new Finish.Result(outcome, Optional.empty());
    }

    private long nextEpoch(Lines lines) throws Setback {
        try {
            long here = Mark.read(lines.owner().jdbc()).map(Mark::epoch).orElse(0L);
            long there = Mark.read(lines.follower().jdbc()).map(Mark::epoch).orElse(0L);
            return Math.max(here, there) + 1;
        } catch (SQLException e) {
            throw new Setback(Problems.of(e, from, "reading the mark"), e);
        }
    }
}

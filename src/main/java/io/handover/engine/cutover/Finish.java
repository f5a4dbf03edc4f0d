package io.handover.engine.cutover;

import io.handover.engine.step.StepContext.JournalBroken;
import io.handover.engine.step.StepOutcome;
import io.handover.model.CutoverReport.Outcome;
import io.handover.model.HookRun;
import io.handover.model.Hooks;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/// Everything past the point of no return; the same after a restart.
final class Finish {

    /// About what `Opening.release` leaves the application before it goes on itself.
    private static final Duration LOGGING_IN = Duration.ofMillis(300);

    private final Attempt attempt;
    private final Opening opening;
    private final WayBack wayBack;
    private final boolean mayRollBack;

    /// @param mayRollBack whether a failing `switch` or health check hands the data back
    Finish(Attempt attempt, boolean mayRollBack) {
        this.attempt = attempt;
        this.opening = new Opening(attempt);
        this.wayBack = new WayBack(attempt);
        this.mayRollBack = mayRollBack;
    }

    /// How it ended.
    ///
    /// @param outcome  of the step, unless it is rolled back
    /// @param rollBack why the data must be handed back; empty if they need not
    record Result(StepOutcome outcome, Optional<Problem> rollBack) {}

    Result run() throws InterruptedException {
        try {
            opening.open();
        } catch (Setback e) {
            var problem = CutoverProblems.notOpened(attempt.to, e.problem());
            attempt.problem(problem);
            attempt.poolers.leaveWaiting();
            attempt.outcome(Outcome.CONFIRMED);
            return new Result(new StepOutcome.Failed(problem), Optional.empty());
        }
        Future<?> journal = journalOpen();
        Optional<Problem> sick =
                command(Point.SWITCHED, "switch", attempt.with.plan().hooks().switchOver(), attempt.switchShell());
        attempt.poolers.resume(true);
        letGo();
        lookAgain();
        Optional<JournalBroken> broken = written(journal);
        Optional<Problem> rows = wayBack.late();
        Optional<Problem> late = wayBack.lateObjects(rows);
        try {
            wayBack.removeForward(rows.isPresent());
            wayBack.follow();
            wayBack.prove();
        } catch (Setback e) {
            wayBack.guard();
            return noWayBack(wayBack.missing(e.problem()), sick);
        }
        wayBack.guard();
        if (broken.isPresent()) {
            throw broken.get();
        }
        attempt.with.enter(attempt.to == Side.TARGET ? Stage.REVERSE_OPEN : Stage.STREAMING);
        attempt.with.outcome("cutover", true, "epoch " + attempt.epoch);
        if (sick.isEmpty()) {
            sick = health();
        }
        return end(sick, late);
    }

    /// In the background, and not while the application logs in: the switch must not wait for a disk, nor the
    /// application for a picture of the page. Should this program die before, the mark says the same.
    private Future<?> journalOpen() {
        attempt.stands(Outcome.CONFIRMED);
        var report = attempt.report();
        attempt.publisher.hush(LOGGING_IN);
        return attempt.publisher.whenLoud(() -> {
            attempt.with.outcome("confirm", true, "");
            attempt.with.show(report);
            attempt.with.enter(Stage.SWITCHING);
            attempt.with.enter(Stage.CUT_OVER);
        });
    }

    /// The servers come first, and what they need is done whether the journal can be written or not.
    private Optional<JournalBroken> written(Future<?> journal) {
        try {
            attempt.publisher.finish(journal);
            return Optional.empty();
        } catch (JournalBroken e) {
            return Optional.of(e);
        }
    }

    private void letGo() throws InterruptedException {
        try {
            attempt.lines.patient();
        } catch (SQLException e) {
            attempt.note("A connection was lost: " + SqlFailure.state(e) + ".");
        }
        // The answer to the confirmation may have been lost, and the line with it.
        if (!tried("the " + attempt.from.word(), opening::release)) {
            revive();
            var _ = tried("the " + attempt.from.word(), opening::release);
        }
        revive();
        var _ = tried("the sessions of the " + attempt.to.word(), opening::freshSessions);
    }

    private boolean tried(String what, Letting letting) throws InterruptedException {
        try {
            letting.go();
            return true;
        } catch (Setback e) {
            attempt.note("Letting go of " + what + ": " + e.problem().what() + " "
                    + e.problem().details());
            return false;
        }
    }

    @FunctionalInterface
    private interface Letting {
        void go() throws Setback, InterruptedException;
    }

    private void revive() {
        try {
            attempt.lines.reviveFrom();
            attempt.lines.reviveTo();
        } catch (SQLException e) {
            attempt.note("A server does not answer at the moment: " + e.getMessage());
        }
    }

    /// A writer whose own time limit ended its wait may have drawn from a sequence before it was ended.
    private void lookAgain() throws InterruptedException {
        for (PauseWork.Ready work : attempt.passengers().map(Passengers::work).orElse(List.of())) {
            try {
                List<String> changed = work.lookAgain();
                if (!changed.isEmpty()) {
                    attempt.note(
                            "ATTENTION: something was used on the " + attempt.from.word()
                                    + " after it was handed over, by sessions that have been ended since: "
                                    + String.join("; ", changed)
                                    + ". The " + attempt.to.word()
                                    + " was moved past it. Values in between may have been given"
                                    + " out twice if the application kept them; no row was written with them on the old owner.");
                }
            } catch (SQLException e) {
                attempt.note("Whether the old owner's sequences were used after the handing over could not be read: "
                        + SqlFailure.state(e) + ".");
            }
        }
    }

    private Optional<Problem> health() throws InterruptedException {
        Hooks hooks = attempt.with.plan().hooks();
        if (!hooks.healthUrl().isBlank()) {
            Optional<Problem> sick =
                    judged(Point.HEALTHY, () -> attempt.parts.hooks().health(hooks.healthUrl(), hooks.timeLimit()));
            if (sick.isPresent()) {
                return sick;
            }
        }
        Optional<Problem> sick = command(Point.HEALTHY, "health-check", hooks.healthCommand(), Optional.empty());
        return sick.isEmpty() && hooks.healthWrites() ? writes(hooks.timeLimit()) : sick;
    }

    private Optional<Problem> writes(Duration limit) throws InterruptedException {
        return judged(Point.HEALTHY, () -> new WritesCheck(attempt.lines.follower()).run(limit));
    }

    /// @param late rows that stayed on the old owner: what to do about them a person must decide
    private Result end(Optional<Problem> sick, Optional<Problem> late) throws InterruptedException {
        if (sick.isPresent()) {
            attempt.problem(sick.get());
            attempt.outcome(Outcome.DONE);
            return mayRollBack
                    ? new Result(new StepOutcome.Failed(sick.get()), sick)
                    : new Result(new StepOutcome.Failed(sick.get()), Optional.empty());
        }
        if (late.isPresent()) {
            attempt.problem(late.get());
            attempt.outcome(Outcome.DONE);
            return new Result(new StepOutcome.Failed(late.get()), Optional.empty());
        }
        // What it says is reported and changes nothing.
        var after =
                command(Point.HOOK_AFTER, "after", attempt.with.plan().hooks().after(), Optional.empty());
        after.ifPresent(problem -> attempt.note("The hook after failed: " + problem.what()));
        attempt.outcome(Outcome.DONE);
        return new Result(new StepOutcome.Done(), Optional.empty());
    }

    /// Retry builds it again.
    private Result noWayBack(Problem problem, Optional<Problem> sick) {
        Problem told = sick.map(s -> CutoverProblems.notRolledBack(s, attempt.to, problem.what()))
                .orElse(problem);
        attempt.problem(told);
        attempt.outcome(Outcome.CONFIRMED);
        return new Result(new StepOutcome.Failed(told), Optional.empty());
    }

    /// Runs a hook, if there is one.
    ///
    /// @return what is wrong if it failed
    private Optional<Problem> command(Point point, String name, String command, Optional<HookShell> waiting)
            throws InterruptedException {
        if (command.isBlank()) {
            return Optional.empty();
        }
        return judged(
                point,
                () -> attempt.parts
                        .hooks()
                        .command(
                                name,
                                command,
                                HookRuns.environment(attempt, attempt.to),
                                attempt.with.plan().hooks().timeLimit(),
                                waiting));
    }

    private Optional<Problem> judged(Point point, Attempt.Act<HookRun> hook) throws InterruptedException {
        try {
            HookRun run = attempt.act(point, attempt.to, hook);
            attempt.add(run);
            return run.ok()
                    ? Optional.empty()
                    : Optional.of(CutoverProblems.switchFailed(run, attempt.to, mayRollBack));
        } catch (Setback e) { // only the look for writes speaks to a server
            return Optional.of(e.problem());
        }
    }
}

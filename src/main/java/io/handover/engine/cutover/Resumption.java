package io.handover.engine.cutover;

import io.handover.engine.step.Step;
import io.handover.engine.step.StepContext;
import io.handover.engine.step.StepOutcome;
import io.handover.model.CutoverReport;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// Goes on with a cutover whose app has gone away: asks the mark first, then goes forward or back.
final class Resumption implements Step {

    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Side from;
    private final CutoverParts parts;
    private final Optional<CutoverReport> earlier;

    Resumption(Side from, CutoverParts parts, Optional<CutoverReport> earlier) {
        this.from = from;
        this.parts = parts;
        this.earlier = earlier;
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        Server old = with.server(from);
        return switch (CutoverTruth.read(old, with.server(from.other()), with.plan())) {
            case CutoverTruth.NotBegun(long epoch) -> back(with, epoch);
            case CutoverTruth.Armed armed -> takeBack(with, armed.epoch());
            case CutoverTruth.HandingOver handing -> takeBack(with, handing.epoch());
            case CutoverTruth.HandedOver(long epoch) -> forward(with, epoch);
            case CutoverTruth.Foreign _ -> new StepOutcome.Failed(CutoverProblems.somebodyElse(from));
            case CutoverTruth.Unreachable(String reason) -> silent(with, new SQLException(reason, "08006"));
        };
    }

    /// The old owner first: the new one may be out of reach, and production must not wait for it.
    private StepOutcome takeBack(StepContext with, long epoch) throws InterruptedException {
        var asker = new MarkAsker(with.server(from), with.plan().id(), from, epoch);
        return switch (asker.takeBack(Optional.empty(), ANSWER)) {
            case MarkAsker.Standing.TakenBack _ -> back(with, epoch);
            case MarkAsker.Standing.HandedOver() -> forward(with, epoch);
            case MarkAsker.Standing.NotOurs() -> new StepOutcome.Failed(CutoverProblems.somebodyElse(from));
            case MarkAsker.Standing.NoAnswer(SQLException why) -> silent(with, why);
        };
    }

    private StepOutcome silent(StepContext with, SQLException why) {
        Poolers.leaveWaiting(with, parts, from);
        return new StepOutcome.Failed(CutoverProblems.ownerSilent(from, why));
    }

    private StepOutcome back(StepContext with, long epoch) throws InterruptedException {
        try (var attempt = attempt(with, epoch)) {
            attempt.staged();
            if (epoch > 0) {
                attempt.armed(); // asked again: the sessions that are still read-only are found by its mark
            }
            Problem why = CutoverProblems.interrupted();
            return switch (new Undo(attempt).run(why)) {
                case Undo.Result.Back() -> new StepOutcome.Failed(why);
                case Undo.Result.Confirmed() -> new Finish(attempt, false).run().outcome();
                case Undo.Result.NotBack(Problem problem) -> new StepOutcome.Failed(problem);
            };
        } catch (Setback e) {
            Poolers.resume(with, parts, from);
            return new StepOutcome.Failed(e.problem());
        }
    }

    private StepOutcome forward(StepContext with, long epoch) throws InterruptedException {
        try (var attempt = attempt(with, epoch)) {
            return new Finish(attempt, false).run().outcome();
        } catch (Setback e) {
            Poolers.leaveWaiting(with, parts, from);
            return new StepOutcome.Failed(CutoverProblems.notOpened(from.other(), e.problem()));
        }
    }

    private Attempt attempt(StepContext with, long epoch) throws Setback {
        var attempt = new Attempt(
                with, parts, from, epoch, Lines.open(with.server(from), with.server(from.other())), earlier);
        attempt.poolers.afterRestart();
        return attempt;
    }
}

package io.handover.engine;

import io.handover.engine.step.StepOutcome;
import io.handover.journal.Entry;
import io.handover.model.Problem;
import io.handover.model.Stage;

/// What the journal says of a chain of steps that has ended.
final class ChainEnd {

    private final Conductor conductor;
    private final StepRunner runner;

    ChainEnd(Conductor conductor, StepRunner runner) {
        this.conductor = conductor;
        this.runner = runner;
    }

    /// On the step's thread, while the task still shows.
    void ended(StepOutcome outcome) {
        Stage stage = conductor.folded().state().stage();
        boolean settled = switch (stage) {
            case DRAFT, CHECKED, STREAMING, VERIFYING, REVERSE_OPEN -> true;
            default -> false;
        };
        if (runner.closing() && outcome instanceof StepOutcome.Stopped) {
            return; // the next start decides, as after a kill
        }
        if (stage == Stage.VERIFYING) {
            conductor.record(new Entry.StageEntered(Stage.STREAMING));
        }
        boolean ending = conductor.folded().command().startsWith("Retire")
                || conductor.folded().command().equals("Discard")
                || conductor.folded().command().equals("Start");
        switch (outcome) {
            case StepOutcome.Done ignored -> {}
            case StepOutcome.Stopped ignored -> {
                if (!settled || ending) {
                    conductor.record(new Entry.Failed(stopped()));
                }
            }
            case StepOutcome.Failed(Problem problem) ->
                conductor.record(
                        settled && !(ending && stage != Stage.DRAFT && stage != Stage.CHECKED)
                                ? new Entry.Trouble(problem)
                                : new Entry.Failed(problem));
            case StepOutcome.Ambiguous(Problem problem) -> conductor.record(new Entry.Unsure(problem));
        }
    }

    private static Problem stopped() {
        return new Problem(
                "stopped",
                "You stopped it.",
                "Nothing is lost. What was made so far stays on both servers until you go on or discard; a replication"
                        + " slot, if there is one already, keeps the owner's WAL until then.",
                "Retry to go on, or discard to take everything back.",
                "");
    }
}

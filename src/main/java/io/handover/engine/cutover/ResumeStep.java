package io.handover.engine.cutover;

import io.handover.engine.step.Step;
import io.handover.engine.step.StepContext;
import io.handover.engine.step.StepOutcome;
import io.handover.model.Side;

/// Lets clients go on whom a hand-over that is over has left waiting, because their PgBouncer did not
/// answer then. Once
/// all have heard it, it is not done again.
public final class ResumeStep implements Step {

    private final Side from;
    private final CutoverParts parts;
    private final boolean switched;

    /// @param from     whose clients wait
    /// @param switched whether they are to go where the configuration points now
    public ResumeStep(Side from, CutoverParts parts, boolean switched) {
        this.from = from;
        this.parts = parts;
        this.switched = switched;
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        try (var consoles = new PoolerConsoles(with, from, parts.consoles())) {
            Poolers.letGo(with, consoles, switched);
        }
        return new StepOutcome.Done(); // what was not heard is noted, and the gate says it
    }

    /// The journal's name for the time in which clients wait.
    public static String act() {
        return Poolers.ACT;
    }
}

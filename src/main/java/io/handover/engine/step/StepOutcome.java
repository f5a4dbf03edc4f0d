package io.handover.engine.step;

import io.handover.model.Problem;

/// How a step ended.
public sealed interface StepOutcome {

    /// Its goal is reached.
    record Done() implements StepOutcome {}

    /// The user asked it to end; it left everything as a later run needs it.
    record Stopped() implements StepOutcome {}

    /// It failed; nothing is lost.
    record Failed(Problem problem) implements StepOutcome {}

    /// It cannot tell whether it happened: a person must look.
    record Ambiguous(Problem problem) implements StepOutcome {}
}

package io.handover.ui.control;

import io.handover.engine.EngineException;
import io.handover.model.Problem;

/// Turns what went wrong into what a person reads.
public final class Problems {

    private Problems() {}

    /// The engine's own words, or, for what nobody foresaw, honest ones.
    public static Problem of(Throwable failure, Texts texts) {
        if (failure instanceof EngineException told) {
            return told.problem();
        }
        String said = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return new Problem(
                "unexpected",
                texts.get("problem.unexpected", said),
                texts.get("problem.unexpected.meaning"),
                texts.get("problem.unexpected.action"),
                failure.toString());
    }
}

package io.handover.engine.step;

import io.handover.model.Problem;

/// Ends a step from within, with words for people.
final class StepFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    StepFailed(Problem problem) {
        super(problem.what());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}

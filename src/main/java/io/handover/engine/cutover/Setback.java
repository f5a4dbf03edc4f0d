package io.handover.engine.cutover;

import io.handover.model.Problem;

/// Something stands in the way: before the point of no return everything is undone, after it the rest goes
/// on.
final class Setback extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Setback(Problem problem) {
        super(problem.what());
        this.problem = problem;
    }

    Setback(Problem problem, Throwable cause) {
        super(problem.what(), cause);
        this.problem = problem;
    }

    /// In words for people.
    Problem problem() {
        return problem;
    }
}

package io.handover.engine;

import io.handover.model.Problem;

/// A call that failed, in words for people.
public final class EngineException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /// Carries `problem`.
    public EngineException(Problem problem, Throwable cause) {
        super(problem.what(), cause);
        this.problem = problem;
    }

    /// Carries `problem`, without a cause.
    public EngineException(Problem problem) {
        super(problem.what());
        this.problem = problem;
    }

    /// What happened, what it means, what to do.
    public Problem problem() {
        return problem;
    }
}

package io.handover.cli;

import io.handover.model.Problem;

/// A command that ends early, with its status and what to say.
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Exit exit;
    private final boolean busy;

    Refusal(Exit exit, String message) {
        this(exit, message, false);
    }

    private Refusal(Exit exit, String message, boolean busy) {
        super(message);
        this.exit = exit;
        this.busy = busy;
    }

    /// The desk's refusal: being driven from elsewhere is no failure.
    static Refusal of(Problem problem) {
        boolean busy = problem.code().equals("busy");
        Refusal plain = of(problem, busy ? Exit.BLOCKED : Exit.FAILED);
        return new Refusal(plain.exit, String.valueOf(plain.getMessage()), busy);
    }

    /// True if the migration is open in another Handover.
    boolean busy() {
        return busy;
    }

    static Refusal of(Problem problem, Exit exit) {
        return new Refusal(
                exit,
                problem.what() + "\n" + problem.meaning() + "\n" + problem.action()
                        + (problem.details().isEmpty() ? "" : "\n(" + problem.details() + ")"));
    }

    Exit exit() {
        return exit;
    }
}

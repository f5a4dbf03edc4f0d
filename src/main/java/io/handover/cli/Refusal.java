package io.handover.cli;

import io.handover.model.Problem;

/// A command that ends early, with its status and what to say.
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Exit exit;

    Refusal(Exit exit, String message) {
        super(message);
        this.exit = exit;
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

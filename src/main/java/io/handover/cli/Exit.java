package io.handover.cli;

/// The exit statuses: part of the contract with scripts.
public enum Exit {
    /// Done.
    DONE(0),
    /// It failed; nothing is lost; the message says what to do.
    FAILED(1),
    /// The command line is wrong.
    USAGE(2),
    /// A preflight blocker or a closed gate forbids it.
    BLOCKED(3),
    /// The two sides differ.
    DIFFERENT(4),
    /// The servers could not say what happened; a person must look.
    UNSURE(5);

    private final int status;

    Exit(int status) {
        this.status = status;
    }

    /// What the process ends with.
    public int status() {
        return status;
    }
}

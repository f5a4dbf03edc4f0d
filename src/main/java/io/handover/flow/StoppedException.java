package io.handover.flow;

/// The user asked the work to end: no failure.
public final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    /// Says so.
    public StoppedException() {
        super("stopped on request");
    }
}

package io.handover.engine.step;

/// One piece of work of a migration. Can be run again after a failure or a crash: it first looks what is there.
@FunctionalInterface
public interface Step {

    /// Does the work on the calling thread.
    ///
    /// @return how it ended; failures are values, not exceptions
    /// @throws InterruptedException if the app is closing; nothing is undone, the journal and the servers
    /// tell the rest
    StepOutcome run(StepContext with) throws InterruptedException;
}

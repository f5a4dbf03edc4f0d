package io.handover.ui;

/// How a step of the rail stands.
public enum StepState {
    /// Cannot be reached yet.
    LOCKED,
    /// Can be reached, not done.
    OPEN,
    /// Something of it runs now.
    RUNNING,
    /// Done.
    DONE,
    /// To be looked at.
    ATTENTION,
    /// Failed.
    PROBLEM
}

package io.handover.model;

/// How much a finding matters.
public enum Severity {
    /// The migration would fail or harm the source: it does not start.
    BLOCKER,
    /// It works, with a risk the user should know.
    WARNING,
    /// Good to know.
    NOTE
}

package io.handover.engine;

/// What became of a submitted command.
public sealed interface Answer {

    /// It will be done; watch the state.
    record Accepted() implements Answer {}

    /// It cannot be done now.
    ///
    /// @param reason for people
    record Refused(String reason) implements Answer {}
}

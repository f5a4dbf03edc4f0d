package io.handover.ui.connect;

import io.handover.model.Problem;
import io.handover.model.ServerInfo;

/// How Test connection stands for what the form holds now.
public sealed interface TestState {

    /// Not tested since the last change.
    record Untested() implements TestState {}

    /// Under way.
    record Running() implements TestState {}

    /// The server answered.
    record Reached(ServerInfo info) implements TestState {}

    /// It did not.
    record Failed(Problem problem) implements TestState {}
}

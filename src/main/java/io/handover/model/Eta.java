package io.handover.model;

import java.time.Duration;

/// How long something will still take.
public sealed interface Eta {

    /// Too early to say.
    record Measuring() implements Eta {}

    /// At the recent rate, this long.
    record Ready(Duration left) implements Eta {}

    /// It is over.
    record Done() implements Eta {}
}

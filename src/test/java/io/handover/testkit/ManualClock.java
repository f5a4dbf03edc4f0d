package io.handover.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that moves only when the test moves it. Thread-safe.
public final class ManualClock implements InstantSource {

    private final AtomicReference<Instant> now;

    /// Starts on an arbitrary, always equal day.
    public ManualClock() {
        this(Instant.parse("2025-06-15T12:00:00Z"));
    }

    /// Starts at `start`.
    public ManualClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /// Moves on by `step`; a negative one goes back, as a corrected clock does.
    ///
    /// @return the time now
    public Instant advance(Duration step) {
        return now.updateAndGet(before -> before.plus(step));
    }
}

package io.handover.model;

import java.time.Instant;

/// What one look at the slot found.
public sealed interface SlotReading {

    /// The slot is healthy.
    record Live(SlotLag lag) implements SlotReading {}

    /// The slot does not exist: the stream cannot go on.
    record Missing(String slot) implements SlotReading {}

    /// The server removed WAL it needed (`wal_status = 'lost'`).
    record Lost(String slot) implements SlotReading {}

    /// The server did not answer; says nothing about the slot.
    record Unreachable(Instant since, String reason) implements SlotReading {}
}

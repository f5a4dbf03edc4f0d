package io.handover.model;

import java.time.Duration;
import java.time.Instant;

/// One statement that changed, or was to change, something on a server.
///
/// @param number   counts up within one run of the app
/// @param at       when it was sent
/// @param side     where
/// @param sql      the statement, passwords masked
/// @param took     how long; zero while it runs
/// @param status   how it stands
/// @param note     rows, SQLSTATE and message, or whom it waits for; may be empty
public record SqlRecord(long number, Instant at, Side side, String sql, Duration took, Status status, String note) {

    /// How a statement stands.
    public enum Status {
        /// Sent, no answer yet.
        RUNNING,
        /// Done.
        DONE,
        /// The server refused it.
        FAILED
    }
}

package io.handover.model;

import java.time.Instant;

/// The work that runs now, for the status bar.
///
/// @param title     what it does
/// @param since     when it began
/// @param fraction  0 to 1; -1 while unknown
/// @param waitsFor  who or what it waits for, with the pid; empty if it does not wait
/// @param stoppable whether Stop is offered now
/// @param held      whether somebody has paused it
public record Task(String title, Instant since, double fraction, String waitsFor, boolean stoppable, boolean held) {

    /// One that nobody has paused.
    public Task(String title, Instant since, double fraction, String waitsFor, boolean stoppable) {
        this(title, since, fraction, waitsFor, stoppable, false);
    }
}

package io.handover.model;

import java.time.Instant;

/// The work that runs now, for the status bar.
///
/// @param title     what it does
/// @param since     when it began
/// @param fraction  0 to 1; -1 while unknown
/// @param waitsFor  who or what it waits for, with the pid; empty if it does not wait
/// @param stoppable whether Stop is offered now
public record Task(String title, Instant since, double fraction, String waitsFor, boolean stoppable) {}

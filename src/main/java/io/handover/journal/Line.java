package io.handover.journal;

import java.time.Instant;

/// One line of the journal.
///
/// @param number counts from 1 without gaps
/// @param at     this machine's clock
/// @param who    user and host that wrote it
/// @param entry  what happened
public record Line(long number, Instant at, String who, Entry entry) {}

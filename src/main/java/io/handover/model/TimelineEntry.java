package io.handover.model;

/// One step of a cutover on its clock.
///
/// @param name        what was done
/// @param startMillis milliseconds from the freeze; negative before it
/// @param tookMillis  milliseconds it took; -1 while it runs
/// @param paused      whether writes were stopped during it
/// @param note        a number or name worth seeing, for example the fence's LSN; may be empty
public record TimelineEntry(String name, double startMillis, double tookMillis, boolean paused, String note) {}

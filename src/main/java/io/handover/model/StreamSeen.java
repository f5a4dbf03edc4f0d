package io.handover.model;

/// How a stream stood when both sides were compared over it, as `pg.StreamChanges` reads it.
///
/// @param slot         when the statistics of the owner's slot began; empty where that is not known
/// @param decoded      how many transactions it had decoded; -1 if the owner does not count (before 14)
/// @param errors       failures of the apply worker; -1 if the follower does not count (before 15)
/// @param subscription the version of the subscription's row at the end; empty where it cannot be told
public record StreamSeen(String slot, long decoded, long errors, String subscription) {}

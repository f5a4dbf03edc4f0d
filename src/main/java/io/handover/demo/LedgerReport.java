package io.handover.demo;

import java.util.List;

/// Whether a database holds each transaction that was acknowledged, once.
///
/// @param acknowledged  how many were acknowledged
/// @param lost          acknowledged and not there; the worst that can happen
/// @param doubled       there more than once
/// @param ghosts        refused by the server, and there all the same
/// @param cutOffPresent acknowledgement cut off, and there
/// @param cutOffAbsent  acknowledgement cut off, and not there; as allowed as the former
public record LedgerReport(
        long acknowledged,
        List<Entry> lost,
        List<Entry> doubled,
        List<Entry> ghosts,
        long cutOffPresent,
        long cutOffAbsent) {

    /// Copies the lists.
    public LedgerReport {
        lost = List.copyOf(lost);
        doubled = List.copyOf(doubled);
        ghosts = List.copyOf(ghosts);
    }

    /// True if no acknowledged transaction is lost and none is there twice or against the server's word.
    public boolean exact() {
        return lost.isEmpty() && doubled.isEmpty() && ghosts.isEmpty();
    }

    /// One transaction.
    ///
    /// @param writer which writer's
    /// @param seq    its number there
    public record Entry(int writer, long seq) {}
}

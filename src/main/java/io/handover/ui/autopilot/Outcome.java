package io.handover.ui.autopilot;

/// How far the autopilot came.
///
/// @param cutOver     the target owns the data
/// @param provedEqual the last comparison proved every row of every table equal, with nobody writing
/// @param problem     why it did not come to the end, in words for people; empty if it did
public record Outcome(boolean cutOver, boolean provedEqual, String problem) {

    /// True if the migration was carried to its end, and proved.
    public boolean complete() {
        return cutOver && provedEqual && problem.isEmpty();
    }
}

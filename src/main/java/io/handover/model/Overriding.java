package io.handover.model;

/// Whether a closed gate can be overridden, and what that would cost.
public sealed interface Overriding {

    /// It cannot: going on could lose or double a row, or could not work at all.
    ///
    /// @param why what would go wrong, for people; empty for a gate that is open
    record Never(String why) implements Overriding {}

    /// It can: going on costs time or comfort, never a row.
    ///
    /// @param cost  what it costs, for people
    /// @param basis what was found, in a form that stays the same as long as it is the same finding: an override
    ///              is valid for this basis only
    record Possible(String cost, String basis) implements Overriding {}
}

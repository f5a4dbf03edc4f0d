package io.handover.model;

/// A failure as a person reads it.
///
/// @param code    stable, for searching, for example `slot-lost` or an SQLSTATE
/// @param what    what happened
/// @param meaning what it means for the data
/// @param action  what to do
/// @param details technical text without secrets; empty where there is none
public record Problem(String code, String what, String meaning, String action, String details) {

    /// The code where something was written on the old owner after it had handed over.
    public static final String LATE_WRITES = "late-writes";
}

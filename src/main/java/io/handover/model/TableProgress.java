package io.handover.model;

/// How far the baseline of one table is.
///
/// @param table      its name
/// @param phase      what happens to it now
/// @param bytes      heap size when planned, an estimate of the work
/// @param rows       the planner's estimate; -1 if unknown
/// @param copiedRows rows written to the target so far, exact once `phase` is past `COPYING`; -1 if nobody counted
/// them,
///                   as of a table that the servers have copied by themselves
/// @param copiedBytes bytes that went over the wire so far; -1 if not known
public record TableProgress(TableRef table, Phase phase, long bytes, long rows, long copiedRows, long copiedBytes) {

    /// What happens to a table during the baseline.
    public enum Phase {
        /// Not begun.
        WAITING,
        /// Somebody has told it to wait.
        HELD,
        /// Rows are moving.
        COPYING,
        /// Rows are there, indexes and constraints are being built.
        INDEXING,
        /// All there.
        DONE,
        /// It failed; the migration's problem says why.
        FAILED
    }
}

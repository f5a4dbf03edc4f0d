package io.handover.model;

import java.util.List;

/// One row that is not the same on both sides.
///
/// @param key     the key's values for people; the whole row for a table without key
/// @param kind    how it differs
/// @param columns the columns that differ; empty for a row that is on one side only
/// @param id      the key for the engine, by which it finds the row again; empty if it was too long to keep
public record RowDifference(String key, Kind kind, List<ColumnDifference> columns, String id) {

    /// Copies the list. A difference that was journalled by an earlier version has no `id`.
    public RowDifference {
        columns = List.copyOf(columns);
        id = id == null ? "" : id;
    }

    /// One that cannot be found again.
    public RowDifference(String key, Kind kind, List<ColumnDifference> columns) {
        this(key, kind, columns, "");
    }

    /// How a row differs.
    public enum Kind {
        /// On the owner, not on the follower.
        MISSING,
        /// On the follower, not on the owner.
        EXTRA,
        /// On both, with other values.
        CHANGED
    }

    /// One column's value on both sides, as text; NULL is `LastRows.NULL_VALUE`.
    ///
    /// @param column its name
    /// @param source the source's value
    /// @param target the target's value
    public record ColumnDifference(String column, String source, String target) {}
}

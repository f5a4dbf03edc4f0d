package io.handover.model;

import java.time.Instant;
import java.util.List;

/// What the owner has committed and its follower has not received: what would be lost if the follower became the owner
/// as it stands.
///
/// @param owner    the side that has the changes
/// @param at       when they were read, this machine's clock
/// @param tables   how many by table, in name order
/// @param first    the first of them, in the order of their commits
/// @param complete false if there are more than were read
/// @param doubt    why some of them may have arrived, or why nothing can be told; empty if the list is exact
public record UnsentChanges(
        Side owner, Instant at, List<InTable> tables, List<Change> first, boolean complete, String doubt) {

    /// Copies the lists.
    public UnsentChanges {
        tables = List.copyOf(tables);
        first = List.copyOf(first);
    }

    /// Nothing can be told.
    public static UnsentChanges unknown(Side owner, Instant at, String why) {
        return new UnsentChanges(owner, at, List.of(), List.of(), false, why);
    }

    /// How many there are; a `TRUNCATE` counts as one.
    public long count() {
        return tables.stream().mapToLong(InTable::count).sum();
    }

    /// True if the follower has everything, for certain.
    public boolean none() {
        return complete && doubt.isEmpty() && tables.isEmpty();
    }

    /// What was done to a row.
    public enum Kind {
        /// It came.
        INSERT,
        /// It changed.
        UPDATE,
        /// It went.
        DELETE,
        /// All rows of the table went.
        TRUNCATE
    }

    /// The changes of one table. A row that changed twice counts twice.
    ///
    /// @param table     its name on the owner
    /// @param inserted  rows
    /// @param updated   rows
    /// @param deleted   rows
    /// @param truncated how often it was emptied
    public record InTable(TableRef table, long inserted, long updated, long deleted, long truncated) {
        long count() {
            return inserted + updated + deleted + truncated;
        }
    }

    /// One change.
    ///
    /// @param table  its table
    /// @param kind   what was done
    /// @param key    the columns of the replica identity, `id=5`; empty for a truncation
    /// @param values the row after the change, `name=Ada, …`, cut off where it is long; empty where it went
    public record Change(TableRef table, Kind kind, String key, String values) {}
}

package io.handover.model;

import java.util.Set;

/// Which tables move: all of the user's, less what is named here. A new table is in by default,
/// so that nothing is forgotten silently.
///
/// @param excludedSchemas schemas left out whole
/// @param excludedTables  single tables left out
public record Scope(Set<String> excludedSchemas, Set<TableRef> excludedTables) {

    /// Copies both sets.
    public Scope {
        excludedSchemas = Set.copyOf(excludedSchemas);
        excludedTables = Set.copyOf(excludedTables);
    }

    /// Everything.
    public static Scope everything() {
        return new Scope(Set.of(), Set.of());
    }

    /// True if `table` moves.
    public boolean includes(TableRef table) {
        return !excludedSchemas.contains(table.schema()) && !excludedTables.contains(table);
    }

    /// True if `table` moves: a partition goes the way of its root.
    public boolean includes(TableInfo table) {
        return includes(table.table()) && includes(table.root());
    }

    /// True if nothing is left out.
    public boolean isEverything() {
        return excludedSchemas.isEmpty() && excludedTables.isEmpty();
    }
}

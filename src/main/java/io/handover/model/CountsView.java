package io.handover.model;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/// Row counts of all tables at about one moment. While writes go on the two sides are never read at the same
/// instant, so a small difference is in flight and proves nothing; verification does.
///
/// @param at     when the counting ended
/// @param tables in name order; empty before the first count
public record CountsView(Instant at, List<TableCounts> tables) {

    /// Copies the list.
    public CountsView {
        tables = List.copyOf(tables);
    }

    /// Sum of the absolute differences over the tables that were counted, not estimated: two estimates
    /// differ for no reason. Empty if no such table is known on both sides.
    public OptionalLong totalDifference() {
        var counted = tables.stream()
                .filter(t -> t.exact() && t.difference().isPresent())
                .toList();
        return counted.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(counted.stream()
                        .mapToLong(t -> Math.abs(t.difference().getAsLong()))
                        .sum());
    }
}

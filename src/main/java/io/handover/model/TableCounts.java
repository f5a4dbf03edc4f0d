package io.handover.model;

import java.util.OptionalLong;

/// The rows of one table on both sides.
///
/// @param table  its name
/// @param source rows on the source; empty if they could not be counted
/// @param target rows on the target; empty if they could not be counted
/// @param exact  false for the planner's estimates
public record TableCounts(TableRef table, OptionalLong source, OptionalLong target, boolean exact) {

    /// Rows there minus rows here; empty if one side is unknown.
    public OptionalLong difference() {
        return source.isPresent() && target.isPresent()
                ? OptionalLong.of(target.getAsLong() - source.getAsLong())
                : OptionalLong.empty();
    }
}

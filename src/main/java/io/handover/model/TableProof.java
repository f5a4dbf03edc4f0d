package io.handover.model;

import java.time.Instant;
import java.util.Optional;

/// When and by what all rows of a table were proved equal.
///
/// @param at     the owner's position both sides are known to be equal for
/// @param readAt when the rows were read and compared
/// @param unread true if they were compared before and not read again, because none was changed until `at`
/// @param source what was noted of the source's table; empty if a later change could not be told by that
/// @param target the same of the target's
public record TableProof(Lsn at, Instant readAt, boolean unread, Optional<SideMark> source, Optional<SideMark> target) {

    /// True if a later comparison can tell by it whether the table has to be read again.
    public boolean canBeKept() {
        return source.isPresent() && target.isPresent();
    }

    /// What was noted of one side's table.
    public Optional<SideMark> of(Side side) {
        return side == Side.SOURCE ? source : target;
    }
}

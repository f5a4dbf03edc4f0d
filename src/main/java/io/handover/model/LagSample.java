package io.handover.model;

import java.time.Instant;

/// One point of the lag chart. A sample that could not be taken is a gap, never a 0.
///
/// @param at            this machine's clock
/// @param bytesBehind   -1 for a gap
/// @param secondsBehind age of the newest change the follower has confirmed; -1 for a gap or while unknown
/// @param rowDifference sum over all tables of |rows here - rows there| by the last counts; -1 while unknown
public record LagSample(Instant at, long bytesBehind, double secondsBehind, long rowDifference) {

    /// The reading failed at `at`.
    public static LagSample gap(Instant at) {
        return new LagSample(at, -1, -1, -1);
    }

    /// True if nothing could be read.
    public boolean isGap() {
        return bytesBehind < 0;
    }
}

package io.handover.pg;

import java.util.List;

/// All rows of one key on both sides; normally one or none each.
///
/// @param key      as `KeyText`
/// @param owner    hashes of the owner's rows, in order
/// @param follower hashes of the follower's rows, in order
public record KeyRows(String key, List<Long> owner, List<Long> follower) {

    /// Puts both in order.
    public KeyRows {
        owner = owner.stream().sorted().toList();
        follower = follower.stream().sorted().toList();
    }

    /// True if both sides have the same rows.
    public boolean equal() {
        return owner.equals(follower);
    }

    /// The owner's rows.
    public Tally ownerTally() {
        return Tally.of(owner);
    }

    /// The follower's rows.
    public Tally followerTally() {
        return Tally.of(follower);
    }

    /// How many rows differ: 1 for a changed row, otherwise how many are missing or too many.
    public long differences() {
        return equal() ? 0 : Math.max(1, Math.abs((long) owner.size() - follower.size()));
    }
}

package io.handover.model;

import java.time.Instant;
import java.util.OptionalLong;

/// How far the follower trails the owner, read in one statement so that the numbers agree.
///
/// Source: one row of `pg_replication_slots` on the server that is followed.
///
/// @param slot       the slot's name; not blank
/// @param takenAt    that server's clock, not this machine's
/// @param confirmed  last position the follower confirmed (`confirmed_flush_lsn`)
/// @param head       the owner's insert position at that moment
/// @param retained   bytes of WAL the slot keeps on the owner's disk; 0 or more
/// @param safe       bytes that may still be written before the slot is in danger (`safe_wal_size`); empty
/// without a limit
/// @param active     whether a follower is connected
public record SlotLag(
        String slot, Instant takenAt, Lsn confirmed, Lsn head, long retained, OptionalLong safe, boolean active) {

    /// Refuses a blank `slot` and a negative `retained`.
    public SlotLag {
        if (slot.isBlank()) {
            throw new IllegalArgumentException("slot name is blank");
        }
        if (retained < 0) {
            throw new IllegalArgumentException("retained WAL is negative: " + retained);
        }
    }

    /// Bytes not yet confirmed; 0 means caught up at `takenAt`, no promise about now.
    public long bytesBehind() {
        return Math.max(0, head.minus(confirmed));
    }
}

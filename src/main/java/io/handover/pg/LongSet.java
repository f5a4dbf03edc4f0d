package io.handover.pg;

/// A growing set of 64-bit hashes: 16 bytes a member instead of a hundred.
final class LongSet {

    private long[] slots = new long[64];
    private int size;
    private boolean hasZero; // an empty slot is 0

    /// Adds `member`.
    ///
    /// @return false if it was there
    boolean add(long member) {
        if (member == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        if (size * 2 >= slots.length) {
            grow();
        }
        if (!put(slots, member)) {
            return false;
        }
        size++;
        return true;
    }

    /// True if it was added.
    boolean contains(long member) {
        if (member == 0) {
            return hasZero;
        }
        for (int i = start(slots, member); slots[i] != 0; i = i + 1 & slots.length - 1) {
            if (slots[i] == member) {
                return true;
            }
        }
        return false;
    }

    /// How many were added.
    int size() {
        return size + (hasZero ? 1 : 0);
    }

    private void grow() {
        long[] wider = new long[slots.length * 2];
        for (long member : slots) {
            if (member != 0) {
                put(wider, member);
            }
        }
        slots = wider;
    }

    private static boolean put(long[] slots, long member) {
        int i = start(slots, member);
        while (slots[i] != 0) {
            if (slots[i] == member) {
                return false;
            }
            i = i + 1 & slots.length - 1;
        }
        slots[i] = member;
        return true;
    }

    private static int start(long[] slots, long member) {
        return (int) (member ^ member >>> 32) & slots.length - 1;
    }
}

package io.handover.pg;

import java.util.concurrent.atomic.LongAdder;

/// Counts what has been copied. Written by one thread, read by any.
public final class CopyMeter {

    private final LongAdder bytes = new LongAdder();
    private final LongAdder rows = new LongAdder();

    /// Bytes that went over the wire so far.
    public long bytes() {
        return bytes.sum();
    }

    /// Rows so far; exact once the copy has ended.
    public long rows() {
        return rows.sum();
    }

    void add(long moreBytes, long moreRows) {
        bytes.add(moreBytes);
        rows.add(moreRows);
    }
}

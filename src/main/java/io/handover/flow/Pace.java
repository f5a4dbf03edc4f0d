package io.handover.flow;

import java.util.function.LongSupplier;

/// Keeps work to an average of so many units a second, however many threads do it and however large their pieces are:
/// what was done too quickly is a debt that time pays off. The limit may change at any time. Any thread.
public final class Pace {

    private static final double NANOS = 1e9;
    private static final long LOOK_EVERY_MILLIS = 200;

    private final LongSupplier limit;
    private final LongSupplier nanos;
    private double debt;
    private long since;

    /// @param limit units a second, asked each time; 0 for none
    /// @param nanos a clock of nanoseconds that never goes back
    public Pace(LongSupplier limit, LongSupplier nanos) {
        this.limit = limit;
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /// So much has been done.
    public synchronized void done(long units) {
        settle();
        if (limit.getAsLong() > 0) {
            debt += units;
        }
    }

    /// How long to wait before going on, in milliseconds, if the limit stays as it is; 0 to go on at once.
    public synchronized long dueMillis() {
        settle();
        long now = limit.getAsLong();
        return now <= 0 ? 0 : (long) Math.ceil(debt / now * 1000);
    }

    /// Waits until it may go on; another limit is obeyed within a fifth of a second.
    ///
    /// @throws StoppedException once stop was asked
    public void await(Gate gate) throws InterruptedException, StoppedException {
        for (long due = dueMillis(); due > 0; due = dueMillis()) {
            gate.pause(Math.min(due, LOOK_EVERY_MILLIS));
        }
        gate.pass();
    }

    private void settle() {
        long at = nanos.getAsLong();
        long now = limit.getAsLong();
        debt = now <= 0 ? 0 : Math.max(0, debt - (at - since) / NANOS * now);
        since = at;
    }
}

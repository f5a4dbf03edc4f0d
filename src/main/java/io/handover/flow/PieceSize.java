package io.handover.flow;

import java.time.Duration;
import java.util.function.LongSupplier;

/// How much to do at once so that each piece takes about as long as wanted, learnt from the pieces
/// before: with short ones a stop, a limit or somebody who waits is heeded soon. One thread.
public final class PieceSize {

    private final long smallest;
    private final long largest;
    private final Duration aim;
    private final LongSupplier nanos;
    private long size;
    private long began;
    private boolean running;

    /// @param first    units of the first piece
    /// @param smallest units of any piece at least
    /// @param largest  at most
    /// @param aim      how long one should take
    /// @param nanos    a clock of nanoseconds that never goes back
    public PieceSize(long first, long smallest, long largest, Duration aim, LongSupplier nanos) {
        this.size = first;
        this.smallest = smallest;
        this.largest = largest;
        this.aim = aim;
        this.nanos = nanos;
    }

    /// The next piece begins, of so many units at most.
    public long next() {
        began = nanos.getAsLong();
        running = true;
        return size;
    }

    /// So much of it was done; nothing is learnt unless one had begun.
    public void done(long units) {
        if (!running) {
            return;
        }
        running = false;
        double took = Math.max(1, nanos.getAsLong() - began);
        if (units < size / 2 && took < aim.toNanos()) {
            return; // a small rest: it took the time of its beginning and end more than of its size
        }
        double fitting = units * (aim.toNanos() / took);
        double careful = Math.clamp(fitting, size / 8.0, size * 2.0); // one piece may be unlike the next
        size = (long) Math.clamp(careful, (double) smallest, (double) largest);
    }
}

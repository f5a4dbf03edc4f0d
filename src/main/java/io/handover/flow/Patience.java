package io.handover.flow;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Waits for what must become true elsewhere, bounded: a look, a short rest, the next look.
public final class Patience {

    private static final long REST_MILLIS = 20;

    private Patience() {}

    /// Looks again and again, at least once.
    ///
    /// @param limit     how long at most
    /// @param condition asked on this thread; what it throws ends the wait
    /// @return false if it was still not so at the end of `limit`
    public static <E extends Exception> boolean until(Duration limit, Condition<E> condition)
            throws E, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
        }
        return true;
    }

    /// The same, ended by `gate` as well; a gate that only holds does not matter.
    ///
    /// @param rest between two looks
    /// @throws StoppedException once stop was asked
    public static <E extends Exception> boolean until(Gate gate, Duration limit, Duration rest, Condition<E> condition)
            throws E, InterruptedException, StoppedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            gate.pause(rest.toMillis());
        }
        return true;
    }

    /// Something that is or is not so.
    ///
    /// @param <E> what the look may throw
    @FunctionalInterface
    public interface Condition<E extends Exception> {
        /// Looks.
        boolean holds() throws E;
    }
}

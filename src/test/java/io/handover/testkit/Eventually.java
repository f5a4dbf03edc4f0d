package io.handover.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// Waits for what must become true, instead of sleeping and hoping. The only place in the tests that polls.
public final class Eventually {

    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private Eventually() {}

    /// Waits until `condition` is true.
    ///
    /// @param limit     how long at most, generously: it is spent only when the test fails
    /// @param message   what is waited for, as a statement: `"the table has 5 rows"`
    /// @param condition asked again and again on this thread; what it throws ends the wait
    /// @throws AssertionError if it is still false after `limit`
    public static void await(Duration limit, String message, Callable<Boolean> condition) throws InterruptedException {
        value(limit, message, () -> condition.call() ? Optional.of(true) : Optional.empty());
    }

    /// Waits until `attempt` finds something.
    ///
    /// @return what it found
    /// @throws AssertionError if it has found nothing after `limit`
    public static <T> T value(Duration limit, String message, Callable<Optional<T>> attempt)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            var found = ask(message, attempt);
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Not so after " + limit.toMillis() + " ms: " + message);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting: " + message);
            }
        }
    }

    /// Waits until `signalled` holds a value, for example one that a listener puts there.
    public static <T> T value(Duration limit, String message, AtomicReference<T> signalled)
            throws InterruptedException {
        return value(limit, message, () -> Optional.ofNullable(signalled.get()));
    }

    private static <T> Optional<T> ask(String message, Callable<Optional<T>> attempt) throws InterruptedException {
        try {
            return attempt.call();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("Could not be asked: " + message, e);
        }
    }
}

package io.handover.engine.cutover;

import java.sql.SQLException;
import java.time.Duration;

/// Does what the pause will do a few times before it. A statement that was sent often is neither parsed nor planned
/// anew by the server, and a method that was called often has been compiled by the JVM; for both the pause is the wrong
/// time.
final class WarmUp {

    /// PgJDBC has the server keep a statement from its fifth execution on, and the server its plan five later.
    private static final int TIMES = 12;

    /// What takes longer is not made much shorter by it.
    private static final Duration WITHIN = Duration.ofMillis(400);

    private WarmUp() {}

    /// Does `work` again and again while that is quick.
    ///
    /// @param since when it was begun for the first time, by `System.nanoTime`: if that took long, it is not
    /// done again
    /// @return how long it took the last time
    static <E extends Exception> Duration again(long since, Work<E> work) throws SQLException, InterruptedException, E {
        long before = since;
        long now = System.nanoTime();
        for (int times = 1; times < TIMES && now - since < WITHIN.toNanos(); times++) {
            before = now;
            work.run();
            now = System.nanoTime();
        }
        return Duration.ofNanos(now - before);
    }

    /// What is done.
    ///
    /// @param <E> what else it throws
    @FunctionalInterface
    interface Work<E extends Exception> {
        void run() throws SQLException, InterruptedException, E;
    }
}

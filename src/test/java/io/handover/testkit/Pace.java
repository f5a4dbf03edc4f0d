package io.handover.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// How fast the application of a test writes when the test is not about heavy writing.
public final class Pace {

    private static final Duration REST = Duration.ofMillis(3);

    private Pace() {}

    /// The rest between two transactions of a writer: writing never stops, at one or two hundred a second for each, and
    /// the processor is left to what is tested.
    public static void rest() {
        LockSupport.parkNanos(REST.toNanos());
    }
}

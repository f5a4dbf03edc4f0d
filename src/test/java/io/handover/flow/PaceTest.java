package io.handover.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final AtomicLong limit = new AtomicLong(100);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Pace pace = new Pace(limit::get, nanos::get);

    @Test
    void whatWasDoneTooQuicklyIsWaitedForAndTimePaysItOff() {
        assertEquals(0, pace.dueMillis());
        pace.done(50);
        pace.done(150);
        assertEquals(2_000, pace.dueMillis());
        seconds(1);
        assertEquals(1_000, pace.dueMillis());
        seconds(5);
        assertEquals(0, pace.dueMillis());
        pace.done(100); // idle time is not saved up
        assertEquals(1_000, pace.dueMillis());
    }

    @Test
    void anotherLimitCountsAtOnceAndNoneForgetsTheDebt() {
        pace.done(1_000);
        assertEquals(10_000, pace.dueMillis());
        limit.set(1_000);
        assertEquals(1_000, pace.dueMillis());
        limit.set(0);
        assertEquals(0, pace.dueMillis());
        pace.done(1_000_000);
        limit.set(1);
        assertEquals(0, pace.dueMillis());
    }

    private void seconds(long seconds) {
        nanos.addAndGet(seconds * 1_000_000_000L);
    }
}

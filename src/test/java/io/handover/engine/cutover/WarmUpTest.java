package io.handover.engine.cutover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What is quick is done often enough for a server to keep its plan, what takes long is not done again.
class WarmUpTest {

    private static final long AN_HOUR = Duration.ofHours(1).toNanos();

    @Test
    void aQuickOneIsRepeated() throws Exception {
        var runs = new AtomicInteger();

        Duration last = WarmUp.again(System.nanoTime() + AN_HOUR, runs::incrementAndGet);

        assertTrue(runs.get() >= 10, "PgJDBC's threshold of five, and the server's of five custom plans: " + runs);
        assertTrue(!last.isNegative() && last.compareTo(Duration.ofMinutes(1)) < 0, last::toString);
    }

    @Test
    void oneThatTookLongIsNotDoneAgain() throws Exception {
        var runs = new AtomicInteger();

        Duration last = WarmUp.again(System.nanoTime() - AN_HOUR, runs::incrementAndGet);

        assertEquals(0, runs.get());
        assertTrue(last.compareTo(Duration.ofMinutes(59)) > 0, "the time of the first: " + last);
    }

    @Test
    void whatGoesWrongIsTold() {
        var why = new SQLException("no", "XX000");

        var thrown = assertThrows(
                SQLException.class,
                () -> WarmUp.again(System.nanoTime() + AN_HOUR, () -> {
                    throw why;
                }));

        assertEquals(why, thrown);
    }
}

package io.handover.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PieceSizeTest {

    private long now;
    private final PieceSize size = new PieceSize(100, 10, 1_000, Duration.ofSeconds(2), () -> now);

    @Test
    void growsAndShrinksUntilAPieceTakesTheWantedTime() {
        assertEquals(100, size.next());
        did(100, 0.1);
        assertEquals(200, size.next(), "twice at most");
        did(200, 1);
        assertEquals(400, size.next());
        did(400, 2);
        assertEquals(400, size.next());
        did(400, 8);
        assertEquals(100, size.next());
        did(100, 1_000);
        assertEquals(12, size.next(), "an eighth at least");
        did(12, 1_000);
        assertEquals(10, size.next());
    }

    @Test
    void neverGetsLargerThanAllowed() {
        for (int i = 0; i < 10; i++) {
            did(size.next(), 0);
        }
        assertEquals(1_000, size.next());
    }

    @Test
    void learnsNothingFromSmallRestsNorWithoutABeginning() {
        size.next();
        did(1, 0.5);
        assertEquals(100, size.next());
        did(100, 2);
        did(1_000_000, 100);
        assertEquals(100, size.next());
        did(1, 4);
        assertEquals(12, size.next(), "but a small one that took long");
    }

    private void did(long units, double seconds) {
        now += (long) (seconds * 1e9);
        size.done(units);
    }
}

package io.handover.ui.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ChartColumnsTest {

    private static final long GAP = 6_000;
    private final ChartSamples samples = new ChartSamples(100_000, 1);

    @Test
    void aColumnHoldsTheLowestAndTheHighestOfItsSamples() {
        for (int i = 0; i < 100; i++) {
            samples.add(i * 1000L, i == 42 ? 500 : 7);
        }

        var columns = columns(10, 10_000, 99_000);

        assertEquals(7, columns.low(4));
        assertEquals(500, columns.high(4), "one sample of a hundred is not lost");
    }

    @Test
    void whatCouldNotBeReadIsEmptyAndNeverZero() {
        for (int i = 0; i < 100; i++) {
            samples.add(i * 1000L, i >= 30 && i < 60 ? Double.NaN : 5);
        }

        var columns = columns(100, 1000, 99_000);

        for (int i = 30; i < 60; i++) {
            assertTrue(columns.isEmpty(i), "column " + i);
        }
        assertEquals(5, columns.low(29));
        assertEquals(5, columns.low(60), "and nothing leads down into the gap");
    }

    @Test
    void silenceLongerThanTheLimitIsAGapToo() {
        samples.add(0, 5);
        samples.add(20_000, 5);

        var columns = columns(21, 1000, 20_000);

        assertFalse(columns.isEmpty(0));
        assertTrue(columns.isEmpty(10));
        assertFalse(columns.isEmpty(20));
    }

    @Test
    void fewerSamplesThanColumnsAreJoined() {
        samples.add(0, 0);
        samples.add(1000, 10);

        var columns = columns(11, 100, 1000);

        assertEquals(5, columns.low(5), 1e-9);
        assertEquals(6, columns.high(5), 1e-9);
    }

    @Test
    void whatLiesBeforeTheWindowLeadsIntoIt() {
        samples.add(0, 10);
        samples.add(4000, 10);

        assertFalse(columns(20, 100, 4000).isEmpty(0), "the line enters from the left edge");
    }

    @Test
    void aSampleKeepsItsColumnsEdgesWhileTimeGoesOn() {
        samples.add(1_700_000_000_500L, 3);

        var now = columns(60, 1000, 1_700_000_000_500L);
        var later = columns(60, 1000, 1_700_000_000_900L);

        assertEquals(now.start(59), later.start(59), "no shimmering");
    }

    @Test
    void aClockThatWasSetBackTakesAwayWhatLiesAhead() {
        samples.add(10_000, 1);
        samples.add(20_000, 2);
        samples.add(15_000, 3);

        assertEquals(2, samples.size());
        assertEquals(15_000, samples.time(1));
    }

    @Test
    void theRingForgetsTheOldest() {
        var small = new ChartSamples(3, 1);
        for (int i = 0; i < 10; i++) {
            small.add(i, i);
        }

        assertEquals(3, small.size());
        assertEquals(7, small.time(0));
        assertEquals(9, small.value(0, 2));
        assertEquals(1, small.firstFrom(8));
        assertEquals(2, small.nearest(100));
    }

    private ChartColumns columns(int count, double width, long end) {
        var columns = new ChartColumns(count, width, end);
        columns.fill(samples, 0, GAP);
        return columns;
    }
}

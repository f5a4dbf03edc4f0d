package io.handover.ui.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartAxisTest {

    @ParameterizedTest
    @CsvSource({
        "BYTES, 1000, 1000 kB would read badly",
        "BYTES, 700000, sizes",
        "BYTES, 5000000000, big sizes",
        "SECONDS, 0.3, parts",
        "SECONDS, 47, seconds",
        "SECONDS, 5000, hours",
        "SECONDS, 900000, days",
        "ROWS, 3, few",
        "ROWS, 123456, many"
    })
    void theTopHoldsTheValueAndIsNotFarAbove(ChartUnit unit, double value, String why) {
        double top = ChartPainter.top(unit, value, 4);

        assertTrue(top >= value, why);
        assertTrue(top <= Math.max(value, unit.least()) * 3.2, why + ": " + top);
    }

    @ParameterizedTest
    @CsvSource({
        "BYTES, 0, 1024, 0",
        "BYTES, 20480, 10240, 20 kB",
        "BYTES, 1572864, 524288, '1,536 kB'",
        "BYTES, 3145728, 1048576, 3 MB",
        "SECONDS, 0.4, 0.2, 0.4 s",
        "SECONDS, 90, 30, 90 s",
        "SECONDS, 180, 60, 3 min",
        "SECONDS, 7200, 3600, 2 h",
        "ROWS, 1500, 500, '1,500'",
        "ROWS, 60000, 20000, 60 k"
    })
    void ticksHaveShortLabelsInOneUnit(ChartUnit unit, double value, double step, String label) {
        assertEquals(label, unit.tick(value, step));
    }

    @Test
    void rowsHaveNoHalves() {
        assertEquals(1, ChartUnit.ROWS.step(0.3));
    }

    @Test
    void timesAreRoundInTheLocalClockAndMidnightIsADay() {
        var zone = ZoneId.of("Asia/Kolkata"); // half an hour off
        long from = Instant.parse("2025-06-15T17:00:00Z").toEpochMilli(); // 22:30 there
        long to = from + 4 * 3_600_000;

        var labels = ChartTimes.between(from, to, 6, zone).stream()
                .map(ChartTimes.Tick::label)
                .toList();

        assertEquals(java.util.List.of("23:00", "16 Jun", "01:00", "02:00"), labels);
    }

    @Test
    void fiveMinutesShowNoMoreTicksThanFit() {
        var ticks = ChartTimes.between(0, 300_000, 7, ZoneId.of("UTC"));

        assertTrue(ticks.size() >= 4 && ticks.size() <= 8, "" + ticks);
    }

    @Test
    void theDayOfTheChangeToSummerTimeHasRoundHours() {
        var zone = ZoneId.of("Europe/Berlin");
        long from = Instant.parse("2025-03-29T23:00:00Z").toEpochMilli(); // midnight there
        var labels = ChartTimes.between(from, from + 23 * 3_600_000L, 24, zone).stream()
                .map(ChartTimes.Tick::label)
                .toList();

        assertEquals("30 Mar", labels.getFirst());
        assertEquals("03:00", labels.get(2), "two o'clock did not happen");
    }
}

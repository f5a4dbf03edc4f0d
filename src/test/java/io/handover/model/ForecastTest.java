package io.handover.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Reckoned by hand: 10 MB/s for one worker, 1 MB of WAL a second.
class ForecastTest {

    private static final long MB = 1_000_000;

    @Test
    void aRangeAndWhetherTheLogIsScarce() {
        // 100 MB by two: 5 s at best, 20 s with one worker and as much for indexes
        var forecast = of(15 * MB, wave(100, 60, CopyMethod.THROUGH_HERE));
        assertRange(5, 20, forecast);
        assertEquals(20 * MB, forecast.mostWal());
        assertTrue(forecast.walIsScarce());
        assertFalse(of(-1, wave(100, 60, CopyMethod.THROUGH_HERE)).walIsScarce());
        assertFalse(new Forecast(List.of(), 0, 0, -1, Optional.empty()).known());
    }

    @Test
    void whatTheTargetFetchesIsNotReadInParts() {
        // the biggest takes 9 s by itself, whatever else is done meanwhile
        assertRange(9, 20, of(-1, wave(100, 90, CopyMethod.SERVER_TO_SERVER)));
    }

    @Test
    void anArchiveIsWrittenCompressedAndLoaded() {
        // best: 5 s of rows and 100 MB at 2 x 20 MB/s; worst: the rows twice, 5 s of compression, 10 s of indexes
        var two = new ArchiveForecast(30 * MB, 20 * MB, 2, "/backup", 20 * MB);
        var forecast = new Forecast(List.of(wave(100, 50, CopyMethod.ARCHIVE)), 10 * MB, MB, -1, Optional.of(two));
        assertEquals(Duration.ofMillis(7500), forecast.shortest());
        assertEquals(Duration.ofSeconds(35), forecast.longest());
        assertTrue(two.isTooBig(), "30 MB do not go into 20");

        var alone = new ArchiveForecast(30 * MB, 20 * MB, 1, "/backup", 30 * MB);
        assertFalse(alone.isTooBig());
        var slower = new Forecast(List.of(wave(100, 50, CopyMethod.ARCHIVE)), 10 * MB, MB, -1, Optional.of(alone));
        assertEquals(Duration.ofSeconds(10), slower.shortest(), "one file is written by one worker");

        var quick = new ArchiveForecast(30 * MB, 0, 2, "/backup", 30 * MB);
        var uncompressed =
                new Forecast(List.of(wave(100, 50, CopyMethod.ARCHIVE)), 10 * MB, MB, -1, Optional.of(quick));
        assertEquals(Duration.ofSeconds(5), uncompressed.shortest());
        assertEquals(Duration.ofSeconds(30), uncompressed.longest());
    }

    @Test
    void wavesFollowOneAnotherAndTheSlotKeepsWhatTheLongestStandstillNeeds() {
        var first = wave(60, 60, CopyMethod.THROUGH_HERE);
        var second = wave(40, 30, CopyMethod.SERVER_TO_SERVER);
        var forecast = of(-1, first, second);
        assertEquals(Duration.ofSeconds(3), forecast.shortest(first));
        assertEquals(Duration.ofSeconds(3), forecast.shortest(second), "its biggest table by one worker");
        assertEquals(Duration.ofSeconds(6), forecast.longest(first));
        assertRange(6, 20, forecast);
        assertEquals(10 * MB, forecast.mostWal(), "the stream stands still for the indexes of all, 10 s");

        var archive = new ArchiveForecast(30 * MB, 20 * MB, 2, "/backup", 30 * MB);
        var through =
                new Forecast(List.of(wave(60, 60, CopyMethod.ARCHIVE), second), 10 * MB, MB, -1, Optional.of(archive));
        assertEquals(15 * MB, through.mostWal(), "the first wave takes up to 2 x 6 and 3 s");
    }

    private static Forecast of(long walLimit, Forecast.Wave... waves) {
        return new Forecast(List.of(waves), 10 * MB, MB, walLimit, Optional.empty());
    }

    private static Forecast.Wave wave(int megabytes, int biggest, CopyMethod way) {
        return new Forecast.Wave(megabytes * MB, biggest * MB, way, 2);
    }

    private static void assertRange(int shortest, int longest, Forecast forecast) {
        assertEquals(Duration.ofSeconds(shortest), forecast.shortest());
        assertEquals(Duration.ofSeconds(longest), forecast.longest());
    }
}

package io.handover.cli;

import io.handover.model.ArchiveForecast;
import io.handover.model.Forecast;
import java.time.Duration;
import java.util.Locale;

/// A forecast in one line, for whoever starts a copy from a terminal.
final class ForecastLine {

    private ForecastLine() {}

    static String of(Forecast found) {
        if (!found.known()) {
            return "forecast: not known, there are no rows to try with";
        }
        String waves = found.waves().size() > 1 ? " in " + found.waves().size() + " waves" : "";
        return String.format(
                        Locale.ROOT,
                        "forecast: %s to %s for %s%s, tried at %s/s; up to %s of WAL kept%s",
                        time(found.shortest()),
                        time(found.longest()),
                        size(found.bytes()),
                        waves,
                        size(Math.round(found.perSecond())),
                        size(found.mostWal()),
                        found.walIsScarce()
                                ? ", more than max_slot_wal_keep_size of " + size(found.walLimit()) + " allows"
                                : "")
                + found.archive().map(ForecastLine::archive).orElse("");
    }

    private static String archive(ArchiveForecast archive) {
        return "; the archive about " + size(archive.bytes()) + ", " + size(archive.free()) + " free in "
                + archive.place()
                + (archive.isTooBig() ? ": TOO LITTLE" : "");
    }

    private static String time(Duration time) {
        return time.toMinutes() < 1
                ? time.toSeconds() + " s"
                : time.toHours() < 1
                        ? time.toMinutes() + " min"
                        : time.toHours() + " h " + time.toMinutesPart() + " min";
    }

    private static String size(long bytes) {
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}

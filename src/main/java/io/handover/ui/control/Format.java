package io.handover.ui.control;

import io.handover.model.Eta;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;

/// Numbers, sizes and times as people read them. What is not known is a dash, never a 0.
public final class Format {

    /// Stands where nothing is known.
    public static final String UNKNOWN = "–";

    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB"};
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM uuuu HH:mm", Locale.ENGLISH);

    private Format() {}

    /// `912 bytes`, `1.2 MB`: units of 1024 as PostgreSQL's `pg_size_pretty` has them; a dash below 0.
    public static String bytes(double bytes) {
        if (bytes < 0 || Double.isNaN(bytes)) {
            return UNKNOWN;
        }
        if (bytes < 1024) {
            long whole = Math.round(bytes);
            return whole + (whole == 1 ? " byte" : " bytes");
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1023.5 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return decimal(value) + " " + UNITS[Math.max(0, unit)];
    }

    /// The same for a whole number of bytes.
    public static String bytes(long bytes) {
        return bytes((double) bytes);
    }

    /// `12.3 MB/s`; a dash below 0.
    public static String rate(double bytesPerSecond) {
        return bytesPerSecond < 0 || Double.isNaN(bytesPerSecond) ? UNKNOWN : bytes(bytesPerSecond) + "/s";
    }

    /// `18,204,113`; a dash below 0, for counts that are -1 while unknown.
    public static String count(long number) {
        return number < 0 ? UNKNOWN : String.format(Locale.ENGLISH, "%,d", number);
    }

    /// `18,204,113`; a dash if empty.
    public static String count(OptionalLong number) {
        return number.isEmpty() ? UNKNOWN : String.format(Locale.ENGLISH, "%,d", number.getAsLong());
    }

    /// `+12`, `-3`, `0`: a difference; a dash if empty.
    public static String signed(OptionalLong number) {
        if (number.isEmpty()) {
            return UNKNOWN;
        }
        return number.getAsLong() == 0 ? "0" : String.format(Locale.ENGLISH, "%+,d", number.getAsLong());
    }

    /// `43 %` of 0 to 1, rounded down so that 100 % means all; a dash below 0.
    public static String percent(double fraction) {
        return fraction < 0 || Double.isNaN(fraction) ? UNKNOWN : (int) Math.floor(fraction * 100 + 1e-9) + " %";
    }

    /// `87 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`: two units at most.
    public static String duration(Duration time) {
        if (time.isNegative()) {
            return "-" + duration(time.negated());
        }
        if (time.toMillis() < 1000) {
            return time.toMillis() + " ms";
        }
        if (time.toSeconds() < 10) {
            return String.format(Locale.ENGLISH, "%.1f s", Math.floor(time.toMillis() / 100.0) / 10);
        }
        return wholeSeconds(time);
    }

    /// As `duration`, without fractions: for clocks that tick. `0 s` for less than a second.
    public static String wholeSeconds(Duration time) {
        if (time.isNegative()) {
            return "-" + wholeSeconds(time.negated());
        }
        if (time.toSeconds() < 60) {
            return time.toSeconds() + " s";
        }
        if (time.toMinutes() < 60) {
            return two(time.toMinutes(), "min", time.toSecondsPart(), "s");
        }
        if (time.toHours() < 72) {
            return two(time.toHours(), "h", time.toMinutesPart(), "min");
        }
        return two(time.toDays(), "d", time.toHoursPart(), "h");
    }

    /// `4.2 s` behind and so on; a dash below 0.
    public static String seconds(double seconds) {
        return seconds < 0 || Double.isNaN(seconds) ? UNKNOWN : duration(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /// `12.4 ms`, `987 ms`: milliseconds of a timeline; a dash below 0.
    public static String millis(double millis) {
        return millis < 0 || Double.isNaN(millis)
                ? UNKNOWN
                : String.format(Locale.ENGLISH, millis < 100 ? "%.1f ms" : "%,.0f ms", millis);
    }

    /// `measuring`, `about 3 min`, `done`.
    public static String eta(Eta eta, Texts texts) {
        return switch (eta) {
            case Eta.Measuring() -> texts.get("eta.measuring");
            case Eta.Ready(var left) -> texts.get("eta.ready", wholeSeconds(left));
            case Eta.Done() -> texts.get("eta.done");
        };
    }

    /// `text` in one line: what would break a row of a table in two, or not show at all, becomes a sign or a space.
    public static String oneLine(String text) {
        return text.replace("\r\n", "↵")
                .replace('\n', '↵')
                .replace('\r', '↵')
                .replace('\t', ' ')
                .replaceAll("\\p{Cntrl}", "·");
    }

    /// `14:03:22` in `zone`.
    public static String clock(Instant at, ZoneId zone) {
        return CLOCK.format(at.atZone(zone));
    }

    /// `22 Nov 2025 14:03` in `zone`.
    public static String day(Instant at, ZoneId zone) {
        return DAY.format(at.atZone(zone));
    }

    /// `just now`, `12 s ago`, `5 min ago`: one unit.
    public static String ago(Instant at, Instant now, Texts texts) {
        var since = Duration.between(at, now);
        if (since.toSeconds() < 2) {
            return texts.get("ago.now");
        }
        String time = since.toSeconds() < 60
                ? since.toSeconds() + " s"
                : since.toMinutes() < 60
                        ? since.toMinutes() + " min"
                        : since.toHours() < 48 ? since.toHours() + " h" : since.toDays() + " d";
        return texts.get("ago", time);
    }

    private static String two(long big, String bigUnit, long small, String smallUnit) {
        return big + " " + bigUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    /// Three figures at most, none after the point from 100 on.
    private static String decimal(double value) {
        return String.format(Locale.ENGLISH, value < 99.95 ? "%.1f" : "%.0f", value);
    }
}

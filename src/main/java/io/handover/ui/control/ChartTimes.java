package io.handover.ui.control;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The ticks of a time axis: round times of the local clock.
final class ChartTimes {

    private static final int[] STEPS = {
        5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200, 86_400
    };
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    private ChartTimes() {}

    /// One tick.
    ///
    /// @param time  milliseconds since 1970
    /// @param label the clock; the day where a day begins
    record Tick(long time, String label) {}

    /// At most `most` ticks between the two moments.
    static List<Tick> between(long from, long to, int most, ZoneId zone) {
        int step = STEPS[STEPS.length - 1];
        for (int candidate : STEPS) {
            if ((to - from) / 1000.0 / candidate <= most) {
                step = candidate;
                break;
            }
        }
        var ticks = new ArrayList<Tick>();
        // Counted from local midnight, so that hours stay round in zones with half hours; after a change to or
        // from summer time the day begins anew.
        ZonedDateTime day = Instant.ofEpochMilli(from).atZone(zone).truncatedTo(ChronoUnit.DAYS);
        while (day.toInstant().toEpochMilli() <= to) {
            ZonedDateTime next = day.plusDays(1);
            long skipped = Math.max(0, (from - day.toInstant().toEpochMilli()) / 1000 / step);
            for (var at = day.plusSeconds(skipped * step); at.isBefore(next); at = at.plusSeconds(step)) {
                long millis = at.toInstant().toEpochMilli();
                if (millis > to) {
                    return ticks;
                }
                if (millis >= from) {
                    ticks.add(new Tick(millis, label(at, step)));
                }
            }
            day = next;
        }
        return ticks;
    }

    private static String label(ZonedDateTime at, int step) {
        if (at.toLocalTime().toSecondOfDay() == 0) {
            return DAY.format(at);
        }
        return (step < 60 ? SECOND : MINUTE).format(at);
    }

    /// The clock to the second.
    static String clock(long millis, ZoneId zone) {
        return SECOND.format(Instant.ofEpochMilli(millis).atZone(zone));
    }
}

package io.handover.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.MigrationState;
import io.handover.model.Profile;
import io.handover.model.Stage;
import io.handover.ui.Samples;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReminderTest {

    @Test
    void itIsAnEntryThatCalendarsRead() {
        Profile source = Samples.source();
        var odd = new Profile(
                "old",
                source.host(),
                source.port(),
                "a,b;c\\d " + "ü".repeat(60) + " 🐘",
                source.user(),
                source.tls(),
                "",
                source.environment());
        var state = MigrationState.draft(Samples.plan().between(odd, Samples.target()))
                .in(Stage.FINISHED);

        // the source still owns the data: the old one is the target then
        String text = Reminder.ics(state, Instant.parse("2025-06-15T22:30:00Z"), ZoneId.of("Europe/Berlin"));

        List<String> lines = List.of(text.split("\r\n", -1));
        assertTrue(text.endsWith("\r\n"));
        assertEquals(-1, text.replace("\r\n", "").indexOf('\n'));
        lines.forEach(line -> assertTrue(line.getBytes(StandardCharsets.UTF_8).length <= 75, line));
        String unfolded = text.replace("\r\n ", "");
        assertTrue(unfolded.contains("DTSTART;VALUE=DATE:20250716\r\n"), "30 days after the 16th, as it is in Berlin");
        assertTrue(unfolded.contains("a\\,b\\;c\\\\d " + "ü".repeat(60) + " 🐘"), unfolded);
        assertTrue(unfolded.contains(
                "SUMMARY:Switch off the old database " + Samples.target().address()));
    }
}

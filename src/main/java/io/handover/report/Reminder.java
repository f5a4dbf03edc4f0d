package io.handover.report;

import io.handover.model.MigrationState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// An entry for a calendar (iCalendar, RFC 5545) that reminds of switching off the old server. Pure.
public final class Reminder {

    /// How many days after the end it reminds: time enough to see that nobody asks for the old one any more.
    public static final int DAYS = 30;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int OCTETS = 75;

    private Reminder() {}

    /// For the server that does not own the data in `state`.
    ///
    /// @param now  this machine's clock
    /// @param zone in which the day is reckoned
    public static String ics(MigrationState state, Instant now, ZoneId zone) {
        String old = state.plan().profile(state.owner().other()).address();
        String owner = state.plan().profile(state.owner()).address();
        String day = DateTimeFormatter.BASIC_ISO_DATE.format(
                LocalDate.ofInstant(now, zone).plusDays(DAYS));
        var text = new StringBuilder();
        line(text, "BEGIN:VCALENDAR");
        line(text, "VERSION:2.0");
        line(text, "PRODID:-//Handover//Handover//EN");
        line(text, "BEGIN:VEVENT");
        line(text, "UID:handover-" + state.plan().id() + "@retired");
        line(text, "DTSTAMP:" + STAMP.format(now));
        line(text, "DTSTART;VALUE=DATE:" + day);
        line(text, "SUMMARY:" + escaped("Switch off the old database " + old));
        line(
                text,
                "DESCRIPTION:"
                        + escaped("Its data moved to " + owner + " with migration "
                                + state.plan().id()
                                + ". Nobody follows it any more. Look in pg_stat_activity and in its log whether anybody"
                                + " still connects, keep a last backup, then stop it."));
        line(text, "END:VEVENT");
        line(text, "END:VCALENDAR");
        return text.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace(";", "\\;")
                .replace(",", "\\,")
                .replace("\r", "")
                .replace("\n", "\\n");
    }

    /// A line of the format has at most 75 octets; longer ones go on after a space.
    private static void line(StringBuilder text, String line) {
        int room = OCTETS;
        for (int i = 0; i < line.length(); ) {
            int c = line.codePointAt(i);
            String character = Character.toString(c);
            int octets = character.getBytes(StandardCharsets.UTF_8).length;
            if (octets > room) {
                text.append("\r\n ");
                room = OCTETS - 1;
            }
            text.append(character);
            room -= octets;
            i += Character.charCount(c);
        }
        text.append("\r\n");
    }
}

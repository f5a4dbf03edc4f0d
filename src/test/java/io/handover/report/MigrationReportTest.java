package io.handover.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Environment;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.model.StatementLog;
import io.handover.model.TlsMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MigrationReportTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final StatementLog NONE = new StatementLog(List.of(), List.of());
    private final MigrationState state = MigrationState.draft(Plan.of(
            new MigrationId("0000000a"),
            new Profile("<b>prod</b>", "h", 5432, "a&b\"'", "u", TlsMode.PREFER, "", Environment.PRODUCTION),
            new Profile("new", "h2", 5432, "d", "u", TlsMode.PREFER, "", Environment.TEST)));

    @Test
    void namesFromACatalogueCannotBecomeMarkup() {
        var sql = new SqlRecord(
                1,
                NOW,
                Side.SOURCE,
                "comment on table \"<script>x</script>\" is '\u0001'",
                Duration.ofMillis(5),
                SqlRecord.Status.DONE,
                "");
        String html = MigrationReport.html(state, new StatementLog(List.of(sql), List.of()), NOW);
        assertFalse(html.contains("<script>"), "a table's name is text");
        assertFalse(html.contains("<b>prod"), "a profile's name is text");
        assertFalse(html.contains("\u0001"), "a control character is not HTML");
        assertTrue(html.contains("a&amp;b&quot;&#39;"));
    }

    @Test
    void theRecordHasAllThatADbaIsAskedFor() throws Exception {
        String html = MigrationReport.html(ReportSample.state(), ReportSample.statements(), NOW);
        for (String part : List.of(
                "962,962,954,200 rows in 40 tables", // what moved
                "2026-01-02T12:00:00.123456Z", // when
                "<dd>everything up to 16/B374D848 of the source had arrived</dd>",
                "<dd>ann@desk-4.example.com: CutOver, confirmed by typing orders</dd>",
                "84 ms",
                "Every row of every table that was compared was proved equal.",
                "At most 2^-63",
                "agreed with " + ReportSample.LONG, // the override
                "used: the data changed hands",
                "lock timeout", // a statement that failed
                "What bob@two ran", // and one that is not here
                "Something was written on the source after it had handed over",
                "is unlogged: its rows are copied again")) {
            assertTrue(html.contains(part), part);
        }
        assertEquals(5, html.split("<thead>", -1).length - 1, "each table's head is there again on the next page");
        Path folder = Files.createDirectories(Path.of("target", "pictures"));
        Files.writeString(folder.resolve("report.html"), html); // for people to look at
    }

    @Test
    void nothingThatTurnsLettersAboutOrHidesThemIsInIt() {
        String text = Html.escaped("a\u202eb\u2066c\u200bd\u2028e\u200d\u0085\ud800");
        assertEquals("a\\x202eb\\x2066c\\x200bd\\x2028e\u200d\\x85\\xd800", text);
    }

    @Test
    void whatWasNeverComparedIsSaid() {
        assertTrue(MigrationReport.html(state, NONE, NOW).contains("never compared"));
        String json = ReportJson.json(state, NONE, NOW);
        assertTrue(json.contains("\"notCompared\" : [ \"The two sides were never compared.\" ]"), json);
        assertTrue(json.contains("\"complete\" : false"), json);
    }

    @Test
    void theJsonHasTheSameMigration() {
        String json = ReportJson.json(state, NONE, NOW);
        assertTrue(json.contains("\"0000000a\""), json);
        assertTrue(json.contains("\"DRAFT\""), json);
    }

    @Test
    void theFingerprintIsOfTheCanonicalJson() {
        // of {"a":[{"fingerprint":"x","é":1.50}],"b":"1 < 2"}
        assertEquals("3a34308039e593fe13c7f0c0cc43d0bafd0f95b6c31efc28f936a6e80385e673", Fingerprint.of("""
                        { "b" : "1 < 2", "fingerprint": "whatever",
                          "a" : [ { "é" : 1.50, "fingerprint" : "x" } ] }
                        """));
    }

    @Test
    void anyChangeBreaksTheFingerprint() {
        String json = ReportJson.json(state, NONE, NOW);
        assertTrue(Fingerprint.matches(json));
        assertTrue(Fingerprint.matches(json.replace("\n", "\r\n")), "line breaks are no change");
        for (String part : List.of("DRAFT", "never", "0000000a", "5432", "03:04:05")) {
            assertTrue(json.contains(part), json);
            assertFalse(Fingerprint.matches(json.replace(part, part.replaceFirst("^.", "9"))), part);
        }
    }

    @Test
    void theFileForPeopleHoldsTheSameData() {
        String html = MigrationReport.html(state, NONE, NOW);
        String begin = "<script type=\"application/json\" id=\"report\">";
        int at = html.indexOf(begin) + begin.length();
        String data = html.substring(at, html.indexOf("</script>", at));
        assertTrue(Fingerprint.matches(data));
        assertEquals(Fingerprint.of(ReportJson.json(state, NONE, NOW)), Fingerprint.of(data));
        assertTrue(html.contains("SHA-256 " + Fingerprint.of(data)));
    }
}

package io.handover.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Environment;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.model.TlsMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MigrationReportTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
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
        String html = MigrationReport.html(state, List.of(sql), NOW);
        assertFalse(html.contains("<script>"), "a table's name is text");
        assertFalse(html.contains("<b>prod"), "a profile's name is text");
        assertFalse(html.contains("\u0001"), "a control character is not HTML");
        assertTrue(html.contains("a&amp;b&quot;&#39;"));
    }

    @Test
    void whatWasNeverComparedIsSaid() {
        assertTrue(MigrationReport.html(state, List.of(), NOW).contains("never compared"));
    }

    @Test
    void theJsonHasTheSameMigration() {
        String json = ReportJson.json(state, List.of(), NOW);
        assertTrue(json.contains("\"0000000a\""), json);
        assertTrue(json.contains("\"DRAFT\""), json);
    }
}

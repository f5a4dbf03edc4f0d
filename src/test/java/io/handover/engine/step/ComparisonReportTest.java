package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.MigrationState;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.VerifyReport;
import io.handover.report.Fingerprint;
import io.handover.report.MigrationReport;
import io.handover.report.ReportJson;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A comparison of two real databases, as it is handed on.
class ComparisonReportTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void itSaysByWhomAndWhatWasNotCompared() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("18"))) {
            run(with, Side.SOURCE, """
                    create table public.both (id int primary key, v text);
                    insert into public.both values (1, 'one');
                    create table public."lonely <b>" (id int primary key);
                    create unlogged table public.cache (id int)""");
            run(with, Side.TARGET, """
                    create table public.both (id int primary key, v text);
                    insert into public.both values (1, 'one')""");
            VerifyReport comparison = VerifyStep.frozen(with, Side.SOURCE);

            String json = ReportJson.json(
                    state(with, comparison), new io.handover.model.StatementLog(List.of(), List.of()), NOW);
            String html = MigrationReport.html(
                    state(with, comparison), new io.handover.model.StatementLog(List.of(), List.of()), NOW);

            var by = comparison.by().orElseThrow();
            assertEquals(System.getProperty("user.name"), by.person());
            assertEquals(with.plan().source().user(), by.sourceRole());
            assertEquals(with.plan().target().user(), by.targetRole());
            assertFalse(by.machine().isBlank());
            assertTrue(json.contains("\"person\" : \"" + by.person() + "\""), json);
            assertTrue(html.contains("<dd>" + by.person() + "@" + by.machine() + ", as role " + by.sourceRole()), html);
            assertTrue(json.contains("At most 2^-63"), json);
            assertTrue(html.contains("At most 2^-63"), html);
            assertTrue(json.contains("\"complete\" : false"), json);
            assertTrue(json.contains("public.lonely <b>: The follower has no such table."), json);
            assertTrue(json.contains("public.cache is unlogged"), json);
            int loud = html.indexOf("Not compared: 2");
            assertTrue(loud > 0 && loud < html.indexOf("Chance of a missed"), "said before anything that reads well");
            assertTrue(html.contains("public.lonely &lt;b&gt;: The follower has no such table."), html);
            assertTrue(Fingerprint.matches(json));
            assertFalse(Fingerprint.matches(json.replace("The follower has no such table.", "Equal.")));
        }
    }

    @Test
    void aCompleteComparisonSaysSo() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("18"))) {
            for (Side side : Side.values()) {
                run(with, side, "create table public.both (id int primary key); insert into public.both values (1)");
            }
            var state = state(with, VerifyStep.frozen(with, Side.SOURCE));

            assertTrue(ReportJson.json(state, new io.handover.model.StatementLog(List.of(), List.of()), NOW)
                    .contains("\"complete\" : true"));
            assertTrue(MigrationReport.html(state, new io.handover.model.StatementLog(List.of(), List.of()), NOW)
                    .contains("Nothing was left out."));
        }
    }

    private static MigrationState state(TestContext with, VerifyReport comparison) {
        return new MigrationState(
                with.plan(),
                Stage.STREAMING,
                Optional.empty(),
                Side.SOURCE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                Optional.of(NOW),
                Optional.of(comparison),
                List.of(),
                Optional.empty(),
                List.of(),
                io.handover.model.AuditTrail.none());
    }

    private static void run(TestContext with, Side side, String sql) throws SQLException {
        try (var session = with.server(side).open("test");
                var statement = session.jdbc().createStatement()) {
            statement.execute(sql);
        }
    }
}

package io.handover.report;

import io.handover.model.AuditTrail;
import io.handover.model.CutoverReport;
import io.handover.model.HookRun;
import io.handover.model.MigrationState;
import io.handover.model.Problem;
import io.handover.model.Profile;
import io.handover.model.SqlRecord;
import io.handover.model.StatementLog;
import io.handover.model.TimelineEntry;
import io.handover.model.VerifyReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// One migration as one HTML file without references to anything outside.
public final class MigrationReport {

    private MigrationReport() {}

    /// Writes the report.
    ///
    /// @param state      what happened
    /// @param statements what was changed on the servers, passwords masked
    /// @param at         now
    public static String html(MigrationState state, StatementLog statements, Instant at) {
        var html = new Html();
        html.raw(
                        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                                + "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><title>")
                .text("Handover " + state.plan().id())
                .raw("</title>\n<style>\n" + style() + "</style></head>\n<body>\n");
        html.element(
                "h1",
                "Migration of " + state.plan().source().database() + " to "
                        + state.plan().target().address());
        ReportJson data = ReportJson.of(state, statements, at);
        summary(html, state, at, data.fingerprint());
        state.problem().ifPresent(problem -> problem(html, problem));
        AuditPart.overrides(html, state.audit());
        for (CutoverReport cutover : state.cutovers()) {
            cutover(html, cutover, state.audit());
        }
        state.verification()
                .ifPresentOrElse(
                        report -> ComparisonPart.write(html, report),
                        () -> html.element("h2", "Verification").element("p class=\"bad\"", ReportJson.NEVER));
        AuditPart.events(html, state.audit());
        statements(html, statements);
        // the data itself: with it, the fingerprint can be made again from this one file
        html.raw("<script type=\"application/json\" id=\"report\">")
                .raw(data.text().replace("<", "\\u003c"))
                .raw("</script>\n");
        return html.raw("</body></html>\n").toString();
    }

    private static void summary(Html html, MigrationState state, Instant at, String fingerprint) {
        html.raw("<dl>\n")
                .fact("Migration", state.plan().id().value())
                .fact("Source", server(state.plan().source()))
                .fact("Target", server(state.plan().target()))
                .fact("Stage", state.stage().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .fact("Owner of the data", state.owner().word())
                .fact("Scope", scope(state))
                .fact("Moved", moved(state))
                .fact(
                        "Streaming since",
                        state.streamingSince().map(Instant::toString).orElse(""))
                .fact(
                        "Window open until",
                        state.windowEnds().map(Instant::toString).orElse(""))
                .fact("Left over", String.join("\n", state.leftovers()))
                .fact("Written at", at.truncatedTo(ChronoUnit.SECONDS).toString())
                .fact("Fingerprint", "SHA-256 " + fingerprint + " of the data in this file, from its JSON")
                .raw("</dl>\n");
    }

    private static void problem(Html html, Problem problem) {
        html.element("h2", "Problem " + problem.code())
                .element("p class=\"bad\"", problem.what())
                .element("p", problem.meaning())
                .element("p", problem.action())
                .element("pre", problem.details());
    }

    private static void cutover(Html html, CutoverReport cutover, AuditTrail trail) {
        html.element(
                        "h2",
                        "Hand-over from the " + cutover.from().word() + ": "
                                + cutover.outcome().name().toLowerCase(Locale.ROOT))
                .raw("<dl>\n")
                .fact("Confirmed at", cutover.startedAt().toString())
                .fact("Confirmed by", AuditPart.confirmed(trail, cutover.startedAt()))
                .fact("Frozen at", cutover.frozenAt().map(Instant::toString).orElse(""))
                .fact("Deadline", cutover.deadline().map(Instant::toString).orElse(""))
                .fact(
                        "Write pause",
                        cutover.writePause().map(MigrationReport::millis).orElse(""))
                .fact("Fence", fence(cutover))
                .raw("</dl>\n");
        cutover.problem().ifPresent(problem -> problem(html, problem));
        html.table("timeline", List.of("Step", "From the freeze", "Took", "Writes", "Note"));
        for (TimelineEntry entry : cutover.timeline()) {
            html.row(
                    "td",
                    List.of(
                            entry.name(),
                            "%.1f ms".formatted(entry.startMillis()),
                            entry.tookMillis() < 0 ? "not ended" : "%.1f ms".formatted(entry.tookMillis()),
                            entry.paused() ? "stopped" : "running",
                            entry.note()));
        }
        html.raw("</table>\n");
        for (HookRun hook : cutover.hooks()) {
            html.element("h3", "Hook " + hook.name() + ": " + (hook.ok() ? "succeeded" : "failed, " + hook.exit()))
                    .element("pre", hook.command() + "\n" + hook.output());
        }
        cutover.notes().forEach(note -> html.element("p", note));
    }

    /// Up to which position of the old owner's log everything was seen on the new one.
    private static String fence(CutoverReport cutover) {
        return cutover.timeline().stream()
                .filter(entry ->
                        entry.name().equals("Fence arrived") && !entry.note().isEmpty())
                .map(entry -> entry.note() + " had arrived")
                .reduce((_, newer) -> newer)
                .orElse("");
    }

    private static void statements(Html html, StatementLog statements) {
        html.element("h2", "Statements that changed something")
                .element(
                        "p",
                        "Passwords masked. "
                                + (statements.missing().isEmpty() ? "No computer's statements are missing." : ""));
        missing(html, statements.missing());
        html.table("statements", List.of("At", "Server", "Statement", "Took", "Result"));
        for (SqlRecord statement : statements.run()) {
            if (statement.status() != SqlRecord.Status.RUNNING) {
                html.row(
                        "td",
                        List.of(
                                statement.at().toString(),
                                statement.side().word(),
                                statement.sql(),
                                millis(statement.took()),
                                statement.status().name().toLowerCase(Locale.ROOT) + " " + statement.note()));
            }
        }
        html.raw("</table>\n");
    }

    private static void missing(Html html, List<String> sentences) {
        if (!sentences.isEmpty()) {
            html.raw("<div class=\"left\">\n").element("h3", "Not all are here");
            sentences.forEach(sentence -> html.element("p class=\"bad\"", sentence));
            html.raw("</div>\n");
        }
    }

    private static String moved(MigrationState state) {
        return state.verification()
                .filter(VerifyReport::finished)
                .map(report -> "%,d rows in %,d tables, as last compared"
                        .formatted(report.rows(), report.tables().size()))
                .orElse(state.copiedTables() == 0 ? "" : state.copiedTables() + " tables copied");
    }

    private static String server(Profile profile) {
        return profile.name() + " — " + profile.address() + " as " + profile.user();
    }

    private static String scope(MigrationState state) {
        var scope = state.plan().scope();
        return scope.isEverything()
                ? "all user tables"
                : "all user tables without schemas " + scope.excludedSchemas() + " and tables "
                        + scope.excludedTables().stream()
                                .map(t -> t.display())
                                .sorted()
                                .toList();
    }

    static String millis(Duration duration) {
        return duration.compareTo(Duration.ofSeconds(10)) < 0
                ? duration.toMillis() + " ms"
                : duration.toSeconds() + " s";
    }

    private static String style() {
        try (InputStream css = MigrationReport.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css is not among the resources");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.handover.report;

import io.handover.model.CutoverReport;
import io.handover.model.HookRun;
import io.handover.model.MigrationState;
import io.handover.model.Problem;
import io.handover.model.Profile;
import io.handover.model.RowDifference;
import io.handover.model.SqlRecord;
import io.handover.model.TableVerdict;
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

    /// What the comparison's hash promises; worked out where it is made.
    private static final String MISSED = "At most 2^-63 (one in 9 · 10^18) for a row changed by accident: rows are"
            + " compared by count and by the sum of their 64-bit hashes. The hash is no protection against somebody who"
            + " forges rows on purpose.";

    private MigrationReport() {}

    /// Writes the report.
    ///
    /// @param state      what happened
    /// @param statements what was changed on the servers, passwords masked; incomplete after a restart
    /// @param at         now
    public static String html(MigrationState state, List<SqlRecord> statements, Instant at) {
        var html = new Html();
        html.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .text("Handover " + state.plan().id())
                .raw("</title>\n<style>\n" + style() + "</style></head>\n<body>\n");
        html.element(
                "h1",
                "Migration of " + state.plan().source().database() + " to "
                        + state.plan().target().address());
        summary(html, state, at);
        state.problem().ifPresent(problem -> problem(html, problem));
        for (CutoverReport cutover : state.cutovers()) {
            cutover(html, cutover);
        }
        state.verification()
                .ifPresentOrElse(
                        report -> verification(html, report),
                        () -> html.element("h2", "Verification")
                                .element("p class=\"bad\"", "The two sides were never compared."));
        statements(html, statements);
        return html.raw("</body></html>\n").toString();
    }

    private static void summary(Html html, MigrationState state, Instant at) {
        html.raw("<dl>\n")
                .fact("Migration", state.plan().id().value())
                .fact("Source", server(state.plan().source()))
                .fact("Target", server(state.plan().target()))
                .fact("Stage", state.stage().name())
                .fact("Owner of the data", state.owner().word())
                .fact("Scope", scope(state))
                .fact(
                        "Streaming since",
                        state.streamingSince().map(Instant::toString).orElse(""))
                .fact(
                        "Window open until",
                        state.windowEnds().map(Instant::toString).orElse(""))
                .fact("Left over", String.join("\n", state.leftovers()))
                .fact("Written at", at.truncatedTo(ChronoUnit.SECONDS).toString())
                .raw("</dl>\n");
    }

    private static void problem(Html html, Problem problem) {
        html.element("h2", "Problem " + problem.code())
                .element("p class=\"bad\"", problem.what())
                .element("p", problem.meaning())
                .element("p", problem.action())
                .element("pre", problem.details());
    }

    private static void cutover(Html html, CutoverReport cutover) {
        html.element(
                        "h2",
                        "Hand-over from the " + cutover.from().word() + ": "
                                + cutover.outcome().name().toLowerCase(Locale.ROOT))
                .raw("<dl>\n")
                .fact("Confirmed at", cutover.startedAt().toString())
                .fact("Frozen at", cutover.frozenAt().map(Instant::toString).orElse(""))
                .fact("Deadline", cutover.deadline().map(Instant::toString).orElse(""))
                .fact(
                        "Write pause",
                        cutover.writePause().map(MigrationReport::millis).orElse(""))
                .raw("</dl>\n");
        cutover.problem().ifPresent(problem -> problem(html, problem));
        html.raw("<table>\n").row("th", List.of("Step", "From the freeze", "Took", "Writes", "Note"));
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

    private static void verification(Html html, VerifyReport report) {
        html.element("h2", "Verification")
                .element(
                        report.passed() ? "p class=\"good\"" : "p class=\"bad\"",
                        report.proved()
                                ? "Every row of every table was proved equal."
                                : report.passed()
                                        ? "Every row was equal but " + report.unsettled()
                                                + " that were changing while it was read."
                                        : "The two sides differ, or not all could be compared.")
                .raw("<dl>\n")
                .fact("Method", report.method())
                .fact("Chance of a missed difference", MISSED)
                .fact("Compared at", report.startedAt() + ", log position " + report.ownerLsn())
                .fact("Took", millis(report.took()))
                .fact("Stream held for", millis(report.applyPaused()))
                .raw("</dl>\n<table>\n")
                .row(
                        "th",
                        List.of(
                                "Table",
                                "Rows source",
                                "Rows target",
                                "Result",
                                "Differ",
                                "Digest source",
                                "Digest target"));
        for (TableVerdict table : report.tables()) {
            html.row(
                    "td",
                    List.of(
                            table.table().display(),
                            number(table.sourceRows()),
                            number(table.targetRows()),
                            table.verdict().name().toLowerCase(Locale.ROOT),
                            number(table.differences()),
                            table.sourceDigest(),
                            table.targetDigest()));
        }
        html.raw("</table>\n");
        differences(html, report);
        html.element("h3", "Not the same in the schema");
        if (report.schema().isEmpty()) {
            html.element("p", "Nothing.");
        }
        report.schema()
                .forEach(d -> html.element(
                        report.sameSchema() ? "p" : "p class=\"bad\"",
                        d.kind() + " " + d.object() + ": source " + (d.source().isEmpty() ? "has none" : d.source())
                                + ", target " + (d.target().isEmpty() ? "has none" : d.target())));
        html.element("h3", "Not compared");
        if (report.notCompared().isEmpty()) {
            html.element("p", "Nothing was left out.");
        }
        report.notCompared().forEach(line -> html.element("p class=\"bad\"", line));
    }

    private static void differences(Html html, VerifyReport report) {
        for (TableVerdict table : report.tables()) {
            for (RowDifference row : table.first()) {
                html.element(
                        "p class=\"bad\"",
                        table.table().display() + " " + row.kind().name().toLowerCase(Locale.ROOT) + " " + row.key());
                row.columns().forEach(c -> html.element("pre", c.column() + ": " + c.source() + " → " + c.target()));
            }
        }
    }

    private static void statements(Html html, List<SqlRecord> statements) {
        html.element("h2", "Statements that changed something")
                .element("p", "Since Handover was last started; earlier ones are in its log.")
                .raw("<table>\n")
                .row("th", List.of("At", "Server", "Statement", "Took", "Result"));
        for (SqlRecord statement : statements) {
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

    private static String number(long value) {
        return value < 0 ? "not read" : "%,d".formatted(value);
    }

    private static String millis(Duration duration) {
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

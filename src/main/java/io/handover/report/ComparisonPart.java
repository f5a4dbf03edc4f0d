package io.handover.report;

import io.handover.model.Operator;
import io.handover.model.RowDifference;
import io.handover.model.TableProof;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import java.util.List;
import java.util.Locale;

/// The report's part about the comparison of both sides.
final class ComparisonPart {

    private ComparisonPart() {}

    /// Adds it.
    static void write(Html html, VerifyReport report) {
        html.element("h2", "Verification")
                .element(
                        report.passed() ? "p class=\"good\"" : "p class=\"bad\"",
                        report.proved()
                                ? "Every row of every table that was compared was proved equal."
                                : report.passed()
                                        ? "Every row was equal but " + report.unsettled()
                                                + " that were changing while it was read."
                                        : "The two sides differ, or not all could be compared.");
        left(html, report.allNotCompared());
        html.raw("<dl>\n")
                .fact("Method", report.method())
                .fact("Chance of a missed difference", ReportJson.MISSED)
                .fact("Compared by", report.by().map(Operator::words).orElse("not recorded"))
                .fact("Compared at", report.startedAt() + ", log position " + report.ownerLsn())
                .fact("Took", MigrationReport.millis(report.took()))
                .fact("Stream held for", MigrationReport.millis(report.applyPaused()))
                .raw("</dl>\n")
                .table(
                        "comparison",
                        List.of(
                                "Table",
                                "Rows source",
                                "Rows target",
                                "Result",
                                "Differ",
                                "Proved at",
                                "Digest source",
                                "Digest target"));
        for (TableVerdict table : report.tables()) {
            html.row(
                    "td",
                    List.of(
                            table.table().display(),
                            number(table.sourceRows()),
                            number(table.targetRows()),
                            table.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                            table.verdict() == TableVerdict.Verdict.NOT_COMPARED ? "–" : number(table.differences()),
                            table.proof().map(ComparisonPart::proof).orElse("–"),
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
    }

    /// In front of everything that reads well.
    private static void left(Html html, List<String> lines) {
        if (lines.isEmpty()) {
            html.element("p", "Nothing was left out.");
            return;
        }
        html.raw("<div class=\"left\">\n").element("h3", "Not compared: " + lines.size());
        lines.forEach(line -> html.element("p class=\"bad\"", line));
        html.raw("</div>\n");
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

    private static String proof(TableProof proof) {
        return proof.at() + (proof.unread() ? ", rows read " + proof.readAt() + " and not changed since" : "");
    }

    private static String number(long value) {
        return value < 0 ? "not read" : "%,d".formatted(value);
    }
}

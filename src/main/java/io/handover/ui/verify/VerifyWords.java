package io.handover.ui.verify;

import io.handover.model.Lsn;
import io.handover.model.MigrationState;
import io.handover.model.RowDifference;
import io.handover.model.SchemaDifference;
import io.handover.model.Side;
import io.handover.model.TableProof;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.ui.control.Format;
import io.handover.ui.control.Message;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a comparison has shown, in words. Pure.
final class VerifyWords {

    private static final int SCHEMA_LINES = 6;
    private static final int DEFINITION = 120;

    private final Texts texts;
    private final ZoneId zone;

    VerifyWords(Texts texts, ZoneId zone) {
        this.texts = texts;
        this.zone = zone;
    }

    /// True while `report` is being made, and not if it was broken off.
    static boolean isRunning(MigrationState state, VerifyReport report) {
        return !report.finished() && state.busy();
    }

    /// The result in one sentence, and what it is worth.
    Message summary(Optional<MigrationState> state) {
        var report = state.flatMap(MigrationState::verification);
        if (state.isEmpty() || report.isEmpty()) {
            return Message.of(Tone.INFO, texts.get("verify.none"), texts.get("verify.none.text"));
        }
        return summary(state.get(), report.get());
    }

    private Message summary(MigrationState state, VerifyReport report) {
        long done = done(report);
        int all = report.tables().size();
        if (isRunning(state, report)) {
            return Message.of(
                    Tone.INFO,
                    texts.get("verify.running", Format.count(done), Format.count(all)),
                    texts.get("verify.running.text"));
        }
        if (!report.finished()) {
            return Message.of(
                    Tone.WARN,
                    texts.get("verify.broken", Format.count(done), Format.count(all)),
                    texts.get("verify.broken.text"));
        }
        if (report.differences() > 0 || count(report, TableVerdict.Verdict.DIFFERENT) > 0) {
            return Message.of(
                    Tone.BAD,
                    texts.count("verify.different", report.differences()),
                    texts.get("verify.different.text"));
        }
        long left = count(report, TableVerdict.Verdict.NOT_COMPARED);
        if (left > 0) {
            return Message.of(Tone.WARN, texts.count("verify.partly", left), texts.get("verify.partly.text"));
        }
        if (!report.sameSchema()) {
            return Message.of(
                    Tone.WARN, texts.count("verify.schema.title", lacking(report)), texts.get("verify.schema.text"));
        }
        if (!report.proved()) {
            return Message.of(
                    Tone.GOOD, texts.count("verify.unsettled", report.unsettled()), texts.get("verify.unsettled.text"));
        }
        long unread = report.tables().stream()
                .filter(t -> t.proof().filter(TableProof::unread).isPresent())
                .count();
        return Message.of(
                Tone.GOOD,
                texts.get("verify.equal", texts.count("rows", report.rows()), texts.count("tables", all)),
                unread == 0 ? texts.get("verify.equal.text") : texts.count("verify.equal.unread", unread));
    }

    /// 0 to 1 of the running comparison; empty if none runs.
    Optional<Double> progress(Optional<MigrationState> state) {
        return state.flatMap(now -> now.verification()
                .filter(report -> isRunning(now, report))
                .map(report ->
                        (double) done(report) / Math.max(1, report.tables().size())));
    }

    /// What was left out, said loudly.
    Optional<Message> notCompared(Optional<VerifyReport> report) {
        return report.filter(r -> !r.notCompared().isEmpty())
                .map(r -> Message.of(
                        Tone.WARN,
                        texts.get("verify.notCompared"),
                        r.notCompared().stream()
                                .map(line -> "•  " + Format.oneLine(line)) // a name may have line ends
                                .collect(Collectors.joining("\n"))));
    }

    /// What of the schema is not the same, the first of it by name.
    Optional<Message> schema(Optional<VerifyReport> report) {
        return report.filter(r -> !r.schema().isEmpty()).map(r -> {
            String lines = r.schema().stream()
                    .limit(SCHEMA_LINES)
                    .map(d -> "•  " + Format.oneLine(schema(d)))
                    .collect(Collectors.joining("\n"));
            int more = r.schema().size() - SCHEMA_LINES;
            return Message.of(
                    r.sameSchema() ? Tone.INFO : Tone.WARN,
                    texts.get("verify.schema"),
                    more <= 0 ? lines : lines + "\n" + texts.get("verify.schema.more", Format.count(more)));
        });
    }

    private String schema(SchemaDifference difference) {
        String what = difference.kind() + " " + difference.object();
        if (difference.source().isEmpty() || difference.target().isEmpty()) {
            Side only = difference.target().isEmpty() ? Side.SOURCE : Side.TARGET;
            return what + ": " + texts.of("verify.only", only).toLowerCase(Locale.ROOT);
        }
        return texts.get("verify.schema.changed", what, cut(difference.source()), cut(difference.target()));
    }

    private static String cut(String definition) {
        return definition.length() <= DEFINITION ? definition : definition.substring(0, DEFINITION) + " …";
    }

    private static long lacking(VerifyReport report) {
        return report.schema().stream().filter(d -> d.isLack(report.owner())).count();
    }

    /// When, at which position, how long, how.
    Optional<String> facts(Optional<VerifyReport> report, Instant now) {
        return report.map(r -> texts.get(
                "verify.facts",
                Format.clock(r.startedAt(), zone),
                Format.ago(r.startedAt(), now, texts),
                lsn(r.ownerLsn()),
                texts.of("side.the", r.owner()),
                Format.duration(r.took()),
                Format.duration(r.applyPaused()),
                r.method()));
    }

    /// One table's verdict.
    String verdict(TableVerdict table) {
        return switch (table.verdict()) {
            case DIFFERENT -> texts.count("verify.verdict.different", table.differences());
            case UNSETTLED -> texts.count("verify.verdict.unsettled", table.unsettled());
            case PENDING, RUNNING, EQUAL, NOT_COMPARED -> texts.of("verify.verdict", table.verdict());
        };
    }

    static Tone tone(TableVerdict.Verdict verdict) {
        return switch (verdict) {
            case PENDING -> Tone.PLAIN;
            case RUNNING, UNSETTLED -> Tone.INFO;
            case EQUAL -> Tone.GOOD;
            case DIFFERENT -> Tone.BAD;
            case NOT_COMPARED -> Tone.WARN;
        };
    }

    /// The position at which all rows of the table were proved equal.
    String proved(TableVerdict table) {
        return table.proof().map(proof -> lsn(proof.at())).orElse(Format.UNKNOWN);
    }

    /// How a row differs.
    ///
    /// @param owner the side that was taken for the truth
    String kind(RowDifference difference, Side owner) {
        return switch (difference.kind()) {
            case MISSING -> texts.of("verify.only", owner);
            case EXTRA -> texts.of("verify.only", owner.other());
            case CHANGED -> texts.count("verify.changed", difference.columns().size());
        };
    }

    private static String lsn(Lsn lsn) {
        return lsn.value() == 0 ? Format.UNKNOWN : lsn.toString();
    }

    private static long done(VerifyReport report) {
        return report.tables().size()
                - count(report, TableVerdict.Verdict.PENDING)
                - count(report, TableVerdict.Verdict.RUNNING);
    }

    private static long count(VerifyReport report, TableVerdict.Verdict verdict) {
        return report.tables().stream().filter(t -> t.verdict() == verdict).count();
    }
}

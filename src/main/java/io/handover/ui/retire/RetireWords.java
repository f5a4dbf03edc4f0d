package io.handover.ui.retire;

import io.handover.model.CutoverReport;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.ui.TroubleBanner;
import io.handover.ui.control.Format;
import io.handover.ui.control.Message;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is removed, what stays and what has been, in words. Pure.
final class RetireWords {

    /// One line of the retrospect.
    record Fact(String name, String value) {}

    private final Texts texts;
    private final ZoneId zone;

    RetireWords(Texts texts, ZoneId zone) {
        this.texts = texts;
        this.zone = zone;
    }

    /// How things stand, and what Retire would mean; empty where only what is wrong can be said.
    Optional<Message> summary(MigrationState state) {
        return TroubleBanner.stuck(state) ? Optional.empty() : Optional.of(standing(state));
    }

    private Message standing(MigrationState state) {
        if (state.stage() == Stage.FINISHED) {
            if (!state.leftovers().isEmpty()) {
                return Message.of(
                        Tone.WARN, texts.count("retire.left", state.leftovers().size()), texts.get("retire.left.text"));
            }
            return Message.of(
                    Tone.GOOD,
                    texts.get("retire.finished"),
                    texts.get("retire.finished.text", capital(side(state.owner()))));
        }
        if (state.stage() == Stage.REVERSE_OPEN) {
            return lateWrites(state)
                    .map(problem -> new Message(
                            Tone.WARN,
                            problem.what(),
                            texts.get("retire.late.text", state.plan().id().slot(Side.SOURCE)),
                            problem.details()))
                    .orElseGet(
                            () -> Message.of(Tone.INFO, texts.get("retire.window"), texts.get("retire.window.text")));
        }
        return Message.of(
                Tone.INFO,
                texts.get("retire.early", side(state.owner())),
                texts.get(
                        "retire.early.text",
                        side(state.owner()),
                        side(state.owner().other())));
    }

    /// Rows that only the old owner has, since the hand-over that opened the window.
    private static Optional<Problem> lateWrites(MigrationState state) {
        return state.lastCutover()
                .flatMap(CutoverReport::problem)
                .filter(problem -> problem.code().equals(Problem.LATE_WRITES));
    }

    /// What is taken off `server`.
    List<String> removed(MigrationState state, Side server) {
        MigrationId id = state.plan().id();
        var lines = new ArrayList<String>();
        lines.add(texts.get("retire.removed.publication", id.publication(server)));
        lines.add(texts.get("retire.removed.slot", id.slot(server)));
        lines.add(texts.get("retire.removed.subscription", id.subscription(server.other())));
        lines.add(texts.get("retire.removed.schema"));
        if (server == Side.SOURCE) {
            lines.add(texts.get("retire.removed.fixes"));
        }
        return lines;
    }

    /// What stays as it is.
    List<String> stays(MigrationState state) {
        String owner = side(state.owner());
        String other = side(state.owner().other());
        return List.of(
                texts.get("retire.stays.owner", capital(owner)),
                texts.get("retire.stays.other", capital(other)),
                texts.get("retire.stays.files"));
    }

    /// The migration in retrospect; what did not happen is not listed.
    List<Fact> retrospect(MigrationState state) {
        var facts = new ArrayList<Fact>();
        facts.add(new Fact(
                texts.get("retire.fact.way"),
                state.plan().source().address() + "  →  "
                        + state.plan().target().address()));
        if (state.copiedTables() > 0) {
            facts.add(new Fact(texts.get("retire.fact.copied"), texts.count("tables", state.copiedTables())));
        }
        state.streamingSince()
                .ifPresent(since -> facts.add(new Fact(texts.get("retire.fact.stream"), Format.day(since, zone))));
        state.streamingSince()
                .flatMap(since -> state.cutovers().stream()
                        .findFirst()
                        .map(cutover -> Duration.between(since, cutover.startedAt())))
                .ifPresent(time -> facts.add(new Fact(texts.get("retire.fact.followed"), Format.duration(time))));
        state.verification().ifPresent(report -> {
            String result = report.proved()
                    ? texts.get("retire.verified.proved", texts.count("rows", report.rows()))
                    : report.passed()
                            ? texts.get("retire.verified.passed", texts.count("rows", report.rows()))
                            : texts.get("retire.verified.not");
            facts.add(
                    new Fact(texts.get("retire.fact.verified"), result + " · " + Format.day(report.startedAt(), zone)));
        });
        for (CutoverReport cutover : state.cutovers()) {
            facts.add(new Fact(
                    texts.get(cutover.from() == Side.SOURCE ? "retire.fact.cutover" : "retire.fact.rollback"),
                    outcome(cutover) + " · " + Format.day(cutover.startedAt(), zone)));
        }
        facts.add(new Fact(texts.get("retire.fact.owner"), texts.of("side", state.owner())));
        return facts;
    }

    private String outcome(CutoverReport cutover) {
        String pause = cutover.writePause().map(Format::duration).orElse(Format.UNKNOWN);
        return texts.get("retire.outcome." + cutover.outcome().name().toLowerCase(Locale.ROOT), pause);
    }

    private String side(Side side) {
        return texts.of("side.the", side);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}

package io.handover.ui.cutover;

import io.handover.model.CutoverReport;
import io.handover.model.CutoverReport.Outcome;
import io.handover.model.FreezeMethod;
import io.handover.model.GateOverride;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.Hooks;
import io.handover.model.LagView;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.SlotReading;
import io.handover.model.TimelineEntry;
import io.handover.ui.control.Figure;
import io.handover.ui.control.Format;
import io.handover.ui.control.Message;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What stands on the cutover's page, in words. Pure.
final class CutoverWords {

    /// A reading older than this counts as none.
    static final Duration STALE = Duration.ofSeconds(10);

    /// Gates that tell of rows which no stream has brought: a stream that was changed, tables that were altered.
    private static final List<String> LEFT_OUT = List.of("unbroken", "unaltered");

    private static final Figure.Reading UNKNOWN = new Figure.Reading(Format.UNKNOWN, "", Tone.PLAIN);

    private final Texts texts;
    private final ZoneId zone;

    CutoverWords(Texts texts, ZoneId zone) {
        this.texts = texts;
        this.zone = zone;
    }

    /// Why the gates forbid the cutover; empty if all are open or overridden, and freshly read.
    Optional<String> closed(GatesView gates, Instant now) {
        if (gates.gates().isEmpty()) {
            return Optional.of(texts.get("cutover.gates.none"));
        }
        if (Duration.between(gates.at(), now).compareTo(STALE) > 0) {
            return Optional.of(texts.get("cutover.gates.stale", Format.ago(gates.at(), now, texts)));
        }
        long closed = gates.blocking().size();
        return closed == 0 ? Optional.empty() : Optional.of(texts.count("cutover.gates.closed", closed));
    }

    /// The gates in one line.
    String gates(GatesView gates, Instant now) {
        return closed(gates, now)
                .orElse(
                        gates.overrides().isEmpty()
                                ? texts.get("cutover.gates.open")
                                : texts.count(
                                        "cutover.gates.overridden",
                                        gates.overrides().size()));
    }

    Tone gatesTone(GatesView gates, Instant now) {
        return closed(gates, now).isEmpty() && gates.overrides().isEmpty() ? Tone.GOOD : Tone.WARN;
    }

    /// Who has overridden a gate, when and why.
    String decision(GateOverride given) {
        return texts.get("cutover.override.given", given.by(), Format.day(given.at(), zone), given.reason());
    }

    /// How long writes would pause.
    Figure.Reading predicted(GatesView gates, Instant now) {
        boolean known = gates.predicted().compareTo(Duration.ZERO) > 0
                && Duration.between(gates.at(), now).compareTo(STALE) <= 0;
        return known
                ? new Figure.Reading(
                        "≈ " + Format.duration(gates.predicted()), texts.get("cutover.predicted.hint"), Tone.PLAIN)
                : new Figure.Reading(Format.UNKNOWN, texts.get("cutover.predicted.unknown"), Tone.PLAIN);
    }

    /// The options in one line.
    String options(Plan plan) {
        Hooks hooks = plan.hooks();
        long count = Stream.of(
                        hooks.beforeFreeze(),
                        hooks.switchOver(),
                        hooks.healthUrl(),
                        hooks.healthCommand(),
                        hooks.after())
                .filter(text -> !text.isBlank())
                .count();
        return texts.get(
                "cutover.options.summary",
                texts.of("cutover.freeze", plan.freeze())
                        + (plan.freeze() == FreezeMethod.NAMED_ROLES
                                ? texts.get("cutover.options.roles", String.join(", ", plan.freezeRoles()))
                                : ""),
                Format.wholeSeconds(plan.deadline()),
                Format.wholeSeconds(plan.window()),
                (count == 0 ? texts.get("cutover.options.noHooks") : texts.count("cutover.options.hooks", count))
                        + (plan.poolers().isEmpty() ? "" : texts.get("cutover.options.pgbouncer")));
    }

    String explain(FreezeMethod method) {
        return texts.of("cutover.freeze.explain", method);
    }

    /// How the last cutover or roll back stands.
    Message result(CutoverReport report) {
        String owner = texts.of("side.the", report.from());
        String other = texts.of("side.the", report.from().other());
        return switch (report.outcome()) {
            case RUNNING ->
                Message.of(Tone.INFO, texts.get("cutover.running", other), texts.get("cutover.running.text", owner));
            case CONFIRMED ->
                Message.of(
                        Tone.INFO, texts.get("cutover.confirmed", other), texts.get("cutover.confirmed.text", other));
            case DONE -> done(report, owner, other);
            case UNDONE -> undone(report, owner);
        };
    }

    private Message done(CutoverReport report, String owner, String other) {
        String title = report.writePause()
                .map(pause -> texts.get("cutover.done", capital(other), Format.duration(pause)))
                .orElse(texts.get("cutover.done.unknown", capital(other)));
        String text = texts.get(report.from() == Side.SOURCE ? "cutover.done.text" : "cutover.back.text", owner);
        return report.problem()
                .map(problem -> new Message( // what is left to do comes before what went well
                        Tone.WARN,
                        problem.what(),
                        Stream.of(problem.meaning(), problem.action(), title + ".")
                                .filter(part -> !part.isEmpty())
                                .collect(Collectors.joining("\n")),
                        problem.details()))
                .orElseGet(() -> Message.of(Tone.GOOD, title, text));
    }

    private Message undone(CutoverReport report, String owner) {
        String why = report.problem().map(Problem::what).orElse("");
        String action = report.problem().map(Problem::action).orElse("");
        String text = Stream.of(why, late(report).orElse(""), action)
                .filter(part -> !part.isEmpty())
                .reduce((a, b) -> a + "\n" + b)
                .orElse("");
        return new Message(
                Tone.WARN,
                texts.get("cutover.undone", owner),
                text,
                report.problem().map(Problem::details).orElse(""));
    }

    /// What took the time until the deadline: what was still running, else what took longest.
    private Optional<String> late(CutoverReport report) {
        var running = report.timeline().stream()
                .filter(entry -> entry.tookMillis() < 0)
                .reduce((_, last) -> last);
        return running.map(entry -> texts.get("cutover.undone.running", entry.name()))
                .or(() -> report.timeline().stream()
                        .filter(TimelineEntry::paused)
                        .max(Comparator.comparingDouble(TimelineEntry::tookMillis))
                        .map(entry ->
                                texts.get("cutover.undone.longest", entry.name(), Format.millis(entry.tookMillis()))));
    }

    /// The write pause, counting while it lasts.
    Figure.Reading pause(CutoverReport report, Instant now) {
        String hint = texts.get(report.writePause().isPresent() ? "cutover.pause.over" : "cutover.pause.running");
        return report.writePause()
                .or(() -> report.outcome() == Outcome.UNDONE
                        ? Optional.empty()
                        : report.frozenAt().map(since -> Duration.between(since, now)))
                .map(pause -> new Figure.Reading(
                        Format.duration(pause), hint, report.writePause().isPresent() ? Tone.PLAIN : Tone.WARN))
                .orElse(new Figure.Reading(Format.UNKNOWN, texts.get("cutover.pause.none"), Tone.PLAIN));
    }

    /// How long until everything is undone by itself.
    Figure.Reading deadline(CutoverReport report, Instant now) {
        if (report.outcome() != Outcome.RUNNING) {
            return new Figure.Reading(texts.get("cutover.deadline.met"), "", Tone.PLAIN);
        }
        return report.deadline()
                .map(end -> {
                    var left = Duration.between(now, end);
                    return new Figure.Reading(
                            left.isNegative() ? texts.get("cutover.deadline.over") : Format.duration(left),
                            texts.get("cutover.deadline.hint"),
                            left.compareTo(Duration.ofSeconds(5)) < 0 ? Tone.BAD : Tone.PLAIN);
                })
                .orElse(UNKNOWN);
    }

    /// How long one can still roll back.
    Figure.Reading window(Optional<Instant> ends, Instant now) {
        return ends.map(end -> {
                    var left = Duration.between(now, end);
                    return left.isNegative()
                            ? new Figure.Reading(
                                    texts.get("cutover.window.over"), texts.get("cutover.window.still"), Tone.WARN)
                            : new Figure.Reading(
                                    Format.wholeSeconds(left),
                                    texts.get("cutover.window.until", Format.day(end, zone)),
                                    Tone.PLAIN);
                })
                .orElse(UNKNOWN);
    }

    /// How far the way back trails.
    Figure.Reading reverse(LagView lag, Instant now) {
        return way(lag, now)
                .map(live -> new Figure.Reading(
                        Format.bytes((double) live.lag().bytesBehind()), texts.get("cutover.reverse.hint"), Tone.PLAIN))
                .orElseGet(() -> unread(lag, now)
                        ? new Figure.Reading(Format.UNKNOWN, texts.get("cutover.reverse.unread"), Tone.PLAIN)
                        : new Figure.Reading(Format.UNKNOWN, texts.get("cutover.reverse.unknown"), Tone.WARN));
    }

    /// What a roll back would cost now.
    ///
    /// @param gates as they were read for the way back; a stream may run on and yet have left rows out
    Message wayBack(LagView lag, GatesView gates, Instant now) {
        if (lag.owner() == Side.TARGET
                && (lag.reading() instanceof SlotReading.Missing || lag.reading() instanceof SlotReading.Lost)) {
            return Message.of(Tone.BAD, texts.get("cutover.way.lost"), texts.get("cutover.way.lost.text"));
        }
        if (unread(lag, now)) {
            return Message.of(Tone.INFO, texts.get("cutover.way.unread"), texts.get("cutover.way.unread.text"));
        }
        var way = way(lag, now);
        if (way.isEmpty() || !way.get().lag().active() || !lag.applyProblem().isEmpty()) {
            return new Message(
                    Tone.WARN,
                    texts.get("cutover.way.broken"),
                    texts.get("cutover.way.broken.text"),
                    lag.applyProblem());
        }
        Optional<GateReading> doubt = LEFT_OUT.stream()
                .flatMap(id -> gates.gate(id).stream())
                .filter(gate -> !gate.open())
                .findFirst();
        if (doubt.isPresent()) {
            return Message.of(
                    Tone.WARN,
                    texts.get("cutover.way.doubt"),
                    texts.get(
                            "cutover.way.doubt." + doubt.get().id(),
                            doubt.get().detail(),
                            doubt.get().remedy()));
        }
        return Message.of(
                Tone.GOOD, texts.get("cutover.way.open"), texts.get("cutover.way.open.text", Format.bytes((double)
                        way.get().lag().bytesBehind())));
    }

    /// For a second after a cutover or a start the last look is none at the way back.
    private static boolean unread(LagView lag, Instant now) {
        return lag.owner() == Side.SOURCE && !lag.staleAt(now, STALE);
    }

    private static Optional<SlotReading.Live> way(LagView lag, Instant now) {
        return lag.owner() == Side.TARGET && !lag.staleAt(now, STALE) && lag.reading() instanceof SlotReading.Live live
                ? Optional.of(live)
                : Optional.empty();
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}

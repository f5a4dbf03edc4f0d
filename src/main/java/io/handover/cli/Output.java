package io.handover.cli;

import io.handover.model.CutoverReport;
import io.handover.model.Finding;
import io.handover.model.GatesView;
import io.handover.model.LagView;
import io.handover.model.MigrationState;
import io.handover.model.PreflightReport;
import io.handover.model.SlotReading;
import io.handover.model.Stage;
import io.handover.model.TableVerdict;
import io.handover.model.UnsentChanges;
import io.handover.model.VerifyReport;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Results on standard output: lines for people, or one JSON document.
final class Output {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final PrintStream out;

    Output(PrintStream out) {
        this.out = out;
    }

    /// For help and version, which are results too.
    PrintWriter writer() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    /// True if something could not be written: the disk is full, or nobody reads any more.
    boolean lost() {
        return out.checkError();
    }

    /// A command that ended without its result; it is told in words on standard error too.
    void refusal(Exit exit, String message) {
        var error = new LinkedHashMap<String, Object>();
        error.put("status", exit.status());
        error.put("message", message);
        out.println(JSON.writeValueAsString(Map.of("error", error)));
    }

    /// What a command that has no document of its own has done: as JSON under `name`.
    void done(String name, String what, boolean json) {
        out.println(json ? JSON.writeValueAsString(Map.of(name, what)) : what);
    }

    void print(PreflightReport report, boolean json) {
        if (json) {
            out.println(JSON.writeValueAsString(report));
            return;
        }
        for (Finding finding : report.findings()) {
            out.printf("%-8s %s: %s%n", finding.severity(), finding.check(), finding.title());
            out.printf("         %s%n", finding.why());
            if (!finding.remedy().isEmpty()) {
                String remedy = finding.remedy().strip().replace("\n", "\n         ");
                out.printf("         %s%s%n", finding.fixable() ? "[--fix] " : "", remedy);
            }
        }
        out.printf("%d checks passed without a finding%n", report.passed().size());
    }

    void print(MigrationState state, LagView lag, boolean json) {
        if (json) {
            out.println(JSON.writeValueAsString(StatusJson.of(state, lag)));
            return;
        }
        out.printf(
                "migration %s: %s, the %s owns the data%n",
                state.plan().id(), state.stage(), state.owner().word());
        out.printf(
                "  source %s%n  target %s%n",
                state.plan().source().address(), state.plan().target().address());
        boolean over = state.stage() == Stage.FINISHED; // no stream then, no window, whatever there was last
        if (!over && (state.stage().isStreaming() || state.windowEnds().isPresent())) {
            out.printf("  %s%n", lagLine(lag));
        }
        state.verification().ifPresent(v -> print(v, false));
        state.lastCutover().ifPresent(c -> print(c, false));
        state.audit()
                .overrides()
                .forEach(o -> out.printf(
                        "  gate %s overridden by %s at %s: %s (%s)%n",
                        o.gate(), o.by(), o.at(), o.reason(), o.inForce() ? "holds" : "ended, " + o.ended()));
        state.windowEnds().filter(_ -> !over).ifPresent(end -> out.printf("  the window is open until %s%n", end));
        state.problem().ifPresent(p -> out.printf("  problem: %s%n  %s%n  %s%n", p.what(), p.meaning(), p.action()));
        state.leftovers().forEach(sql -> out.printf("  left over: %s%n", sql));
    }

    /// The conditions of the next hand-over: for a closed one what was measured, and what to do.
    void gates(GatesView view) {
        out.printf(
                "  %d of %d gates hold%n",
                view.gates().size() - view.blocking().size(), view.gates().size());
        view.blocking()
                .forEach(gate -> out.printf(
                        "    %s: %s: %s%n      %s%n", gate.id(), gate.title(), gate.detail(), gate.remedy()));
    }

    void print(VerifyReport report, boolean json) {
        if (json) {
            out.println(JSON.writeValueAsString(report));
            return;
        }
        out.printf(
                "  verified at %s: %,d rows in %d tables, %d differ, %d unsettled (%s)%n",
                report.ownerLsn(),
                report.rows(),
                report.tables().size(),
                report.differences(),
                report.unsettled(),
                report.method());
        differences(report, out);
        report.schema()
                .forEach(d -> out.printf(
                        "  schema: %s %s: source %s, target %s%n",
                        d.kind(),
                        d.object(),
                        d.source().isEmpty() ? "has none" : d.source(),
                        d.target().isEmpty() ? "has none" : d.target()));
        report.notCompared().forEach(line -> out.printf("  not compared: %s%n", line));
    }

    void differences(VerifyReport report, PrintStream where) {
        report.tables().stream()
                .filter(t -> t.verdict() == TableVerdict.Verdict.DIFFERENT
                        || t.verdict() == TableVerdict.Verdict.NOT_COMPARED)
                .forEach(t -> {
                    where.printf(
                            "  %s: %s, %d rows differ %s%n",
                            t.table().display(), t.verdict(), t.differences(), t.note());
                    t.first()
                            .forEach(d -> where.printf(
                                    "    %s %s %s%n",
                                    d.kind(),
                                    d.key(),
                                    d.columns().stream()
                                            .map(c -> c.column() + ": source " + c.source() + ", target " + c.target())
                                            .collect(Collectors.joining("; "))));
                });
    }

    void print(UnsentChanges changes, boolean json) {
        if (json) {
            out.println(JSON.writeValueAsString(changes));
            return;
        }
        String other = changes.owner().other().word();
        out.printf(
                "%s has not received: %s%s%n",
                other,
                changes.none() ? "nothing" : changes.count() + (changes.complete() ? " changes" : " changes or more"),
                changes.doubt().isEmpty() ? "" : ". " + changes.doubt());
        changes.tables()
                .forEach(table -> out.printf(
                        "  %s: %d inserted, %d updated, %d deleted, %d times truncated%n",
                        table.table().display(),
                        table.inserted(),
                        table.updated(),
                        table.deleted(),
                        table.truncated()));
        changes.first()
                .forEach(change -> out.printf(
                        "    %s %s [%s] %s%n", change.kind(), change.table().display(), change.key(), change.values()));
    }

    void print(CutoverReport report, boolean json) {
        if (json) {
            out.println(JSON.writeValueAsString(report));
            return;
        }
        out.printf(
                "  cutover from the %s: %s%s%n",
                report.from().word(),
                report.outcome(),
                report.writePause()
                        .map(p -> ", writes paused for " + p.toMillis() + " ms")
                        .orElse(""));
        report.timeline()
                .forEach(t -> out.printf(
                        "    %8.1f ms  %6.1f ms  %s %s%n", t.startMillis(), t.tookMillis(), t.name(), t.note()));
        report.hooks().forEach(h -> out.printf("    hook %s: exit %d%n", h.name(), h.exit()));
        report.notes().forEach(n -> out.printf("    %s%n", n));
    }

    private static String lagLine(LagView lag) {
        return switch (lag.reading()) {
            case SlotReading.Live(var slot) ->
                "%,d bytes behind%s; %,d bytes of log kept"
                        .formatted(
                                slot.bytesBehind(),
                                lag.secondsBehind() < 0 ? "" : ", %.1f s".formatted(lag.secondsBehind()),
                                slot.retained());
            case SlotReading.Missing(String slot) -> "the slot " + slot + " is missing: the stream cannot go on";
            case SlotReading.Lost(String slot) -> "the slot " + slot + " is lost: the stream cannot go on";
            case SlotReading.Unreachable(var since, String reason) -> "not known: " + reason + " (since " + since + ")";
        };
    }
}

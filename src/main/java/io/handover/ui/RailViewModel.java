package io.handover.ui;

import io.handover.engine.Migration;
import io.handover.model.CopyProgress;
import io.handover.model.GatesView;
import io.handover.model.LagView;
import io.handover.model.MigrationState;
import io.handover.model.Severity;
import io.handover.model.SlotReading;
import io.handover.model.Stage;
import io.handover.model.VerifyReport;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import io.handover.ui.fx.Derived;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javafx.beans.value.ObservableValue;

/// The rail: how each step stands, in a few words.
public final class RailViewModel {

    private final Texts texts;
    private final ObservableValue<PageId> current;
    private final ObservableValue<Optional<MigrationState>> state;
    private final ObservableValue<CopyProgress> copy;
    private final ObservableValue<LagView> lag;
    private final ObservableValue<GatesView> gates;
    private final ObservableValue<Instant> now;
    private final ObservableValue<List<StepView>> steps;

    /// @param current the page that is shown
    public RailViewModel(UiContext context, ObservableValue<PageId> current) {
        this.texts = context.texts();
        this.current = current;
        this.state = context.state();
        this.now = context.now();
        this.copy = context.follow(Migration::copy, CopyProgress.none(Instant.EPOCH));
        this.lag = context.follow(Migration::lag, LagView.none(Instant.EPOCH));
        this.gates = context.follow(Migration::gates, new GatesView(Instant.EPOCH, List.of(), Duration.ZERO));
        this.steps = Derived.of(this::look, current, state, now, copy, lag, gates);
    }

    /// All steps in order.
    public ObservableValue<List<StepView>> steps() {
        return steps;
    }

    private List<StepView> look() {
        var at = state.getValue();
        return PageId.STEPS.stream()
                .map(id -> new StepView(
                        id,
                        Navigation.step(id, at),
                        id == current.getValue(),
                        Navigation.reachable(id, at),
                        texts.of("step", id),
                        hint(id, at)))
                .toList();
    }

    private String hint(PageId id, Optional<MigrationState> at) {
        var plain = texts.of("step.hint", id);
        if (at.isEmpty() || !Navigation.reachable(id, at)) {
            return plain;
        }
        var state = at.get();
        return switch (id) {
            case CONNECT -> connect(state, plain);
            case SNAPSHOT -> snapshot(state, plain);
            case REPLICATE -> replicate(state, plain);
            case VERIFY -> state.verification().map(this::verify).orElse(plain);
            case CUTOVER -> cutover(state, plain);
            case RETIRE -> retire(state, plain);
            case SETTINGS -> plain;
        };
    }

    private String connect(MigrationState state, String plain) {
        return state.preflight()
                .map(report -> {
                    long blockers = report.count(Severity.BLOCKER);
                    long warnings = report.count(Severity.WARNING);
                    return blockers > 0
                            ? texts.count("step.blockers", blockers)
                            : warnings > 0 ? texts.count("step.warnings", warnings) : texts.get("step.checked");
                })
                .orElse(plain);
    }

    private String snapshot(MigrationState state, String plain) {
        if (state.streamingSince().isPresent() || state.stage().isStreaming()) {
            return texts.count("step.copied", state.copiedTables());
        }
        if (state.stage() == Stage.FAILED) {
            return texts.get("step.failed");
        }
        double fraction = copy.getValue().fraction();
        return state.stage() == Stage.COPYING && fraction >= 0
                ? texts.get("step.copying", Format.percent(fraction))
                : state.stage() == Stage.INDEXING ? texts.get("step.indexing") : plain;
    }

    private String replicate(MigrationState state, String plain) {
        if (!state.stage().isStreaming()) {
            return plain;
        }
        return switch (lag.getValue().reading()) {
            case SlotReading.Live(var slot) ->
                slot.bytesBehind() == 0
                        ? texts.get("step.caughtUp")
                        : texts.get("step.behind", Format.bytes(slot.bytesBehind()));
            case SlotReading.Missing _ -> texts.get("step.slotMissing");
            case SlotReading.Lost _ -> texts.get("step.slotLost");
            case SlotReading.Unreachable _ -> texts.get("step.noReading");
        };
    }

    private String verify(VerifyReport report) {
        if (!report.finished()) {
            return texts.get("step.verifying");
        }
        return report.differences() > 0
                ? texts.count("step.differ", report.differences())
                : report.passed()
                        ? texts.get(
                                "step.equal", Format.ago(report.startedAt().plus(report.took()), now.getValue(), texts))
                        : texts.get("step.notProved");
    }

    private String cutover(MigrationState state, String plain) {
        if (state.stage().isCutover()) {
            return texts.get("step.cutting");
        }
        if (!state.stage().isStreaming()) {
            return state.lastCutover()
                    .flatMap(report -> report.writePause())
                    .map(pause -> texts.get("step.paused", Format.duration(pause)))
                    .orElse(plain);
        }
        var view = gates.getValue();
        long closed = view.blocking().size();
        return view.gates().isEmpty()
                ? plain
                : closed > 0 ? texts.count("step.gates", closed) : texts.get("step.gatesOpen");
    }

    private String retire(MigrationState state, String plain) {
        if (state.stage() == Stage.FINISHED) {
            return texts.get("step.finished");
        }
        return state.windowEnds()
                .map(end -> {
                    var left = Duration.between(now.getValue(), end);
                    return left.isNegative() || left.isZero()
                            ? texts.get("step.windowOver")
                            : texts.get("step.windowLeft", Format.wholeSeconds(left));
                })
                .orElse(plain);
    }
}

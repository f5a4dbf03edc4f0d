package io.handover.engine;

import io.handover.journal.Entry;
import io.handover.model.Command;
import io.handover.model.GateOverride;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.Overriding;
import io.handover.model.Side;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the gates allow: a hand-over, or that one of them is overridden. Pure.
final class Overrides {

    private static final Duration FRESH = Duration.ofMinutes(1);

    private Overrides() {}

    /// Why `command` is refused by what the gates have read; empty if it is none of theirs, or accepted.
    static Optional<String> refusal(GatesView view, Instant now, Command command) {
        return switch (command) {
            case Command.CutOver _, Command.RollBack _ -> stale(view, now).or(() -> closed(view));
            case Command.OverrideGate(String gate, String _) -> stale(view, now).or(() -> notOverridable(view, gate));
            default -> Optional.empty();
        };
    }

    /// The line that records an override; `refusal` has accepted it for the same view.
    static Entry given(GatesView view, Side owner, String gate, String reason) {
        GateReading reading =
                view.gate(gate).orElseThrow(() -> new IllegalStateException("the gate " + gate + " is gone"));
        if (!(reading.overriding() instanceof Overriding.Possible(String cost, String basis))) {
            throw new IllegalStateException("the gate " + gate + " cannot be overridden any more");
        }
        return new Entry.GateOverridden(owner, gate, reading.title(), reading.detail(), cost, basis, reason.strip());
    }

    /// The lines that end those of `inForce` whose gate has read something else. A gate that was not read says
    /// nothing.
    static List<Entry> ended(List<GateOverride> inForce, GatesView view) {
        return inForce.stream()
                .flatMap(override -> view.gate(override.gate()).stream()
                        .filter(reading -> !override.covers(reading))
                        .map(reading -> (Entry) new Entry.OverrideEnded(
                                override.gate(),
                                reading.open()
                                        ? "void: the gate is open now"
                                        : "void: the gate reads otherwise now: " + reading.detail())))
                .toList();
    }

    private static Optional<String> stale(GatesView view, Instant now) {
        return view.gates().isEmpty() || Duration.between(view.at(), now).compareTo(FRESH) > 0
                ? Optional.of("The gates have not been read just now; wait a moment")
                : Optional.empty();
    }

    private static Optional<String> closed(GatesView view) {
        return view.blocking().stream().findFirst().map(gate -> gate.title() + ": " + gate.detail());
    }

    private static Optional<String> notOverridable(GatesView view, String id) {
        Optional<GateReading> gate = view.gate(id);
        if (gate.isEmpty()) {
            return Optional.of("There is no gate " + id);
        }
        if (gate.get().open()) {
            return Optional.of("The gate " + id + " is open: there is nothing to override");
        }
        return gate.get().overriding() instanceof Overriding.Never(String why)
                ? Optional.of("The gate " + id + " cannot be overridden. " + why)
                : Optional.empty();
    }
}

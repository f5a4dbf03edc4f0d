package io.handover.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All gates at one moment.
///
/// @param at        when they were read, this machine's clock; a stale view counts as closed
/// @param gates     in the order they are shown; empty before the first reading
/// @param predicted how long writes would pause now; zero while unknown
/// @param overrides those that hold for what was read
public record GatesView(Instant at, List<GateReading> gates, Duration predicted, List<GateOverride> overrides) {

    /// Copies the lists.
    public GatesView {
        gates = List.copyOf(gates);
        overrides = List.copyOf(overrides);
    }

    /// Without any override.
    public GatesView(Instant at, List<GateReading> gates, Duration predicted) {
        this(at, gates, predicted, List.of());
    }

    /// The same reading with those of `given` that were given for exactly what was read.
    public GatesView under(List<GateOverride> given) {
        return new GatesView(
                at,
                gates,
                predicted,
                given.stream()
                        .filter(override -> gates.stream().anyMatch(override::covers))
                        .toList());
    }

    /// The gate of that name; empty if it was not read.
    public Optional<GateReading> gate(String id) {
        return gates.stream().filter(gate -> gate.id().equals(id)).findFirst();
    }

    /// The override that holds for `gate`; empty for an open gate.
    public Optional<GateOverride> overrideOf(GateReading gate) {
        return overrides.stream().filter(override -> override.covers(gate)).findFirst();
    }

    /// The gates that forbid a hand-over: closed, and not overridden.
    public List<GateReading> blocking() {
        return gates.stream()
                .filter(gate -> !gate.open() && overrideOf(gate).isEmpty())
                .toList();
    }

    /// True if there are gates and all of them are open.
    public boolean allOpen() {
        return !gates.isEmpty() && gates.stream().allMatch(GateReading::open);
    }

    /// True if there are gates and each of them is open or overridden.
    public boolean mayPass() {
        return !gates.isEmpty() && blocking().isEmpty();
    }
}

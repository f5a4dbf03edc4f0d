package io.handover.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// All gates at one moment.
///
/// @param at        when they were read, this machine's clock; a stale view counts as closed
/// @param gates     in the order they are shown; empty before the first reading
/// @param predicted how long writes would pause now; zero while unknown
public record GatesView(Instant at, List<GateReading> gates, Duration predicted) {

    /// Copies the list.
    public GatesView {
        gates = List.copyOf(gates);
    }

    /// True if there are gates and all of them are open.
    public boolean allOpen() {
        return !gates.isEmpty() && gates.stream().allMatch(GateReading::open);
    }
}

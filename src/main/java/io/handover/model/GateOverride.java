package io.handover.model;

import java.time.Instant;
import java.util.Optional;

/// Somebody's decision to hand over although a gate is closed. Kept for good, also when it holds no longer.
///
/// @param owner   the side that was to hand over
/// @param gate    the gate's stable name
/// @param title   its condition, as it was read
/// @param detail  what was measured, as it was read
/// @param cost    what overriding it was said to cost
/// @param basis   the finding it is valid for, see `Overriding.Possible`
/// @param reason  typed by the person
/// @param by      user and machine
/// @param at      when, that machine's clock
/// @param endedAt since when it holds no longer; empty while it holds
/// @param ended   why it holds no longer; empty while it holds
public record GateOverride(
        Side owner,
        String gate,
        String title,
        String detail,
        String cost,
        String basis,
        String reason,
        String by,
        Instant at,
        Optional<Instant> endedAt,
        String ended) {

    /// True while it has neither been used, withdrawn nor become void.
    public boolean inForce() {
        return endedAt.isEmpty();
    }

    /// True if it was given for what `reading` has found: the same gate, closed, with the same basis.
    public boolean covers(GateReading reading) {
        return inForce()
                && !reading.open()
                && reading.id().equals(gate)
                && reading.overriding() instanceof Overriding.Possible possible
                && possible.basis().equals(basis);
    }

    /// The same, holding no longer.
    public GateOverride end(Instant when, String why) {
        return new GateOverride(owner, gate, title, detail, cost, basis, reason, by, at, Optional.of(when), why);
    }
}

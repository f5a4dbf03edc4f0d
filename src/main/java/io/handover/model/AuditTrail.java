package io.handover.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What was decided and what happened, by whom and when: folded from the journal, so that it outlives a restart and a
/// colleague sees it.
///
/// @param events    oldest first
/// @param overrides all gates that were ever overridden, oldest first, with what became of each override
public record AuditTrail(List<AuditEvent> events, List<GateOverride> overrides) {

    /// Copies the lists.
    public AuditTrail {
        events = List.copyOf(events);
        overrides = List.copyOf(overrides);
    }

    /// Of a migration of which nothing is known.
    public static AuditTrail none() {
        return new AuditTrail(List.of(), List.of());
    }

    /// The overrides that hold for handing over from `owner`.
    public List<GateOverride> inForce(Side owner) {
        return overrides.stream()
                .filter(override -> override.inForce() && override.owner() == owner)
                .toList();
    }

    /// With one more event.
    public AuditTrail with(AuditEvent event) {
        var more = new ArrayList<>(events);
        more.add(event);
        return new AuditTrail(more, overrides);
    }

    /// With one more override; an earlier one of the same gate ends.
    public AuditTrail with(GateOverride override) {
        AuditTrail rest = end(override.gate(), override.at(), "replaced by another");
        var more = new ArrayList<>(rest.overrides);
        more.add(override);
        return new AuditTrail(events, more);
    }

    /// With no override of `gate` in force any more.
    public AuditTrail end(String gate, Instant at, String why) {
        return new AuditTrail(
                events,
                overrides.stream()
                        .map(o -> o.inForce() && o.gate().equals(gate) ? o.end(at, why) : o)
                        .toList());
    }

    /// With no override in force any more.
    public AuditTrail endAll(Instant at, String why) {
        return new AuditTrail(
                events,
                overrides.stream().map(o -> o.inForce() ? o.end(at, why) : o).toList());
    }

    /// The text of the newest note that begins with `prefix`; empty if there is none.
    public Optional<String> lastNote(String prefix) {
        return events.stream()
                .filter(event -> event.kind() == AuditEvent.Kind.NOTE)
                .map(AuditEvent::text)
                .filter(text -> text.startsWith(prefix))
                .reduce((_, newer) -> newer);
    }
}

package io.handover.report;

import io.handover.model.AuditEvent;
import io.handover.model.AuditTrail;
import io.handover.model.GateOverride;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// The report's part about who decided what.
final class AuditPart {

    private AuditPart() {}

    /// Every gate that was overridden, in front of everything that reads well; says so if none was.
    static void overrides(Html html, AuditTrail trail) {
        html.element("h2", "Overridden gates");
        if (trail.overrides().isEmpty()) {
            html.element("p", "None.");
            return;
        }
        html.table("overrides", List.of("Gate", "Was read as", "Cost", "By", "At", "Reason", "Became"));
        for (GateOverride override : trail.overrides()) {
            html.row(
                    "td",
                    List.of(
                            override.gate() + ": " + override.title(),
                            override.detail(),
                            override.cost(),
                            override.by(),
                            override.at().toString(),
                            override.reason(),
                            override.endedAt()
                                    .map(at -> override.ended() + ", " + at)
                                    .orElse("still holds")));
        }
        html.raw("</table>\n");
    }

    /// Who confirmed the hand-over that began at `startedAt`, and by what; empty if that was not recorded.
    static String confirmed(AuditTrail trail, Instant startedAt) {
        return trail.events().stream()
                .filter(event -> event.kind() == AuditEvent.Kind.COMMAND
                        && !event.at().isAfter(startedAt)
                        && (event.text().startsWith("CutOver") || event.text().startsWith("RollBack")))
                .reduce((_, newer) -> newer)
                .map(event -> event.who() + ": " + event.text())
                .orElse("");
    }

    /// Everything that was decided and that happened.
    static void events(Html html, AuditTrail trail) {
        html.element("h2", "Who did what").table("events", List.of("At", "Who", "About", "What"));
        for (AuditEvent event : trail.events()) {
            html.row(
                    "td",
                    List.of(
                            event.at().toString(),
                            event.who(),
                            event.kind().name().toLowerCase(Locale.ROOT),
                            event.text()));
        }
        html.raw("</table>\n");
    }
}

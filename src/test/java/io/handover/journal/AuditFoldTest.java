package io.handover.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.AuditEvent;
import io.handover.model.AuditEvent.Kind;
import io.handover.model.AuditTrail;
import io.handover.model.CutoverReport;
import io.handover.model.CutoverReport.Outcome;
import io.handover.model.Environment;
import io.handover.model.GateOverride;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.model.TlsMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditFoldTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Plan plan = Plan.of(new MigrationId("0badcafe"), profile("old"), profile("new"));

    @Test
    void whoConfirmedWhatIsKeptWithWhatWasTyped() throws Exception {
        AuditTrail trail = trail(new Entry.PlanSet(plan), new Entry.Began("CutOver", "shop"));

        assertEquals(
                new AuditEvent(NOW.plusSeconds(2), "user2@host", Kind.COMMAND, "CutOver, confirmed by typing shop"),
                trail.events().getLast());
    }

    @Test
    void anOverrideIsTheWritersOfItsLine() throws Exception {
        AuditTrail trail = trail(new Entry.PlanSet(plan), override("made on Monday"));

        GateOverride given = trail.inForce(Side.SOURCE).getFirst();
        assertEquals("user2@host", given.by());
        assertEquals(NOW.plusSeconds(2), given.at());
        assertEquals("made on Monday", given.reason());
        assertEquals(List.of(), trail.inForce(Side.TARGET), "given for one direction");
    }

    @Test
    void anOverrideEndsWhenItIsWithdrawnReplacedOrUsed() throws Exception {
        AuditTrail withdrawn =
                trail(new Entry.PlanSet(plan), override("a"), new Entry.OverrideEnded("same-schema", "withdrawn by x"));
        assertEquals(List.of(), withdrawn.inForce(Side.SOURCE));
        assertEquals("withdrawn by x", withdrawn.overrides().getFirst().ended());
        assertEquals(
                Optional.of(NOW.plusSeconds(3)),
                withdrawn.overrides().getFirst().endedAt());

        AuditTrail replaced = trail(new Entry.PlanSet(plan), override("a"), override("b"));
        assertEquals(
                List.of("b"),
                replaced.inForce(Side.SOURCE).stream().map(GateOverride::reason).toList());
        assertEquals(2, replaced.overrides().size(), "the first is not forgotten");

        for (Outcome outcome : List.of(Outcome.CONFIRMED, Outcome.DONE)) {
            AuditTrail used = trail(new Entry.PlanSet(plan), override("a"), new Entry.Cutover(report(outcome)));
            assertEquals(List.of(), used.inForce(Side.SOURCE), outcome::name);
            assertTrue(used.overrides().getFirst().ended().contains("used"), outcome::name);
        }
    }

    @Test
    void anUndoneCutoverLeavesTheOverrideForTheNextTry() throws Exception {
        AuditTrail trail = trail(new Entry.PlanSet(plan), override("a"), new Entry.Cutover(report(Outcome.UNDONE)));
        assertEquals(1, trail.inForce(Side.SOURCE).size());
    }

    @Test
    void anotherCopyHasOtherGates() throws Exception {
        AuditTrail trail = trail(new Entry.PlanSet(plan), override("a"), new Entry.StageEntered(Stage.COPYING));
        assertEquals(List.of(), trail.inForce(Side.SOURCE));
    }

    @Test
    void aReportThatIsWrittenAgainIsOneEvent() throws Exception {
        AuditTrail trail = trail(
                new Entry.PlanSet(plan),
                new Entry.PlanSet(plan),
                new Entry.TableCopied(new TableRef("public", "t"), 1, 1),
                new Entry.Cutover(report(Outcome.RUNNING)),
                new Entry.Cutover(report(Outcome.RUNNING)),
                new Entry.Cutover(report(Outcome.DONE)));
        assertEquals(
                List.of(Kind.PLAN, Kind.HANDOVER, Kind.HANDOVER),
                trail.events().stream().map(AuditEvent::kind).toList());
        assertFalse(trail.events().getLast().text().contains("began"));
    }

    private static Entry.GateOverridden override(String reason) {
        return new Entry.GateOverridden(
                Side.SOURCE, "same-schema", "The same schema", "1 index is missing", "slow", "a1b2", reason);
    }

    private static CutoverReport report(Outcome outcome) {
        return new CutoverReport(
                Side.SOURCE,
                NOW,
                Optional.empty(),
                Optional.empty(),
                outcome,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
    }

    private static AuditTrail trail(Entry... entries) throws JournalDamaged {
        var lines = new ArrayList<Line>();
        for (Entry entry : entries) {
            int number = lines.size() + 1;
            lines.add(new Line(number, NOW.plusSeconds(number), "user" + number + "@host", entry));
        }
        return Fold.of(lines).state().audit();
    }

    private static Profile profile(String host) {
        return new Profile(host, host, 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
    }
}

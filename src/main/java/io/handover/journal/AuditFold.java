package io.handover.journal;

import io.handover.model.AuditEvent;
import io.handover.model.AuditEvent.Kind;
import io.handover.model.AuditTrail;
import io.handover.model.CutoverReport;
import io.handover.model.CutoverReport.Outcome;
import io.handover.model.GateOverride;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Problem;
import io.handover.model.Stage;
import io.handover.model.VerifyReport;
import java.util.List;
import java.util.Optional;

/// From the journal's lines to the audit trail: pure. Lines that are there for a restart only, and the thousands that
/// tell of one table each, leave no event.
final class AuditFold {

    private AuditFold() {}

    /// The trail after `line`.
    ///
    /// @param before the state that `line` changes
    static AuditTrail next(MigrationState before, Line line) {
        AuditTrail trail = before.audit();
        return switch (line.entry()) {
            case Entry.PlanSet(Plan plan) -> planned(before, plan, line);
            case Entry.Preflight(PreflightReport report) ->
                event(
                        trail,
                        line,
                        Kind.CHECK,
                        report.findings().size() + " findings" + (report.blocked() ? ", some of them block" : ""));
            case Entry.Began(String command, String typed) ->
                event(
                        trail,
                        line,
                        Kind.COMMAND,
                        typed.isEmpty() ? command : command + ", confirmed by typing " + typed);
            case Entry.StageEntered(Stage stage) -> entered(event(trail, line, Kind.STAGE, stage.name()), stage, line);
            case Entry.TablesProved ignored -> trail;
            case Entry.Verified(VerifyReport report) -> event(trail, line, Kind.COMPARISON, compared(report));
            case Entry.Cutover(CutoverReport report) -> handedOver(before, report, line);
            case Entry.GateOverridden given ->
                event(
                        trail.with(override(given, line)),
                        line,
                        Kind.OVERRIDE,
                        given.gate() + " overridden: " + given.reason());
            case Entry.OverrideEnded(String gate, String why) ->
                event(trail.end(gate, line.at(), why), line, Kind.OVERRIDE, gate + " no longer overridden: " + why);
            case Entry.Failed(Problem problem) -> event(trail, line, Kind.PROBLEM, problem.what());
            case Entry.Trouble(Problem problem) -> event(trail, line, Kind.PROBLEM, problem.what());
            case Entry.Unsure(Problem problem) -> event(trail, line, Kind.PROBLEM, problem.what());
            case Entry.Leftovers(List<String> sql) ->
                sql.isEmpty() ? trail : event(trail, line, Kind.PROBLEM, sql.size() + " objects could not be removed");
            case Entry.Note(String text) -> event(trail, line, Kind.NOTE, text);
            case Entry.TableCopied _,
                    Entry.TablesCopied _,
                    Entry.TablesKept _,
                    Entry.WavesDivided _,
                    Entry.Intent _,
                    Entry.Outcome _ -> trail;
        };
    }

    /// Whoever attaches to a migration writes its plan again; that is no news unless it is another one.
    private static AuditTrail planned(MigrationState before, Plan plan, Line line) {
        AuditTrail trail = before.audit();
        if (!trail.events().isEmpty() && before.plan().equals(plan)) {
            return trail;
        }
        return event(
                trail,
                line,
                Kind.PLAN,
                plan.source().address() + " to " + plan.target().address() + ", deadline "
                        + plan.deadline().toSeconds() + " s, window "
                        + plan.window().toHours() + " h, "
                        + plan.freeze()
                        + (plan.freezeRoles().isEmpty() ? "" : " " + String.join(", ", plan.freezeRoles())));
    }

    /// A new beginning or another copy has other gates.
    private static AuditTrail entered(AuditTrail trail, Stage stage, Line line) {
        return stage == Stage.DRAFT || stage == Stage.COPYING ? trail.endAll(line.at(), "a new copy began") : trail;
    }

    private static AuditTrail handedOver(MigrationState before, CutoverReport report, Line line) {
        Optional<CutoverReport> known =
                before.lastCutover().filter(last -> last.startedAt().equals(report.startedAt()));
        if (known.map(CutoverReport::outcome).filter(report.outcome()::equals).isPresent()) {
            return before.audit();
        }
        String what = "from the " + report.from().word()
                + switch (report.outcome()) {
                    case RUNNING -> ": began";
                    case CONFIRMED -> ": past the point of no return";
                    case DONE -> ": done";
                    case UNDONE ->
                        ": undone" + report.problem().map(p -> ", " + p.what()).orElse("");
                };
        AuditTrail trail = event(before.audit(), line, Kind.HANDOVER, what);
        boolean over = report.outcome() == Outcome.CONFIRMED || report.outcome() == Outcome.DONE;
        return over ? trail.endAll(line.at(), "used: the data changed hands") : trail;
    }

    private static String compared(VerifyReport report) {
        return report.rows() + " rows in " + report.tables().size() + " tables: "
                + (report.proved() ? "all proved equal" : report.passed() ? "equal, some left open" : "not equal")
                + (report.sameSchema() ? "" : "; the schemas differ")
                + report.by().map(by -> "; by " + by.words()).orElse("");
    }

    private static GateOverride override(Entry.GateOverridden given, Line line) {
        return new GateOverride(
                given.owner(),
                given.gate(),
                given.title(),
                given.detail(),
                given.cost(),
                given.basis(),
                given.reason(),
                line.who(),
                line.at(),
                Optional.empty(),
                "");
    }

    private static AuditTrail event(AuditTrail trail, Line line, Kind kind, String text) {
        return trail.with(new AuditEvent(line.at(), line.who(), kind, text));
    }
}

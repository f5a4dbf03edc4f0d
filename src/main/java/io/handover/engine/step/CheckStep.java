package io.handover.engine.step;

import io.handover.check.Preflight;
import io.handover.check.PreflightUnreachable;
import io.handover.model.Finding;
import io.handover.model.PasswordLookup;
import io.handover.model.PreflightReport;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.PgDump;
import java.sql.SQLException;
import java.util.Optional;

/// Runs preflight; before that, applies a fix the user asked for.
public final class CheckStep implements Step {

    private final Optional<Finding> fix;
    private final boolean mustPass;
    private final PasswordLookup consoles;

    /// @param consoles passwords of the consoles of PgBouncers
    private CheckStep(Optional<Finding> fix, boolean mustPass, PasswordLookup consoles) {
        this.fix = fix;
        this.mustPass = mustPass;
        this.consoles = consoles;
    }

    /// Only looks; blockers show in the report and are no failure.
    public static CheckStep looking(PasswordLookup consoles) {
        return new CheckStep(Optional.empty(), false, consoles);
    }

    /// Looks, and fails if there is a blocker: the first step of a start.
    public static CheckStep passing(PasswordLookup consoles) {
        return new CheckStep(Optional.empty(), true, consoles);
    }

    /// Applies the remedy of `finding`, then looks again.
    public static CheckStep fixing(Finding finding, PasswordLookup consoles) {
        return new CheckStep(Optional.of(finding), false, consoles);
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        var source = with.server(Side.SOURCE);
        var target = with.server(Side.TARGET);
        var pgDump = PgDump.installed(with.threads());
        try {
            if (fix.isPresent()) {
                Preflight.fix(with.plan(), source, target, pgDump, fix.get());
            }
            PreflightReport report = Preflight.run(with.plan(), source, target, pgDump, consoles, with.clock());
            with.show(report);
            return mustPass && report.blocked() ? new StepOutcome.Failed(blocked(report)) : new StepOutcome.Done();
        } catch (PreflightUnreachable e) {
            return new StepOutcome.Failed(Problems.of(e.reason(), e.side(), "being checked"));
        } catch (SQLException e) {
            return new StepOutcome.Failed(Problems.of(e, fix.map(Finding::side).orElse(Side.SOURCE), "applying a fix"));
        }
    }

    private static Problem blocked(PreflightReport report) {
        Finding first = report.findings().getFirst();
        return new Problem(
                "preflight",
                "Preflight found what would make the migration fail: " + first.title() + ".",
                "Nothing was begun on either server; what a fix has changed stays until the migration is discarded.",
                first.remedy().isEmpty() ? first.why() : first.remedy(),
                "");
    }
}

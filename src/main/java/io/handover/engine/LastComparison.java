package io.handover.engine;

import io.handover.engine.step.Unsettled;
import io.handover.engine.step.VerifyStep;
import io.handover.model.Side;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import java.util.Optional;

/// The last comparison this run of the app has made, with the rows it had to leave open.
///
/// Those rows are kept in memory only: a key may be somebody's name or card number, and the journal and its copy on
/// the target are kept for years and handed on. So after a restart the report is still there and its open rows are
/// not: then the comparison counts for nothing, and the gate asks for a new one. Any thread.
final class LastComparison {

    private volatile Optional<VerifyStep> step = Optional.empty();

    /// A comparison that takes the place of the last one.
    VerifyStep begin(Side owner, boolean onlyChanged) {
        var next = new VerifyStep(owner, onlyChanged);
        step = Optional.of(next);
        return next;
    }

    /// What the next cutover has to settle.
    Unsettled open() {
        return step.map(VerifyStep::unsettled).orElse(Unsettled.nothing());
    }

    /// True if whatever `report` left open is known here, so that a cutover settles it.
    boolean covers(VerifyReport report) {
        boolean settled = report.tables().stream()
                .allMatch(t -> t.unsettled() == 0 && t.verdict() != TableVerdict.Verdict.UNSETTLED);
        return settled || step.filter(s -> s.isOf(report)).isPresent();
    }
}

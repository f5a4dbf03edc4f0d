package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import java.util.ArrayList;
import java.util.List;

/// Both servers must be primaries.
final class PrimaryCheck implements Check {

    @Override
    public String name() {
        return "primary";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        var findings = new ArrayList<Finding>();
        for (Side side : Side.values()) {
            if (with.facts(side).inRecovery()) {
                findings.add(Findings.blocker(
                        name(),
                        side,
                        "The " + side.word() + " is a standby",
                        "Nothing can be written there: no publication, no fence row, no mark.",
                        "Connect to its primary."));
            }
        }
        return findings;
    }
}

package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.SchemaFacts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Nothing of an earlier, broken-off migration may be in the way.
final class LeftoversCheck implements Check {

    @Override
    public String name() {
        return "leftovers";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        var findings = new ArrayList<Finding>();
        for (Side side : Side.values()) {
            List<String> there = SchemaFacts.handoverObjects(with.on(side)).stream()
                    .filter(o -> !o.contains(with.plan().id().value()) && !o.equals("schema handover"))
                    .toList();
            if (!there.isEmpty()) {
                findings.add(Findings.warning(
                        name(),
                        side,
                        "Left by an earlier migration on the " + side.word() + ": " + String.join(", ", there),
                        "A forgotten slot keeps the log and fills the disk.",
                        "Discard that migration, or drop these objects by hand."));
            }
        }
        return findings;
    }
}

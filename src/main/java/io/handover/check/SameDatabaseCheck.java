package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.ServerFacts;
import java.util.List;

/// Source and target must be two databases, best on two clusters.
final class SameDatabaseCheck implements Check {

    @Override
    public String name() {
        return "same-database";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        ServerFacts source = with.sourceFacts();
        ServerFacts target = with.targetFacts();
        if (source.systemId() == 0 || source.systemId() != target.systemId()) {
            return List.of();
        }
        if (source.databaseOid() == target.databaseOid()) {
            return List.of(Findings.blocker(
                    name(),
                    Side.TARGET,
                    "Source and target are the same database",
                    "The copy would write into the tables it reads.",
                    "Choose another target."));
        }
        return List.of(Findings.warning(
                name(),
                Side.TARGET,
                "Source and target are databases of one cluster",
                "It works, but a failure of the machine takes both, and slots and workers are shared.",
                "Use another cluster if you can."));
    }
}

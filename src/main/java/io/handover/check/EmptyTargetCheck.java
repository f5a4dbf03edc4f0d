package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.SchemaFacts;
import java.sql.SQLException;
import java.util.List;

/// The target must have no tables of its own.
final class EmptyTargetCheck implements Check {

    @Override
    public String name() {
        return "target-empty";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        List<String> there = SchemaFacts.userRelations(with.onTarget());
        if (there.isEmpty()) {
            return List.of();
        }
        return List.of(Findings.blocker(
                name(),
                Side.TARGET,
                "The target is not empty: " + String.join(", ", there.subList(0, Math.min(5, there.size())))
                        + (there.size() > 5 ? " …" : ""),
                "Handover never writes into or drops what it did not make.",
                "Use a new database: create database … template template0"));
    }
}

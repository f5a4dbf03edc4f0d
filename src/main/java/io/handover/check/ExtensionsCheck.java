package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.SchemaFacts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Every extension of the source must be available on the target.
final class ExtensionsCheck implements Check {

    @Override
    public String name() {
        return "extensions";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        List<SchemaFacts.Extension> there = SchemaFacts.availableExtensions(with.onTarget());
        var findings = new ArrayList<Finding>();
        for (SchemaFacts.Extension extension : SchemaFacts.extensions(with.onSource())) {
            var match = there.stream()
                    .filter(e -> e.name().equals(extension.name()))
                    .findFirst();
            if (match.isEmpty()) {
                findings.add(Findings.blocker(
                        name(),
                        Side.TARGET,
                        "Extension " + extension.name() + " " + extension.version() + " is not available on the target",
                        "Types and functions of the schema come from it.",
                        "Install the extension's package on the target's machine."));
            }
        }
        return findings;
    }
}

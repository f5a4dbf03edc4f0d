package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.SchemaFacts;
import java.sql.SQLException;
import java.util.List;

/// Whoever else is fed by the source, or feeds it, is not moved along.
final class ForeignStreamsCheck implements Check {

    @Override
    public String name() {
        return "other-streams";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        List<String> streams = SchemaFacts.foreignStreams(with.onSource());
        return streams.isEmpty()
                ? List.of()
                : List.of(Findings.warning(
                        name(),
                        Side.SOURCE,
                        "Other logical replication: " + String.join(", ", streams),
                        "It stays on the source. After the cutover whoever is fed by it gets nothing new, and a"
                                + " subscription goes on writing into the old database only.",
                        "Plan to make it anew on the target, and to point its consumers there."));
    }
}

package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.SchemaFacts;
import java.sql.SQLException;
import java.util.List;

/// From 18 on a published table with `REPLICA IDENTITY FULL` and a generated column refuses UPDATE and DELETE.
///
/// The server's way out, `publish_generated_columns = stored`, is none here: a subscriber whose column is generated
/// too,
/// as it is after the schema was copied, stops with an error when it gets one.
final class GeneratedIdentityCheck implements Check {

    private static final int SINCE = 18;

    @Override
    public String name() {
        return "generated-identity";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        boolean source = with.sourceFacts().major() >= SINCE;
        if (!source && with.targetFacts().major() < SINCE) {
            return List.of();
        }
        List<TableRef> tables = SchemaFacts.fullIdentityWithGenerated(with.onSource()).stream()
                .filter(with.plan().scope()::includes)
                .toList();
        String when = source
                ? "Once they are published, the source refuses the application's UPDATE and DELETE on them."
                : "After the cutover, the target refuses the application's UPDATE and DELETE on them.";
        return tables.isEmpty()
                ? List.of()
                : List.of(Findings.blocker(
                        name(),
                        Side.SOURCE,
                        "Identity FULL with a generated column: " + Findings.names(tables),
                        when + " PostgreSQL 18 and later do not allow this identity with a generated column.",
                        "Give these tables a primary key or a unique index on NOT NULL columns as their identity, or"
                                + " leave them out."));
    }
}

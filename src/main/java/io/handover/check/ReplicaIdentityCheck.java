package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.ReplicaIdentity;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.HandoverSchema;
import io.handover.pg.ReplicaIdentities;
import io.handover.pg.SchemaFacts;
import io.handover.pg.SqlNames;
import java.sql.SQLException;
import java.util.List;

/// Every published table needs a replica identity, or UPDATE and DELETE fail on the source at once.
final class ReplicaIdentityCheck implements Check {

    @Override
    public String name() {
        return "replica-identity";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        List<TableRef> without = with.tables().stream()
                .filter(t -> t.identity() == ReplicaIdentity.NONE && !t.unlogged())
                .map(TableInfo::table)
                .toList();
        if (without.isEmpty()) {
            return List.of();
        }
        var remedy = new StringBuilder();
        for (TableRef table : without) {
            String index = SchemaFacts.identityIndex(with.onSource(), table);
            remedy.append("alter table ")
                    .append(SqlNames.quoted(table))
                    .append(" replica identity ")
                    .append(index.isEmpty() ? "full" : "using index " + SqlNames.quoted(index))
                    .append(";\n");
        }
        return List.of(new Finding(
                name(),
                Severity.BLOCKER,
                Side.SOURCE,
                "No replica identity: " + Findings.names(without),
                "Once such a table is published, every UPDATE and DELETE on it fails on the source."
                        + " Fix puts it back when the migration is retired or discarded.",
                remedy.toString(),
                true));
    }

    /// Remembers each table's identity as it was, then changes it.
    @Override
    public void fix(CheckContext with, Finding finding) throws SQLException {
        try (var session = with.source().open("fix")) {
            HandoverSchema.create(session, with.plan().id());
            for (TableInfo info : with.tables()) {
                if (info.identity() == ReplicaIdentity.NONE && !info.unlogged()) {
                    String index = SchemaFacts.identityIndex(session.jdbc(), info.table());
                    ReplicaIdentities.change(session, info.table(), index);
                }
            }
        }
    }
}

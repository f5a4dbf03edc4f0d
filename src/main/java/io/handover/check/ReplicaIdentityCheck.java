package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.ReplicaIdentity;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.HandoverSchema;
import io.handover.pg.IdentityColumns;
import io.handover.pg.ReplicaIdentities;
import io.handover.pg.SchemaFacts;
import io.handover.pg.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Every published table needs a replica identity, or UPDATE and DELETE fail on the source at once.
final class ReplicaIdentityCheck implements Check {

    @Override
    public String name() {
        return "replica-identity";
    }

    /// Tables without an identity.
    ///
    /// @param remedies what each can be given: an index that could be its identity, or empty text for `FULL`
    /// @param hopeless those without such an index for which `FULL` would not do either
    private record Without(Map<TableRef, String> remedies, List<TableRef> hopeless) {}

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        Without without = without(with, with.onSource());
        var findings = new ArrayList<Finding>();
        if (!without.hopeless().isEmpty()) {
            findings.add(Findings.blocker(
                    name(),
                    Side.SOURCE,
                    "No replica identity, and none that Fix could give: " + Findings.names(without.hopeless()),
                    "Once such a table is published, every UPDATE and DELETE on it fails on the source. Identity FULL"
                            + " does not work with a column that has no equality (json, xml, point …), nor with a"
                            + " generated one where a server of version 18 or later is involved.",
                    "Give these tables a primary key or a unique index on NOT NULL columns that are not generated, or"
                            + " leave them out."));
        }
        if (!without.remedies().isEmpty()) {
            var remedy = new StringBuilder();
            without.remedies()
                    .forEach((table, index) -> remedy.append("alter table ")
                            .append(SqlNames.quoted(table))
                            .append(" replica identity ")
                            .append(index.isEmpty() ? "full" : "using index " + SqlNames.quoted(index))
                            .append(";\n"));
            findings.add(new Finding(
                    name(),
                    Severity.BLOCKER,
                    Side.SOURCE,
                    "No replica identity: "
                            + Findings.names(List.copyOf(without.remedies().keySet())),
                    "Once such a table is published, every UPDATE and DELETE on it fails on the source."
                            + " Fix puts it back when the migration is retired or discarded.",
                    remedy.toString(),
                    true));
        }
        return findings;
    }

    /// Remembers each table's identity as it was, then changes it. Leaves alone those for which nothing would do.
    @Override
    public void fix(CheckContext with, Finding finding) throws SQLException {
        try (var session = with.source().open("fix")) {
            HandoverSchema.create(session, with.plan().id());
            for (var entry : without(with, session.jdbc()).remedies().entrySet()) {
                ReplicaIdentities.change(session, entry.getKey(), entry.getValue());
            }
        }
    }

    private static Without without(CheckContext with, Connection source) throws SQLException {
        List<TableRef> none = with.tables().stream()
                .filter(t -> t.identity() == ReplicaIdentity.NONE && !t.unlogged())
                .map(TableInfo::table)
                .toList();
        var without = new Without(new LinkedHashMap<>(), new ArrayList<>());
        if (none.isEmpty()) {
            return without;
        }
        var notFull = new HashSet<>(IdentityColumns.withoutEquality(source));
        if (GeneratedIdentityCheck.refused(with)) {
            notFull.addAll(IdentityColumns.withGenerated(source));
        }
        for (TableRef table : none) {
            String index = SchemaFacts.identityIndex(source, table);
            if (index.isEmpty() && notFull.contains(table)) {
                without.hopeless().add(table);
            } else {
                without.remedies().put(table, index);
            }
        }
        return without;
    }
}

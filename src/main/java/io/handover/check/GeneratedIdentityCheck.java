package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.ReplicaIdentity;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.IdentityColumns;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// A generated column in a table's replica identity: no stream carries it, so the other side cannot find the row that
/// an UPDATE or DELETE means, and from 18 on the server that publishes the table refuses both.
///
/// The server's way out, `publish_generated_columns = stored`, is none here: a subscriber whose column is generated
/// too, as it is after the schema was copied, stops with an error when it gets one. Before 18 identity `FULL` does no
/// harm: generated columns are left out where rows are compared.
final class GeneratedIdentityCheck implements Check {

    private static final int REFUSED_SINCE = 18;

    @Override
    public String name() {
        return "generated-identity";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        var findings = new ArrayList<Finding>();
        List<TableRef> keys = of(with, IdentityColumns.generatedKeys(with.onSource()), i -> i != ReplicaIdentity.FULL);
        if (!keys.isEmpty()) {
            findings.add(Findings.blocker(
                    name(),
                    Side.SOURCE,
                    "Identity with a generated column: " + Findings.names(keys),
                    "Logical replication does not carry the column, so the target cannot find the row that an UPDATE or"
                            + " DELETE means, and the stream stops. Servers from 18 on refuse the application both.",
                    "Make another unique index, on NOT NULL columns that are not generated, the identity (ALTER TABLE …"
                            + " REPLICA IDENTITY USING INDEX …), or leave these tables out."));
        }
        List<TableRef> full = refused(with)
                ? of(with, IdentityColumns.withGenerated(with.onSource()), i -> i == ReplicaIdentity.FULL)
                : List.of();
        if (!full.isEmpty()) {
            String when = with.sourceFacts().major() >= REFUSED_SINCE
                    ? "Once they are published, the source refuses the application's UPDATE and DELETE on them."
                    : "After the cutover, the target refuses the application's UPDATE and DELETE on them.";
            findings.add(Findings.blocker(
                    name(),
                    Side.SOURCE,
                    "Identity FULL with a generated column: " + Findings.names(full),
                    when + " PostgreSQL 18 and later do not allow this identity with a generated column.",
                    "Give these tables a primary key or a unique index on NOT NULL columns as their identity, or"
                            + " leave them out."));
        }
        return findings;
    }

    /// Whether one of the servers refuses `FULL` where there is a generated column: each publishes in its turn.
    static boolean refused(CheckContext with) {
        return with.sourceFacts().major() >= REFUSED_SINCE || with.targetFacts().major() >= REFUSED_SINCE;
    }

    private static List<TableRef> of(CheckContext with, Set<TableRef> tables, Predicate<ReplicaIdentity> identity) {
        return with.tables().stream()
                .filter(t -> identity.test(t.identity()) && !t.unlogged())
                .map(TableInfo::table)
                .filter(tables::contains)
                .toList();
    }
}

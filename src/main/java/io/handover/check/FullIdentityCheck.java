package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.ReplicaIdentity;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.IdentityColumns;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/// `REPLICA IDENTITY FULL` needs column types that can be compared.
final class FullIdentityCheck implements Check {

    @Override
    public String name() {
        return "full-identity";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        Set<TableRef> incomparable = IdentityColumns.withoutEquality(with.onSource());
        List<TableRef> tables = with.tables().stream()
                .filter(t -> t.identity() == ReplicaIdentity.FULL)
                .map(TableInfo::table)
                .filter(incomparable::contains)
                .toList();
        return tables.isEmpty()
                ? List.of()
                : List.of(Findings.blocker(
                        name(),
                        Side.SOURCE,
                        "Identity FULL with a column that has no equality: " + Findings.names(tables),
                        "The target could not find the row that an UPDATE or DELETE meant, and the stream would stop.",
                        "Give these tables a primary key or a unique index on NOT NULL columns, or leave them out."));
    }
}

package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.ReplicaIdentity;
import io.handover.model.Side;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import java.util.List;

/// Big tables with `REPLICA IDENTITY FULL` are slow to follow.
final class LoneRowsCheck implements Check {

    @Override
    public String name() {
        return "full-identity-size";
    }

    @Override
    public List<Finding> find(CheckContext with) {
        List<TableRef> big = with.tables().stream()
                .filter(t -> t.identity() == ReplicaIdentity.FULL && t.rows() > 100_000)
                .map(TableInfo::table)
                .toList();
        return big.isEmpty()
                ? List.of()
                : List.of(Findings.warning(
                        name(),
                        Side.SOURCE,
                        "Identity FULL on big tables: " + Findings.names(big),
                        "Each UPDATE or DELETE makes the target search the whole table, unless some index helps (16 or"
                                + " later).",
                        "Add a primary key, or see that these tables are seldom updated."));
    }
}

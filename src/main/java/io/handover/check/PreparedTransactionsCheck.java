package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.SchemaFacts;
import java.sql.SQLException;
import java.util.List;

/// Prepared transactions hold up the slot and can commit after a freeze.
final class PreparedTransactionsCheck implements Check {

    @Override
    public String name() {
        return "prepared-transactions";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        List<SchemaFacts.Holder> holders = SchemaFacts.preparedTransactions(with.onSource());
        return holders.isEmpty()
                ? List.of()
                : List.of(Findings.blocker(
                        name(),
                        Side.SOURCE,
                        "Prepared transactions: " + Findings.holders(holders),
                        "The replication slot waits for them, for ever if nobody ends them.",
                        "commit prepared '…' or rollback prepared '…'"));
    }
}

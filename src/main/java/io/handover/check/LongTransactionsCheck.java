package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.SchemaFacts;
import java.sql.SQLException;
import java.util.List;

/// Making the slot waits for every open write transaction of the source.
final class LongTransactionsCheck implements Check {

    @Override
    public String name() {
        return "long-transactions";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        List<SchemaFacts.Holder> holders = SchemaFacts.longTransactions(with.onSource(), 5);
        return holders.isEmpty()
                ? List.of()
                : List.of(Findings.warning(
                        name(),
                        Side.SOURCE,
                        "Open write transactions: " + Findings.holders(holders),
                        "The replication slot can only be made when they have ended; the start would wait for them.",
                        "Let them end, or end them: select pg_terminate_backend(pid)"));
    }
}

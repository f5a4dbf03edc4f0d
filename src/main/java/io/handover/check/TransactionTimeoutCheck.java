package io.handover.check;

import io.handover.model.Finding;
import io.handover.model.Side;
import io.handover.pg.DatabaseSettings;
import io.handover.pg.SqlNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// `transaction_timeout` (since 17) ends the stream's own processes too, and a transaction that takes longer to apply
/// is begun again for ever.
final class TransactionTimeoutCheck implements Check {

    @Override
    public String name() {
        return "transaction-timeout";
    }

    @Override
    public List<Finding> find(CheckContext with) throws SQLException {
        var findings = new ArrayList<Finding>();
        for (Side side : Side.values()) {
            long millis = DatabaseSettings.transactionTimeoutMillis(with.on(side));
            if (millis > 0) {
                var profile = with.plan().profile(side);
                findings.add(Findings.warning(
                        name(),
                        side,
                        "Transactions are ended after " + millis + " ms on the " + side.word(),
                        "transaction_timeout holds for the stream's processes as well: a transaction that takes longer to"
                                + " be sent or applied never arrives, and the other side keeps its log for it.",
                        "alter role " + SqlNames.quoted(profile.user()) + " in database "
                                + SqlNames.quoted(profile.database()) + " set transaction_timeout = 0;"));
            }
        }
        return findings;
    }
}

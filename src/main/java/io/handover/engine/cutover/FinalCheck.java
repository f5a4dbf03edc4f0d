package io.handover.engine.cutover;

import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.DbSession;
import java.sql.SQLException;
import java.util.Optional;

/// The last look at both sides while nobody writes: what the last verification had to leave open.
@FunctionalInterface
public interface FinalCheck {

    /// Nothing was left open.
    FinalCheck NOTHING_OPEN = (_, _, _) -> Optional.empty();

    /// Compares. Everything committed on `from` has arrived.
    ///
    /// @param owner who owns the data now
    /// @return what differs after all; empty if nothing does
    Optional<Problem> settle(Side owner, DbSession from, DbSession to) throws SQLException, InterruptedException;
}

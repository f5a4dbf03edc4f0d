package io.handover.engine.cutover;

import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.pg.DbSession;
import java.sql.SQLException;
import java.util.Optional;

/// Something no stream carries and that is therefore brought over while writes are stopped.
///
/// @param title for the timeline
/// @param ahead whether it can be done before the pause as well, so that the pause has less to do
/// @param work  does it; may be done again
public record PauseWork(String title, boolean ahead, Work work) {

    /// Does it.
    @FunctionalInterface
    public interface Work {
        /// Brings it from `from` to `to`.
        ///
        /// @param from the owner, autocommit on; nobody writes there now
        /// @param to   the new owner, autocommit on, `synchronous_commit = on`
        /// @return why it is not all there; empty if it is
        Optional<Problem> run(Plan plan, DbSession from, DbSession to) throws SQLException, InterruptedException;
    }
}

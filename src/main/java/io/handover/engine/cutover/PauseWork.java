package io.handover.engine.cutover;

import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.pg.DbSession;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Something no stream carries and that is therefore brought over while writes are stopped.
///
/// @param title for the timeline
/// @param work  does it
public record PauseWork(String title, Work work) {

    /// Does whatever can be done before writes are stopped, so that the pause has less to do.
    @FunctionalInterface
    public interface Work {
        /// Looks up what the pause needs, and brings over what it can.
        ///
        /// @param from the owner, autocommit on; production goes on there
        /// @param to   the new owner, autocommit on, `synchronous_commit = on`
        Ready prepare(Plan plan, DbSession from, DbSession to) throws SQLException, InterruptedException;
    }

    /// The part for the pause, on the same two connections, which nobody else uses, and beside the other parts.
    @FunctionalInterface
    public interface Ready {
        /// Brings it over, now that nobody writes on the owner; may be done again.
        ///
        /// @return why it is not all there; empty if it is
        Optional<Problem> run() throws SQLException, InterruptedException;

        /// Whether it is worth while to begin as soon as the tables are locked. Then `early` is called, while people
        /// may still change what the locks do not guard, and `run` later looks whether that was all of it.
        default boolean beginsEarly() {
            return false;
        }

        /// Brings over what is there by then. Nothing by default.
        default void early() throws SQLException, InterruptedException {}

        /// Looks, once nobody is left on the old owner who could write, whether all that was to be brought over is
        /// there, and brings over the rest.
        ///
        /// @return what people should know; empty if nothing had changed since `run`, as it should be
        default List<String> lookAgain() throws SQLException {
            return List.of();
        }
    }
}

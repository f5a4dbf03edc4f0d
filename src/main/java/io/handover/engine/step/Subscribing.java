package io.handover.engine.step;

import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.ConnectionString;
import io.handover.pg.DbSession;
import io.handover.pg.SqlFailure;
import io.handover.pg.Subscriptions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/// Makes the subscription on the slot of the baseline, with the words for when the one server does not reach the
/// other.
final class Subscribing {

    private static final String CREATE = "create-subscription";
    private static final Duration CONNECT = Duration.ofSeconds(30);

    private Subscribing() {}

    /// Makes it for all tables that the publication has now, none of which is copied, and lets it run.
    ///
    /// @param owner  the side that is followed
    /// @param target a session on the other one
    static void create(StepContext with, Side owner, DbSession target) throws SQLException, StepFailed {
        String name = with.plan().id().subscription(owner);
        with.intent(CREATE, name);
        try {
            ConnectionString way = ConnectionString.of(
                    with.server(owner).endpoint(), with.plan().reach(owner), name, target.major());
            Subscriptions.create(
                    target,
                    name,
                    way,
                    with.plan().id().publication(owner),
                    with.plan().id().slot(owner),
                    true,
                    CONNECT);
            with.outcome(CREATE, true, name);
        } catch (SQLException e) {
            with.outcome(CREATE, false, SqlFailure.state(e));
            // before 14 a server gives no state of its own for an owner it does not reach
            if (Set.of("08006", "08001", "XX000", "57014").contains(SqlFailure.state(e))
                    && target.jdbc().isValid(5)) {
                throw new StepFailed(outOfReach(owner, e));
            }
            throw e;
        }
    }

    private static Problem outOfReach(Side owner, SQLException e) {
        return new Problem(
                SqlFailure.state(e),
                "The " + owner.other().word() + " does not reach the " + owner.word() + ".",
                "Nothing is lost: the slot keeps all changes until the target fetches them.",
                "Give the address under which the one server reaches the other, see to pg_hba.conf and firewalls,"
                        + " then retry.",
                SqlFailure.state(e) + " " + e.getMessage());
    }
}

package io.handover.pg;

import io.handover.model.MigrationId;
import io.handover.model.Reach;
import java.sql.SQLException;
import java.sql.Statement;

/// Tries whether one server really reaches the other with a subscription's connection string, and leaves
/// nothing: the
/// subscription it makes has no slot, is never enabled, and is rolled back.
public final class ReachProbe {

    private ReachProbe() {}

    /// What the try showed.
    public sealed interface Result {

        /// The follower logged in at the owner.
        record Reached() implements Result {}

        /// The follower said why not, without the password.
        record Refused(String state, String reason) implements Result {}

        /// The role may not try.
        record NotPermitted(String reason) implements Result {}
    }

    /// Tries from `follower` to `owner`; at most 15 s. Not in the SQL drawer, because nothing stays of it.
    ///
    /// @param reach         the owner's address as the follower sees it
    /// @param followerMajor its major version
    /// @throws SQLException if the follower itself cannot be asked
    public static Result run(DbSession follower, Server owner, MigrationId id, Reach reach, int followerMajor)
            throws SQLException {
        ConnectionString string =
                ConnectionString.of(owner.endpoint(), reach, Server.APPLICATION + " probe", followerMajor);
        var connection = follower.jdbc();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            Subscriptions.keepOutOfServerLog(connection);
            statement.execute("set local statement_timeout = '15s'");
            statement.execute("create subscription " + SqlNames.quoted("handover_" + id + "_probe") + " connection "
                    + SqlNames.literal(string.reveal()) + " publication \"handover_probe\""
                    + " with (connect = true, enabled = false, create_slot = false, slot_name = none,"
                    + " copy_data = false)");
            return new Result.Reached();
        } catch (SQLException e) {
            if (SqlFailure.connectionLost(e) && !connection.isValid(5)) {
                throw e;
            }
            String reason = string.masked(String.valueOf(e.getMessage()));
            return SqlFailure.notPermitted(e)
                    ? new Result.NotPermitted(reason)
                    : new Result.Refused(SqlFailure.state(e), reason);
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }
}

package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// Stops a subscription's worker in milliseconds: one that is only disabled finds out when it next looks.
public final class ApplyStop {

    private static final int ASK_AGAIN = 100;

    private ApplyStop() {}

    /// Disables `subscription` and tells its worker to end, which takes some milliseconds; `ended` waits for it. What
    /// the worker has applied stays, what it was applying is applied again should it ever be enabled.
    ///
    /// @param follower autocommit on
    /// @param worker   as just read; one that has come since sees by itself that it is disabled, or is ended by
    ///                 `ended`
    public static void begin(DbSession follower, String subscription, OptionalInt worker) throws SQLException {
        Subscriptions.disable(follower, subscription);
        if (worker.isPresent()) {
            end(follower, worker.getAsInt());
        }
    }

    /// Waits until the worker of a subscription for which `begin` was called is gone.
    ///
    /// @return false if one is still there after `limit`
    public static boolean ended(DbSession follower, String subscription, Duration limit)
            throws SQLException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        var rest = new Gate();
        try (PreparedStatement query = follower.jdbc().prepareStatement(Subscriptions.workerQuery(follower.major()))) {
            query.setString(1, subscription);
            for (int look = 1; ; look++) {
                OptionalInt worker = worker(query);
                if (worker.isEmpty()) {
                    return true;
                }
                if (System.nanoTime() - end >= 0) {
                    return false;
                }
                if (look % ASK_AGAIN == 0) {
                    end(follower, worker.getAsInt());
                }
                rest(rest);
            }
        }
    }

    private static OptionalInt worker(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
        }
    }

    /// Disables `subscription` and rolls that back: its worker hears nothing of it.
    ///
    /// @param follower autocommit on
    /// @return false if our role could not end the worker that runs now
    /// @throws SQLException if the server refuses to disable it
    public static boolean rehearse(DbSession follower, String subscription) throws SQLException {
        RolledBack.run(follower, "alter subscription " + SqlNames.quoted(subscription) + " disable");
        if (!(Subscriptions.state(follower.jdbc(), subscription) instanceof SubscriptionReading.Present present)
                || present.worker().isEmpty()) {
            return true;
        }
        return !Sessions.endable(follower.jdbc(), List.of(present.worker().getAsInt()))
                .isEmpty();
    }

    private static void end(DbSession follower, int worker) throws SQLException {
        follower.change("select pg_catalog.pg_terminate_backend(" + worker + ")");
    }

    private static void rest(Gate rest) throws InterruptedException {
        try {
            rest.pause(1);
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody can stop a gate of one's own", e);
        }
    }
}

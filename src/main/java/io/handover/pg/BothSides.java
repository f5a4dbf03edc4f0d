package io.handover.pg;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/// Asks owner and follower at the same time and waits for both.
final class BothSides {

    private final SnapshotSession owner;
    private final SnapshotSession follower;
    private final ExecutorService helper;

    BothSides(SnapshotSession owner, SnapshotSession follower, ExecutorService helper) {
        this.owner = owner;
        this.follower = follower;
        this.helper = helper;
    }

    /// Asks.
    ///
    /// @throws SQLException the owner's failure, or the follower's
    /// @throws InterruptedException if interrupted; the follower's query has been cancelled then
    <T> Sides<T> run(Query<T> onOwner, Query<T> onFollower) throws SQLException, InterruptedException {
        Future<T> there = helper.submit(() -> onFollower.run(follower.jdbc()));
        T here;
        try {
            here = onOwner.run(owner.jdbc());
        } catch (SQLException | RuntimeException e) {
            cancel(there, e);
            throw e;
        }
        try {
            return new Sides<>(here, there.get());
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } catch (InterruptedException e) {
            follower.cancel();
            throw e;
        }
    }

    /// The connection is used again, so its query has to be over before this returns.
    private void cancel(Future<?> query, Exception because) throws InterruptedException {
        try {
            follower.cancel();
            query.get();
        } catch (SQLException e) {
            because.addSuppressed(e);
        } catch (ExecutionException e) {
            because.addSuppressed(e.getCause());
        }
    }

    private static SQLException unwrapped(ExecutionException e) {
        return switch (e.getCause()) {
            case SQLException sql -> sql;
            case RuntimeException runtime -> throw runtime;
            case Error error -> throw error;
            case null, default -> new SQLException("a comparison failed", "XX000", e.getCause());
        };
    }

    /// @param owner    the owner's answer
    /// @param follower the follower's
    record Sides<T>(T owner, T follower) {}

    /// One side's part.
    ///
    /// @param <T> its answer
    @FunctionalInterface
    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }
}

package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

/// Proves that one server has all that was committed on the other: a row with a random key, inserted on the
/// owner after the last change, arrives with the stream and cannot overtake.
///
/// Rows are only inserted and deleted, never updated: an update of a row the follower lacks would be skipped
/// in silence, and a second row with the same key would stop its apply worker for good.
///
/// @param token the row's key
public record Fence(String token) {

    /// Inserts and commits one.
    ///
    /// @param owner a session with `synchronous_commit = on`: its commit makes every earlier one durable as
    ///              well
    public static Fence plant(DbSession owner) throws SQLException {
        var fence = new Fence(UUID.randomUUID().toString());
        owner.change("insert into handover.fence (token) values (" + SqlNames.literal(fence.token) + ")");
        return fence;
    }

    /// Waits until it has arrived.
    ///
    /// @param follower looked at every other millisecond
    /// @return false if it has not after `limit`
    public boolean arrives(DbSession follower, Duration limit) throws SQLException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        var pause = new Gate();
        try (PreparedStatement query = follower.jdbc().prepareStatement("select from handover.fence where token = ?")) {
            query.setString(1, token);
            while (true) {
                try (ResultSet row = query.executeQuery()) {
                    if (row.next()) {
                        return true;
                    }
                }
                if (System.nanoTime() - end > 0) {
                    return false;
                }
                pause.pause(1);
            }
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody can stop a gate of one's own", e);
        }
    }

    /// Where `owner` stands in its write-ahead log. Asked while the fence is on its way, it makes nobody wait; with
    /// writes stopped, all that was ever committed there is before it.
    public static String position(DbSession owner) throws SQLException {
        try (PreparedStatement query =
                        owner.jdbc().prepareStatement("select pg_catalog.pg_current_wal_insert_lsn()::text");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    /// Removes it, here and, through the stream, there.
    public void remove(DbSession owner) throws SQLException {
        owner.change("delete from handover.fence where token = " + SqlNames.literal(token));
    }

    /// Removes the rows that have done their work, here and, through the stream, there.
    public static void sweep(DbSession owner) throws SQLException {
        owner.change("delete from handover.fence where at < clock_timestamp() - interval '1 minute'");
    }
}

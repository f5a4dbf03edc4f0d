package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Enables the subscriptions of a hold again, whatever has happened: on a new connection if the old one is
/// lost, and even when the thread is interrupted.
final class HoldRelease {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 500;

    private final Server follower;
    private final DbSession control;
    private final List<HeldStream> streams = new ArrayList<>();

    /// @param control tried first
    HoldRelease(Server follower, DbSession control) {
        this.follower = follower;
        this.control = control;
    }

    /// This one is about to be held.
    void add(HeldStream stream) {
        streams.add(stream);
    }

    /// This one was not held after all.
    void remove(HeldStream stream) {
        streams.remove(stream);
    }

    /// Enables all of them.
    ///
    /// @throws HoldFailed `STILL_HELD` if the follower does not let it happen for half a minute
    void run() throws HoldFailed {
        long end = System.nanoTime() + LIMIT.toNanos();
        boolean interrupted = false;
        try {
            boolean first = true;
            while (!streams.isEmpty()) {
                try {
                    if (first) {
                        release(control);
                    } else {
                        try (DbSession fresh = follower.open("verify release")) {
                            release(fresh);
                        }
                    }
                } catch (SQLException e) {
                    if (System.nanoTime() > end) {
                        throw new HoldFailed(
                                HoldFailed.Reason.STILL_HELD,
                                "the subscription " + streams.getFirst().subscription() + " is still disabled",
                                e);
                    }
                    interrupted |= pause();
                }
                first = false;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void release(DbSession session) throws SQLException {
        while (!streams.isEmpty()) {
            try {
                streams.getLast().release(session);
            } catch (SQLException e) {
                if (!SqlFailure.undefinedObject(e)) { // somebody has dropped it: nothing is held any more
                    throw e;
                }
            }
            streams.removeLast();
        }
    }

    /// @return true if interrupted; the wait is over then, the work is not
    private static boolean pause() {
        boolean interrupted = Thread.interrupted();
        try {
            new Gate().pause(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            return true;
        } catch (StoppedException e) {
            throw new AssertionError("nobody else has this gate", e);
        }
        return interrupted;
    }
}

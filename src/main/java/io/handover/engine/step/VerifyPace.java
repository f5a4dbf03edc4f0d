package io.handover.engine.step;

import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.pg.ReadPace;
import io.handover.pg.SnapshotSession;
import java.sql.SQLException;

/// The pace of one pair of sessions: all pairs of a comparison together keep to the plan's limit.
///
/// @param with     its plan's limit may change at any time
/// @param pace     of all pairs
/// @param rest     of all pairs
/// @param owner    one session
/// @param follower the other
record VerifyPace(StepContext with, Pace pace, Rest rest, SnapshotSession owner, SnapshotSession follower)
        implements ReadPace {

    private static final long SMALLEST = 1_000_000;
    private static final long LOOK_EVERY_MILLIS = 200;

    /// What one second allows, so that it goes on evenly.
    @Override
    public long piece() {
        long limit = with.plan().readLimit().bytes();
        return limit == 0 ? LARGEST : Math.clamp(limit, SMALLEST, LARGEST);
    }

    @Override
    public void read(long bytes) throws SQLException, InterruptedException {
        pace.done(bytes);
        try {
            while (true) {
                if (owner.mustLeave() || follower.mustLeave() || with.gate().isStopped()) {
                    throw new SQLException("the table had to be left", "57014");
                }
                long due = pace.dueMillis();
                if (due == 0 && !rest.isDue()) {
                    return;
                }
                with.gate().pause(rest.isDue() ? LOOK_EVERY_MILLIS : Math.min(due, LOOK_EVERY_MILLIS));
            }
        } catch (StoppedException e) {
            throw new SQLException("stopped", "57014", e);
        }
    }
}

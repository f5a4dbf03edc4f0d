package io.handover.engine.step;

import io.handover.flow.Pace;
import io.handover.flow.PieceSize;
import io.handover.flow.StoppedException;
import io.handover.pg.ReadPace;
import io.handover.pg.SnapshotSession;
import io.handover.pg.TablePair;
import java.sql.SQLException;
import java.time.Duration;

/// The pace of one pair of sessions: pieces of about two seconds, and all pairs of a comparison
/// together keep to the plan's limit. One thread.
final class VerifyPace implements ReadPace {

    private static final long SMALLEST = 1_000_000;
    private static final long FIRST = 64_000_000;
    private static final Duration AIM = Duration.ofSeconds(2);
    private static final long LOOK_EVERY_MILLIS = 200;

    private final StepContext with;
    private final VerifyBoard board;
    private final Pace pace;
    private final Rest rest;
    private final SnapshotSession owner;
    private final SnapshotSession follower;
    private final PieceSize size = new PieceSize(FIRST, 4 * SMALLEST, LARGEST, AIM, System::nanoTime);

    /// @param with     its plan's limit may change at any time
    /// @param board    is told how far it is
    /// @param pace     of all pairs
    /// @param rest     of all pairs
    /// @param owner    one session
    /// @param follower the other
    VerifyPace(
            StepContext with,
            VerifyBoard board,
            Pace pace,
            Rest rest,
            SnapshotSession owner,
            SnapshotSession follower) {
        this.with = with;
        this.board = board;
        this.pace = pace;
        this.rest = rest;
        this.owner = owner;
        this.follower = follower;
    }

    /// No more than a second's worth of a limit, so that it goes on evenly.
    @Override
    public long piece() {
        long limit = with.plan().readLimit().bytes();
        long fitting = size.next();
        return limit == 0 ? fitting : Math.min(fitting, Math.max(limit, SMALLEST));
    }

    @Override
    public void read(TablePair pair, long bytes) throws SQLException, InterruptedException {
        size.done(bytes);
        board.read(pair, bytes);
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

package io.handover.engine.cutover;

import io.handover.pg.ApplyStop;
import io.handover.pg.Durability;
import io.handover.pg.Fence;
import io.handover.pg.LockKeeper;
import io.handover.pg.Sessions;
import java.sql.SQLException;
import java.time.Duration;

/// What is asked and tried before the pause, so that the pause does nothing for the first time. Nobody is ended by it.
final class PauseTrial {

    private static final Duration AT_MOST = Duration.ofSeconds(1);

    private final Attempt attempt;
    private final Freeze freeze;
    private final ForwardStream stream;
    private final OldSessions old;
    private final Writers writers;

    PauseTrial(Attempt attempt, Freeze freeze, ForwardStream stream, OldSessions old, Writers writers) {
        this.attempt = attempt;
        this.freeze = freeze;
        this.stream = stream;
        this.old = old;
        this.writers = writers;
    }

    /// Asks what the pause will ask, so that neither server nor this program does anything for the first time while
    /// writers wait.
    void questions() throws Setback, InterruptedException {
        attempt.act("Questions of the pause tried", "looking at sessions", attempt.from, () -> {
            long began = System.nanoTime();
            ask();
            var _ = WarmUp.again(began, this::ask);
            Sessions.rehearseEnd(attempt.lines.control(), attempt.lines.locks().pid());
            attempt.switchBy(attempt.parts
                    .hooks()
                    .ready(attempt.with.plan().hooks().switchOver(), HookRuns.environment(attempt, attempt.to)));
            return "";
        });
    }

    private void ask() throws SQLException, Setback, InterruptedException {
        var owner = attempt.lines.owner();
        old.rehearse();
        var _ = Sessions.prepared(owner.jdbc());
        var _ = writers.writing();
        var _ = freeze.areStillThose();
        var _ = Fence.position(owner);
        var _ = LockKeeper.works(owner, attempt.lines.locks());
        var _ = stream.sound();
        var _ = ApplyStop.ended(attempt.lines.follower(), attempt.reverse(), AT_MOST);
        Durability.flush(attempt.lines.follower());
    }

    /// The same of what the pause does to the marks. Not by role: there it is the roles' settings that change.
    void marks() throws Setback, InterruptedException {
        if (attempt.roles().isEmpty()) {
            attempt.act("Moves of the mark tried", "trying the mark", attempt.from, () -> {
                long began = System.nanoTime();
                tryMarks();
                var _ = WarmUp.again(began, this::tryMarks);
                return "taken back at once";
            });
        }
    }

    private void tryMarks() throws SQLException {
        attempt.mark().rehearse(attempt.lines.opener(), freeze.futureGuard());
    }
}

package io.handover.engine.step;

import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.SeenBefore;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.StreamSeen;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.pg.AlteredTables;
import io.handover.pg.ApplyHold;
import io.handover.pg.DbSession;
import io.handover.pg.SqlFailure;
import io.handover.pg.StreamChanges;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Compares both sides row by row, exactly, while writes and the stream go on.
///
/// Works in rounds. In each the follower's apply is held for some hundred milliseconds to get two snapshots and the
/// keys that were changed in between; then both snapshots are compared at leisure. Every key that was not changed in
/// between has to be equal. Those that were, and what was truncated or rewritten meanwhile, are looked at again in up
/// to five short rounds, as long as each settles at least half of what was left; what is still being written then is
/// `unsettled()`, for the write pause. A round is not cheap for a busy server: after each hold it decodes once more
/// what it keeps of its log for the slot, the writes of fifteen seconds and more, before the stream goes on.
///
/// Where a server does not let the apply be held or the slot be read, the same is done behind fences, see
/// `FencedRound`; the report says so.
public final class VerifyStep implements Step {

    private static final int ROUNDS = 6;

    private final Side owner;
    private final boolean onlyChanged;
    private volatile Unsettled unsettled = Unsettled.nothing();
    private volatile Optional<Instant> startedAt = Optional.empty();

    /// @param owner the side that is taken for the truth: the one that is followed
    public VerifyStep(Side owner) {
        this(owner, false);
    }

    /// @param onlyChanged whether tables that were proved equal before, also by a comparison that was broken
    ///                    off, are only looked at for changes since, see `pg.TableMark`
    public VerifyStep(Side owner, boolean onlyChanged) {
        this.owner = owner;
        this.onlyChanged = onlyChanged;
    }

    /// What the last run could not settle; nothing before the first.
    public Unsettled unsettled() {
        return unsettled;
    }

    /// True if `report` is what the last run ended with, so that `unsettled()` is what it left open.
    public boolean isOf(VerifyReport report) {
        return report.owner() == owner && startedAt.equals(Optional.of(report.startedAt()));
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        if (owner == Side.SOURCE) {
            with.enter(Stage.VERIFYING);
        }
        var board = new VerifyBoard(
                owner, with.clock(), true, Operators.here(with.plan()), onlyChanged ? with.proofs() : Map.of());
        StepOutcome outcome;
        try {
            rounds(with, board);
            outcome = new StepOutcome.Done();
        } catch (StoppedException _) {
            board.breakOff("The comparison was stopped.");
            outcome = new StepOutcome.Stopped();
        } catch (VerifyFailed e) {
            board.breakOff("The comparison failed.");
            outcome = new StepOutcome.Failed(e.problem());
        } catch (SQLException e) {
            board.breakOff("The comparison failed.");
            outcome = new StepOutcome.Failed(Problems.of(e, owner, "both sides were being compared"));
        }
        unsettled = board.unsettled();
        VerifyReport report = board.report(true);
        startedAt = Optional.of(report.startedAt()); // after what it left open, before anybody sees it
        if (outcome instanceof StepOutcome.Done || !report.tables().isEmpty()) {
            // One that failed before it knew a single table would look as if none differed.
            with.show(report);
        }
        if (owner == Side.SOURCE) {
            with.enter(Stage.STREAMING);
        }
        return outcome;
    }

    private void rounds(StepContext with, VerifyBoard board)
            throws SQLException, VerifyFailed, InterruptedException, StoppedException {
        SeenBefore seen = before(with);
        board.seen(seen);
        var stream = new VerifyStream(with, owner);
        boolean worthIt = true;
        boolean fenced = false;
        for (int round = 1; round <= ROUNDS && worthIt; round++) {
            stream.awaitClose();
            long before = round == 1 ? Long.MAX_VALUE : board.left();
            if (!fenced) {
                try {
                    new HeldRound(with, owner, board, stream).run(round == 1);
                } catch (HeldRound.Refused e) {
                    with.note("The comparison goes on without holding the stream: " + e.getMessage());
                    board.refused(String.valueOf(e.getMessage()));
                    fenced = true;
                }
            }
            if (fenced) {
                new FencedRound(with, owner, board, stream).run(round == 1);
            }
            long left = board.left();
            worthIt = left > 0 && (left <= before / 2 || board.isSuspicious());
        }
        board.seen(after(with, seen));
        board.end();
    }

    private SeenBefore before(StepContext with) throws SQLException {
        StreamSeen stream;
        try (DbSession here = with.server(owner).open("verify stream");
                var there = with.server(owner.other()).monitor()) {
            stream = StreamChanges.before(here, there, name(with));
        }
        try (var source = with.server(Side.SOURCE).monitor();
                var target = with.server(Side.TARGET).monitor()) {
            return AlteredTables.seen(source, target, stream);
        }
    }

    /// A comparison is not given up for it: the gate is only less sure without it.
    private SeenBefore after(StepContext with, SeenBefore seen) {
        try (var follower = with.server(owner.other()).monitor()) {
            return seen.with(StreamChanges.after(seen.stream().orElseThrow(), follower, name(with)));
        } catch (SQLException e) {
            with.note("How the subscription stood after the comparison could not be read: " + SqlFailure.state(e));
            return seen;
        }
    }

    private String name(StepContext with) {
        return with.plan().id().publication(owner);
    }

    /// Lets apply go on where an earlier run, killed in the middle of a hold, has left it disabled. For the start of
    /// the app; harmless when there is nothing to do.
    ///
    /// @return the subscriptions that were enabled
    public static List<String> recover(StepContext with, Side owner) throws SQLException {
        try (DbSession follower = with.server(owner.other()).open("verify release")) {
            return ApplyHold.recover(follower, with.plan().id().subscription(owner));
        }
    }

    /// Compares all of both sides while nobody writes on either: no hold, one round, nothing unsettled.
    public static VerifyReport frozen(StepContext with, Side owner)
            throws SQLException, InterruptedException, StoppedException {
        return FrozenComparison.all(with, owner);
    }

    /// Compares what a run left unsettled, while nobody writes on either side.
    ///
    /// @param owner    a session without a transaction, opened before the write pause to save its time
    /// @param follower the same on the other side
    /// @return one verdict for each table of `unsettled`, about these rows only
    public static List<TableVerdict> settle(
            DbSession owner, DbSession follower, Unsettled unsettled, NamedThreads threads)
            throws SQLException, InterruptedException {
        return FrozenComparison.rest(owner, follower, unsettled, threads);
    }
}

package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.pg.ApplyHold;
import io.handover.pg.DbSession;
import io.handover.pg.HoldFailed;
import io.handover.pg.RowRepair;
import io.handover.pg.SnapshotSession;
import io.handover.pg.StreamedTables;
import io.handover.pg.TableDigest;
import io.handover.pg.TablePair;
import io.handover.pg.TableShapes;
import io.handover.pg.WindowKeys;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Makes named rows of the follower the owner's again, while writes go on.
///
/// Inside one hold of the follower's apply, because only then the owner's row is known to be the one the follower
/// should
/// have (see `RowRepair`): the hold yields the owner's snapshot and the keys that changed since what was applied; these
/// are left out, the stream is about to change them (a change of a row that is missing there is skipped, so that one
/// has to be
/// repaired once more). An app that is killed meanwhile leaves a transaction that never
/// happened and a stream that its next start lets go on.
///
/// One race is left to the comparison that follows: a commit on the owner can be sent, and applied on the follower, a
/// moment
/// before the owner shows it to others (longer where it waits for a synchronous standby). If just such a row is
/// repaired, the follower gets the row before that commit; the comparison then names it again.
public final class RepairStep implements Step {

    private static final int MOST_CHANGES = 2_000_000;

    private final Side owner;
    private final TableRef table;
    private final List<String> keys;

    /// @param owner the side whose rows are taken for the truth
    /// @param keys  as `RowDifference.id`
    public RepairStep(Side owner, TableRef table, List<String> keys) {
        this.owner = owner;
        this.table = table;
        this.keys = List.copyOf(keys);
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        if (owner == Side.SOURCE) {
            with.enter(Stage.VERIFYING); // a later run knows by it that the stream may be held
        }
        StepOutcome outcome;
        try {
            repair(with);
            outcome = new StepOutcome.Done();
        } catch (StoppedException _) {
            outcome = new StepOutcome.Stopped();
        } catch (VerifyFailed e) {
            outcome = new StepOutcome.Failed(e.problem());
        } catch (HoldFailed e) {
            outcome = new StepOutcome.Failed(
                    VerifyFailed.of(e, owner.other(), with.plan().id().subscription(owner))
                            .problem());
        } catch (SQLException e) {
            outcome = new StepOutcome.Failed(
                    Problems.of(e, owner.other(), "rows of " + table.display() + " were being repaired"));
        }
        if (owner == Side.SOURCE) {
            with.enter(Stage.STREAMING);
        }
        return outcome;
    }

    private void repair(StepContext with)
            throws SQLException, VerifyFailed, HoldFailed, InterruptedException, StoppedException {
        String subscription = with.plan().id().subscription(owner);
        new VerifyStream(with, owner).awaitClose();
        try (DbSession ownerSession = with.server(owner).open("repair");
                DbSession followerSession = with.server(owner.other()).open("repair snapshot");
                DbSession writer = with.server(owner.other()).open("repair")) {
            var dialect = TableDigest.Dialect.of(ownerSession.jdbc(), followerSession.jdbc());
            SnapshotSession here = SnapshotSession.prepare(ownerSession, dialect);
            SnapshotSession there = SnapshotSession.prepare(followerSession, dialect);
            SnapshotSession prepared = SnapshotSession.prepare(writer, dialect);
            TablePair pair = pair(with, here, prepared, subscription).orElseThrow(this::gone);
            var window = new WindowKeys(List.of(pair), MOST_CHANGES);
            new ApplyHold(with.server(owner), with.server(owner.other()), subscription)
                    .take(here, there, window, with.gate(), () -> write(with, pair, here, writer, window, dialect));
        }
    }

    private void write(
            StepContext with,
            TablePair pair,
            SnapshotSession here,
            DbSession writer,
            WindowKeys window,
            TableDigest.Dialect dialect)
            throws SQLException {
        // by its own shape: as a pair with itself, a table with partitions would be read through these
        boolean altered = Optional.ofNullable(TableShapes.read(here.jdbc()).get(table))
                .filter(now -> now.columns().size() == pair.columns().size())
                .isEmpty();
        if (altered || window.whole(table)) {
            with.note(table.display() + " was changed as a whole meanwhile: nothing was repaired.");
            return;
        }
        List<String> still =
                keys.stream().filter(key -> !window.contains(table, key)).toList();
        int statements = new RowRepair(pair, dialect).run(here.jdbc(), writer, still);
        with.note("Repaired " + still.size() + " rows of " + table.display() + " by " + statements + " statements."
                + (still.size() < keys.size()
                        ? " " + (keys.size() - still.size()) + " were being changed and were left out."
                        : ""));
    }

    private Optional<TablePair> pair(StepContext with, SnapshotSession here, SnapshotSession there, String subscription)
            throws SQLException {
        var streamed = StreamedTables.read(there.jdbc(), subscription);
        return VerifyScope.read(here.jdbc(), there.jdbc(), with.plan(), Optional.of(streamed)).pairs().stream()
                .filter(pair -> pair.table().equals(table))
                .findFirst();
    }

    private VerifyFailed gone() {
        return new VerifyFailed(new Problem(
                "repair-table",
                table.display() + " cannot be repaired: the stream does not carry it now.",
                "Nothing was changed.",
                "Compare again and see what is said about the table.",
                ""));
    }
}

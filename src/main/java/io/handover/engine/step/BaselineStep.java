package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.CopyCatalog;
import io.handover.pg.CopyFailure;
import io.handover.pg.CopyPiece;
import io.handover.pg.CopyTable;
import io.handover.pg.DbSession;
import io.handover.pg.HandoverSchema;
import io.handover.pg.LargeObjects;
import io.handover.pg.SequenceSync;
import io.handover.pg.SlotMaker;
import io.handover.pg.SnapshotKeeper;
import io.handover.pg.TablePipe;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/// Publication, slot, and the copy of exactly the snapshot that fits them: afterwards the slot streams every
/// change
/// that the copy lacks, and none that it has.
///
/// The target's tables are there, without indexes, foreign keys and triggers. If it does not reach its end
/// it takes
/// slot and publication away again; run again it starts anew and empties each table before it copies it.
public final class BaselineStep implements Step {

    private final Side owner;
    private final Duration slotTry;
    private final long rangeBytes;

    /// From the source to the target.
    public BaselineStep() {
        this(SlotMaker.TRY, CopyPiece.RANGE);
    }

    /// @param slotTry    how long one try to make the slot may wait for others' transactions
    /// @param rangeBytes from which size on a table is copied by several workers
    BaselineStep(Duration slotTry, long rangeBytes) {
        this.owner = Side.SOURCE;
        this.slotTry = slotTry;
        this.rangeBytes = rangeBytes;
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        return new Run(with).run();
    }

    /// One run, with what it does at the moment for the words of a failure.
    private final class Run {
        private final StepContext with;
        private final Publishing publishing;
        private Side side = owner;
        private String doing = "";

        Run(StepContext with) {
            this.with = with;
            this.publishing = new Publishing(with, owner);
        }

        StepOutcome run() throws InterruptedException {
            try {
                baseline();
                return new StepOutcome.Done();
            } catch (StoppedException _) {
                undo();
                return new StepOutcome.Stopped();
            } catch (StepFailed e) {
                undo();
                return new StepOutcome.Failed(e.problem());
            } catch (CopyFailure e) {
                undo();
                return new StepOutcome.Failed(
                        Problems.of(e, e.side(), "copying " + e.table().display()));
            } catch (SQLException e) {
                undo();
                return new StepOutcome.Failed(Problems.of(e, side, doing));
            } catch (RuntimeException e) {
                undo();
                throw e;
            }
        }

        private void baseline() throws SQLException, InterruptedException, StoppedException, StepFailed {
            now(owner.other(), "preparing the schema handover");
            // open until the end: if the target restarts meanwhile, the last statement on it fails, as it
            // must
            try (DbSession target = with.server(owner.other()).open("baseline")) {
                HandoverSchema.create(target, with.plan().id());
                now(owner, "publishing the tables");
                List<TableInfo> tables = publishing.publish();
                now(owner, "creating the slot");
                try (SnapshotKeeper keeper = publishing.slot(slotTry)) {
                    with.enter(Stage.COPYING);
                    now(owner, "reading the tables' columns");
                    copyTables(keeper, target, tables);
                    now(owner, "copying the large objects");
                    copyLargeObjects(keeper, target);
                }
                now(owner.other(), "setting the sequences");
                setSequences(target);
                now(owner.other(), "making the copy durable");
                TablePipe.makeDurable(target);
            }
        }

        private void copyTables(SnapshotKeeper keeper, DbSession target, List<TableInfo> tables)
                throws SQLException, InterruptedException, StoppedException, StepFailed {
            List<CopyTable> found;
            try (DbSession source = keeper.session("catalogue")) {
                found = CopyCatalog.tables(source.jdbc(), tables, target.major());
            }
            var gone = new TreeSet<TableRef>();
            tables.forEach(info -> gone.add(info.table()));
            found.forEach(table -> gone.remove(table.table()));
            if (!gone.isEmpty()) {
                throw new StepFailed(dropped(gone.first()));
            }
            now(owner, "copying the tables");
            new TableCopy(with, owner, keeper, found, rangeBytes).run();
        }

        private void copyLargeObjects(SnapshotKeeper keeper, DbSession target)
                throws SQLException, InterruptedException, StoppedException {
            with.progress(-1, "");
            try (DbSession source = keeper.session("large objects")) {
                LargeObjects.Result result = LargeObjects.copy(source, target, with.gate());
                if (result.total() > 0) {
                    with.note(result.total() + " large objects are on the target");
                }
            }
        }

        /// For the looks of it only: they are set again when writes have stopped.
        private void setSequences(DbSession target) throws SQLException {
            try (DbSession source = with.server(owner).open("sequences")) {
                var result = SequenceSync.run(source.jdbc(), target, with.plan().scope());
                if (!result.missing().isEmpty()) {
                    with.note("Sequences that are missing on the target: " + result.missing());
                }
            }
        }

        private void undo() throws InterruptedException {
            try {
                publishing.undo();
            } catch (SQLException e) {
                with.note("The slot or the publication of the baseline could not be removed: "
                        + Problems.of(e, owner, "removing them").details());
            }
        }

        private void now(Side newSide, String what) {
            side = newSide;
            doing = what;
        }
    }

    private static Problem dropped(TableRef table) {
        return new Problem(
                "table-dropped",
                table.display() + " was dropped or renamed while the baseline began.",
                "Nothing was copied.",
                "Leave the schema as it is until the migration is done, then retry.",
                table.display());
    }
}

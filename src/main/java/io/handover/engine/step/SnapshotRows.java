package io.handover.engine.step;

import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.model.Lsn;
import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.pg.LargeObjects;
import io.handover.pg.SnapshotKeeper;
import java.sql.SQLException;
import java.time.Duration;

/// Rows read from the owner itself, by workers that share its snapshot.
record SnapshotRows(StepContext with, Side owner, SnapshotKeeper keeper) implements RowSource {

    /// What a transaction costs, on both servers and to and fro, is most of the work of a small table.
    private static final int TOGETHER = 100;

    @Override
    public Lsn start() {
        return keeper.start();
    }

    @Override
    public Duration age() {
        return keeper.age();
    }

    @Override
    public boolean isAlive() {
        return keeper.isAlive();
    }

    @Override
    public String words() {
        return "Copying tables";
    }

    @Override
    public PieceCopier copier(Pace pace, int number) {
        return new CopyWorker(with, owner, keeper, pace, number);
    }

    @Override
    public int batch() {
        return TOGETHER;
    }

    @Override
    public TableFigures figures(TableWork work) {
        return work;
    }

    @Override
    public void copyLargeObjects(DbSession target) throws SQLException, InterruptedException, StoppedException {
        with.progress(-1, "");
        try (DbSession source = keeper.session("large objects")) {
            LargeObjects.Result result = LargeObjects.copy(source, target, with.gate());
            if (result.total() > 0) {
                with.note(result.total() + " large objects are on the target");
            }
        }
    }

    /// The snapshot is its keeper's.
    @Override
    public void close() {}
}

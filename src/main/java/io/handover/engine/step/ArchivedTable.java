package io.handover.engine.step;

import io.handover.model.TableProgress;
import io.handover.model.TableProgress.Phase;
import io.handover.pg.CopyTable;
import org.jspecify.annotations.Nullable;

/// How far a table is that goes through an archive: written into it the first half, brought to the
/// target the second. Any thread.
final class ArchivedTable implements TableFigures {

    private final CopyTable table;
    private volatile long read;
    private volatile boolean reading;
    private volatile boolean archived;
    private volatile @Nullable TableWork work;

    ArchivedTable(CopyTable table) {
        this.table = table;
    }

    CopyTable table() {
        return table;
    }

    /// `pg_dump` has read so much of it; 0 if the source does not say.
    void reads(long bytes) {
        reading = true;
        read = Math.max(read, bytes);
    }

    /// `pg_dump` is not at it any more.
    void rests() {
        archived |= reading;
        reading = false;
    }

    /// The archive is whole.
    void archived() {
        reading = false;
        archived = true;
    }

    /// It is being brought to the target.
    ArchivedTable through(TableWork newWork) {
        work = newWork;
        return this;
    }

    @Override
    public TableProgress progress() {
        TableWork now = work;
        return now != null
                ? now.progress()
                : new TableProgress(
                        table.table(), reading ? Phase.COPYING : Phase.WAITING, table.bytes(), table.rows(), 0, 0);
    }

    /// On its way into the archive and out of it.
    @Override
    public long bytesSeen() {
        TableWork now = work;
        return now == null ? read : read + now.bytesSeen();
    }

    @Override
    public long bytesDone() {
        TableWork now = work;
        long in = archived ? table.bytes() : Math.min(read, table.bytes());
        return in / 2 + (now == null ? 0 : now.bytesDone() - now.bytesDone() / 2);
    }
}

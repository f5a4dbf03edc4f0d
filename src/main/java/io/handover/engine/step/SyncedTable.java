package io.handover.engine.step;

import io.handover.model.TableInfo;
import io.handover.model.TableProgress;
import io.handover.model.TableProgress.Phase;
import io.handover.pg.TableSync;

/// How far a table is that the servers bring by themselves. One thread.
final class SyncedTable implements TableFigures {

    private final TableInfo info;
    private Phase phase = Phase.WAITING;
    private boolean ready;
    private long rows;
    private long bytes;
    /// Rows it has for sure once it is ready; -1 if nobody counted them.
    private long counted = -1;

    /// Nothing of it is there.
    ///
    /// @param info as the source has it
    SyncedTable(TableInfo info) {
        this.info = info;
    }

    /// It is copied already.
    ///
    /// @param copiedRows -1 if not known any more
    void kept(long copiedRows) {
        ready = true;
        phase = Phase.DONE;
        counted = copiedRows;
    }

    /// Takes a look at it in.
    ///
    /// @return true if it has become ready since the last look
    boolean now(TableSync.State state) {
        rows = Math.max(rows, state.rows());
        bytes = Math.max(bytes, state.bytes());
        boolean fresh = state.ready() && !ready;
        ready = state.ready();
        phase = switch (state.state()) {
            case "i" -> Phase.WAITING;
            case "d" -> state.worker().isPresent() ? Phase.COPYING : Phase.WAITING;
            case "r" -> Phase.DONE;
            default -> Phase.COPYING; // copied, and catching up with the others
        };
        return fresh;
    }

    boolean isReady() {
        return ready;
    }

    /// The servers do not say how much a finished copy came to, and a look between two others has seen only a part.
    @Override
    public TableProgress progress() {
        return ready
                ? new TableProgress(info.table(), phase, info.bytes(), info.rows(), counted, -1)
                : new TableProgress(info.table(), phase, info.bytes(), info.rows(), rows, bytes);
    }

    @Override
    public long rowsSeen() {
        return Math.max(rows, counted);
    }

    @Override
    public long bytesSeen() {
        return bytes;
    }

    /// Of the size with indexes, which the target's table has not got yet.
    @Override
    public long bytesDone() {
        return ready ? info.bytes() : Math.min(info.bytes(), bytes);
    }
}

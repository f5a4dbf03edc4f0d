package io.handover.engine.step;

import io.handover.pg.CopyPiece;

/// A piece that is to be copied, and the table it is of.
record CopyJob(TableWork work, CopyPiece piece) {

    /// False while somebody has told the table to wait.
    boolean mayBegin() {
        return !work.isHeld();
    }
}

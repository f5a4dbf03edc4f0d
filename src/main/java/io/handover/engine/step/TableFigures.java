package io.handover.engine.step;

import io.handover.model.TableProgress;

/// How far one table of the baseline is, whoever copies it. Any thread.
interface TableFigures {

    /// What the screen shows of it.
    TableProgress progress();

    /// Rows that were seen to arrive: what is known at the least.
    default long rowsSeen() {
        return progress().copiedRows();
    }

    /// Bytes that were seen to arrive.
    default long bytesSeen() {
        return progress().copiedBytes();
    }

    /// How much of `progress().bytes()` is done, an estimate.
    long bytesDone();
}

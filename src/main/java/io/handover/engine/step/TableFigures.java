package io.handover.engine.step;

import io.handover.model.TableProgress;

/// How far one table of the baseline is, whoever copies it. Any thread.
interface TableFigures {

    /// What the screen shows of it.
    TableProgress progress();

    /// How much of `progress().bytes()` is done, an estimate.
    long bytesDone();
}

package io.handover.engine.step;

import io.handover.flow.StoppedException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/// Copies pieces one after the other. One thread, but for `abort` and `pids`.
interface PieceCopier extends AutoCloseable {

    /// Copies pieces, in this order; small ones perhaps together.
    ///
    /// @param finished told each table of which the last piece is on the target
    void copy(List<CopyJob> jobs, Consumer<TableWork> finished)
            throws SQLException, InterruptedException, StoppedException, StepFailed;

    /// Ends what runs; any thread. Whoever works here gets an exception.
    void abort();

    /// Its backends on the owner; any thread.
    List<Integer> pids();

    @Override
    void close() throws SQLException;
}

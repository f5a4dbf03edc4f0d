package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.pg.CopyPiece;
import java.sql.SQLException;
import java.util.List;

/// Copies pieces one after the other. One thread, but for `abort` and `pids`.
interface PieceCopier extends AutoCloseable {

    /// Told what comes next, in this order, before the first of it is copied.
    default void expect(List<CopyPiece> next) throws InterruptedException {}

    /// Copies `piece`.
    ///
    /// @return true if it was the table's last
    boolean copy(TableWork work, CopyPiece piece)
            throws SQLException, InterruptedException, StoppedException, StepFailed;

    /// Ends what runs; any thread. Whoever works here gets an exception.
    void abort();

    /// Its backends on the owner; any thread.
    List<Integer> pids();

    @Override
    void close() throws SQLException;
}

package io.handover.engine.step;

import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.model.Lsn;
import io.handover.pg.DbSession;
import java.sql.SQLException;
import java.time.Duration;

/// Where the rows of a baseline come from, all of them out of one snapshot of the owner.
interface RowSource extends AutoCloseable {

    /// Where the slot begins that the snapshot belongs to.
    Lsn start();

    /// How long the owner has held vacuum back for it; zero once it does not any more.
    Duration age();

    /// True while there is something to copy from; may ask the server.
    boolean isAlive();

    /// What is done with the rows, for people: `Copying tables`.
    String words();

    /// Somebody to copy pieces.
    ///
    /// @param number tells workers apart
    PieceCopier copier(Pace pace, int number);

    /// How many small pieces a worker had better take at once.
    default int batch() {
        return 1;
    }

    /// How far `work` is, with what has been done before the workers began.
    TableFigures figures(TableWork work);

    /// Brings the large objects, unless they are there already.
    void copyLargeObjects(DbSession target) throws SQLException, InterruptedException, StoppedException;

    @Override
    void close() throws SQLException;
}

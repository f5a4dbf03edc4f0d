package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.pg.CopySessions;
import io.handover.pg.DbSession;
import io.handover.pg.Server;
import io.handover.pg.TablePipe;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The session over which a worker writes to the target: opened when it is first needed, and anew once it was
/// lost. Any thread may abort it.
final class WriterSession implements AutoCloseable {

    private final Server target;
    private final String purpose;
    private @Nullable DbSession open;
    private boolean aborted;

    /// @param purpose by which it is found on the server
    WriterSession(Server target, String purpose) {
        this.target = target;
        this.purpose = purpose;
    }

    /// A session that was lost may still be there on the server, with its transaction: it is ended, so that the next
    /// try learns at once how that went.
    ///
    /// @throws StoppedException once it was aborted
    synchronized DbSession get() throws SQLException, StoppedException {
        if (aborted) {
            throw new StoppedException();
        }
        if (open == null || open.jdbc().isClosed()) {
            DbSession lost = open;
            open = target.open(purpose);
            TablePipe.prepareTarget(open);
            if (lost != null) {
                CopySessions.end(open, Optional.of(lost.pid()));
            }
        }
        return open;
    }

    synchronized boolean isAborted() {
        return aborted;
    }

    /// Breaks off what runs over it; there is no other after it.
    synchronized void abort() {
        aborted = true;
        try {
            if (open != null) {
                open.abort();
            }
        } catch (SQLException _) {
            // closed already, which is what was wanted
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        if (open != null) {
            open.close();
        }
    }
}

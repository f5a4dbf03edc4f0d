package io.handover.engine.step;

import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.pg.ArchivePipe;
import io.handover.pg.ArchiveReader;
import io.handover.pg.ArchiveRows;
import io.handover.pg.CopyFailure;
import io.handover.pg.CopyLedger;
import io.handover.pg.CopyMeter;
import io.handover.pg.CopyPiece;
import io.handover.pg.CopySessions;
import io.handover.pg.DbSession;
import io.handover.pg.PgDumpFailure;
import io.handover.pg.Server;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Brings tables from an archive to the target over a session of its own.
final class ArchiveWorker implements PieceCopier {

    /// A lost connection costs a table, not the copy: the ledger tells whether it is there.
    private static final int TRIES = 3;

    private final StepContext with;
    private final Server target;
    private final ArchiveReader archive;
    private final Map<Long, Integer> entries;
    private final CopyLedger ledger;
    private final ArchivePipe pipe;
    private final WriterSession to;
    private @Nullable ArchiveRows rows;

    /// What is still to come of what was said to come next.
    private List<CopyPiece> ahead = List.of();

    /// @param entries OID on the source → number in the archive
    ArchiveWorker(
            StepContext with,
            Side owner,
            ArchiveReader archive,
            Map<Long, Integer> entries,
            CopyLedger ledger,
            Pace pace,
            int number) {
        this.with = with;
        this.target = with.server(owner.other());
        this.archive = archive;
        this.entries = entries;
        this.ledger = ledger;
        this.pipe = new ArchivePipe(pace);
        this.to = new WriterSession(target, CopySessions.PURPOSE + number);
    }

    @Override
    public void copy(List<CopyJob> jobs, Consumer<TableWork> finished)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        end();
        ahead = jobs.stream().map(CopyJob::piece).toList();
        for (CopyJob job : jobs) {
            with.gate().pass(); // paused, none is begun
            if (copy(job.work(), job.piece())) {
                finished.accept(job.work());
            }
        }
    }

    private boolean copy(TableWork work, CopyPiece piece)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        for (int attempt = 1; ; attempt++) {
            CopyMeter meter = work.begin(piece);
            try {
                once(piece, meter);
                return work.done(piece, meter);
            } catch (CopyFailure e) {
                work.failed(meter);
                if (attempt == TRIES || to.isAborted() || !SqlFailure.connectionLost(e)) {
                    throw e;
                }
            } catch (PgDumpFailure e) {
                work.failed(meter);
                if (to.isAborted()) {
                    throw new StoppedException();
                }
                throw new StepFailed(ArchiveProblems.unreadable(e, piece.table().table()));
            } catch (SQLException | InterruptedException | StoppedException | RuntimeException e) {
                work.failed(meter);
                throw e;
            }
        }
    }

    private void once(CopyPiece piece, CopyMeter meter)
            throws SQLException, PgDumpFailure, InterruptedException, StoppedException {
        DbSession writer;
        try {
            writer = to.get();
        } catch (SQLException e) {
            throw new CopyFailure(target.side(), piece.table().table(), e);
        }
        boolean good = false;
        try {
            good = pipe.copy(at(piece), writer, piece, ledger, with.gate(), meter);
            ahead = ahead.stream().skip(1).toList();
        } finally {
            if (!good || ahead.isEmpty()) {
                end();
            }
        }
    }

    /// The archive's rows from `piece` on. One of which the archive names another table, as it does where
    /// `pg_dump` leaves it to the partitioned table which partition a row goes to, is read alone: there
    /// nothing can be mixed up.
    private ArchiveRows at(CopyPiece piece) throws PgDumpFailure, StoppedException, InterruptedException {
        ArchiveRows now = current();
        if (now == null) {
            now = begin(ahead);
        }
        if (!now.isAt(piece.table().table())) {
            end();
            now = begin(List.of(piece));
        }
        return now;
    }

    private synchronized @Nullable ArchiveRows current() {
        return rows;
    }

    private synchronized ArchiveRows begin(List<CopyPiece> pieces) throws PgDumpFailure, StoppedException {
        if (to.isAborted()) {
            throw new StoppedException();
        }
        var numbers = new ArrayList<Integer>();
        for (CopyPiece piece : pieces) {
            Integer entry = entries.get(piece.table().oid());
            if (entry == null) {
                throw new PgDumpFailure(
                        "The archive has no rows of " + piece.table().table().display() + ".");
            }
            numbers.add(entry);
        }
        ArchiveRows begun = archive.rows(numbers);
        rows = begun;
        return begun;
    }

    /// Ends the `pg_restore` that runs, if any.
    private void end() throws InterruptedException {
        ArchiveRows open;
        synchronized (this) {
            open = rows;
            rows = null;
        }
        if (open != null) {
            open.end();
        }
    }

    @Override
    public synchronized void abort() {
        to.abort(); // first: from now on none is begun
        if (rows != null) {
            rows.abort();
        }
    }

    /// The owner has no part in it any more.
    @Override
    public List<Integer> pids() {
        return List.of();
    }

    @Override
    public void close() throws SQLException {
        to.close();
    }
}

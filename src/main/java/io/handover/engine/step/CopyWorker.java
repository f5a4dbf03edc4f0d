package io.handover.engine.step;

import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.CopyFailure;
import io.handover.pg.CopyFormat;
import io.handover.pg.CopyLedger;
import io.handover.pg.CopyMeter;
import io.handover.pg.CopyPiece;
import io.handover.pg.CopySessions;
import io.handover.pg.DbSession;
import io.handover.pg.Server;
import io.handover.pg.SnapshotKeeper;
import io.handover.pg.SqlFailure;
import io.handover.pg.TablePipe;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Copies pieces over a pair of sessions of its own, from server to server through this program.
final class CopyWorker implements PieceCopier {

    /// A lost connection costs a piece, not the copy: the keeper still has the snapshot, and the ledger tells whether
    /// the piece is there.
    private static final int TRIES = 3;

    private final StepContext with;
    private final Server source;
    private final Server target;
    private final SnapshotKeeper keeper;
    private final CopyLedger ledger;
    private final String purpose;
    private final TablePipe pipe;
    private @Nullable DbSession from;
    private final WriterSession to;

    CopyWorker(StepContext with, Side owner, SnapshotKeeper keeper, Pace pace, int number) {
        this.with = with;
        this.source = with.server(owner);
        this.target = with.server(owner.other());
        this.keeper = keeper;
        this.pipe = new TablePipe(pace);
        this.ledger = new CopyLedger(keeper.start());
        this.purpose = CopySessions.PURPOSE + number;
        this.to = new WriterSession(target, purpose);
    }

    @Override
    public void copy(List<CopyJob> jobs, Consumer<TableWork> finished)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        if (jobs.size() > 1 && together(jobs, finished)) {
            return;
        }
        for (CopyJob job : jobs) {
            with.gate().pass(); // paused, none is begun
            if (alone(job.work(), job.piece())) {
                finished.accept(job.work());
            }
        }
    }

    /// All in one transaction.
    ///
    /// @return false if one of them failed: nothing of them is there, or it will be found to be there, and
    ///         each is to be tried alone
    private boolean together(List<CopyJob> jobs, Consumer<TableWork> finished)
            throws SQLException, InterruptedException, StoppedException {
        var meters = new LinkedHashMap<CopyPiece, CopyMeter>();
        jobs.forEach(job -> meters.put(job.piece(), job.work().begin(job.piece())));
        boolean there = false;
        try {
            once(meters);
            there = true;
        } catch (CopyFailure e) {
            if (to.isAborted()) {
                throw e;
            }
        } finally {
            if (!there) {
                jobs.forEach(job -> job.work().failed(Objects.requireNonNull(meters.get(job.piece()))));
            }
        }
        if (there) {
            for (CopyJob job : jobs) {
                if (job.work().done(job.piece(), Objects.requireNonNull(meters.get(job.piece())))) {
                    finished.accept(job.work());
                }
            }
        }
        return there;
    }

    private boolean alone(TableWork work, CopyPiece piece)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        CopyPiece now = piece;
        for (int attempt = 1; ; attempt++) {
            CopyMeter meter = work.begin(now);
            try {
                once(new LinkedHashMap<>(Map.of(now, meter)));
                return work.done(piece, meter);
            } catch (CopyFailure e) {
                work.failed(meter);
                if (SqlFailure.state(e).equals(TablePipe.REWRITTEN)) {
                    throw new StepFailed(rewritten(piece));
                }
                if (TablePipe.textMayHelp(now, e)) {
                    with.note(e.table().display() + " is copied as text: " + SqlFailure.state(e));
                    now = now.as(CopyFormat.TEXT);
                } else if (attempt == TRIES || to.isAborted() || !SqlFailure.connectionLost(e)) {
                    throw e;
                }
            } catch (SQLException | InterruptedException | StoppedException | RuntimeException e) {
                work.failed(meter);
                throw e;
            }
        }
    }

    private void once(SequencedMap<CopyPiece, CopyMeter> meters)
            throws SQLException, InterruptedException, StoppedException {
        Side side = source.side();
        DbSession reader;
        DbSession writer;
        try {
            reader = reader();
            side = target.side();
            writer = to.get();
            side = source.side();
            keeper.join(reader); // last: it begins a transaction, which a session can only do once
        } catch (SQLException e) {
            throw new CopyFailure(side, meters.firstEntry().getKey().table().table(), e);
        }
        pipe.copy(reader, writer, meters, ledger, with.gate());
    }

    @Override
    public synchronized void abort() {
        to.abort(); // first: from now on none is begun
        try {
            if (from != null) {
                from.abort();
            }
        } catch (SQLException _) {
            // closed already, which is what was wanted
        }
    }

    @Override
    public synchronized List<Integer> pids() {
        return from == null ? List.of() : List.of(from.pid());
    }

    @Override
    public synchronized void close() throws SQLException {
        if (from != null) {
            from.close();
        }
        to.close();
    }

    private synchronized DbSession reader() throws SQLException, StoppedException {
        if (to.isAborted()) {
            throw new StoppedException();
        }
        if (from == null || from.jdbc().isClosed()) {
            from = source.open(purpose);
            TablePipe.prepareSource(from);
        }
        return from;
    }

    private static Problem rewritten(CopyPiece piece) {
        String table = piece.table().table().display();
        return new Problem(
                "table-altered",
                table + " was altered or dropped while it was being copied.",
                "Nothing is lost on the source. The copy was given up, as it may have missed rows of this table.",
                "Leave the schema as it is until the migration is done, then retry.",
                table);
    }
}

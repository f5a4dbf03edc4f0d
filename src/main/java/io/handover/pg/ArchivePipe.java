package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.model.SqlRecord;
import io.handover.model.TableRef;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Writes the rows of a table out of an archive to the target. One for each worker.
public final class ArchivePipe {

    private final Pace pace;
    private final byte[] batch = new byte[256 * 1024];

    /// At the pace of all who share it, in bytes of the rows.
    public ArchivePipe(Pace pace) {
        this.pace = pace;
    }

    /// Empties the table unless it is, writes its rows and commits both together with the note in `ledger`. A table
    /// that is there already is left alone.
    ///
    /// If this throws, the connection is aborted.
    ///
    /// @param rows   before this table; behind it afterwards
    /// @param target autocommit on, prepared by `TablePipe.prepareTarget`
    /// @param gate   passed every 256 KB
    /// @return false if it was there already; then nothing was read
    /// @throws CopyFailure if the target fails
    /// @throws PgDumpFailure if the archive cannot be read to its end
    public boolean copy(
            ArchiveRows rows, DbSession target, CopyPiece piece, CopyLedger ledger, Gate gate, CopyMeter meter)
            throws CopyFailure, PgDumpFailure, InterruptedException, StoppedException {
        TableRef table = piece.table().table();
        try {
            target.jdbc().setAutoCommit(false);
            Map<CopyPiece, Long> heap = ledger.claim(target, List.of(piece));
            boolean claimed = !heap.isEmpty();
            if (claimed) {
                String statement = rows.next()
                        .orElseThrow(() -> new PgDumpFailure("The archive has no rows of " + table.display()));
                boolean emptied = piece.emptiesFirst(heap.getOrDefault(piece, 0L));
                if (emptied) {
                    target.change("truncate only " + SqlNames.quoted(table));
                }
                long count = pump(rows, target, in(table, statement, emptied), gate, meter);
                var _ = rows.peek(); // fails if this table could not be read to its end
                ledger.complete(target, Map.of(piece, count));
                target.jdbc().commit();
            } else {
                target.jdbc().rollback();
            }
            target.jdbc().setAutoCommit(true);
            return claimed;
        } catch (SQLException e) {
            abort(target, e);
            throw new CopyFailure(target.side(), table, e);
        } catch (PgDumpFailure | InterruptedException | StoppedException | RuntimeException e) {
            abort(target, e);
            throw e;
        }
    }

    private long pump(ArchiveRows rows, DbSession target, String statement, Gate gate, CopyMeter meter)
            throws SQLException, PgDumpFailure, InterruptedException, StoppedException {
        SqlRecord entry = target.began(statement);
        try {
            CopyIn in = target.jdbc().unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
            for (int read; (read = rows.read(batch)) > 0; ) {
                pace.await(gate);
                in.writeToCopy(batch, 0, read);
                meter.add(read, lines(read));
                pace.done(read);
            }
            gate.pass();
            long count = in.endCopy();
            meter.add(0, count - meter.rows());
            target.done(entry, SqlLog.rows(count));
            return count;
        } catch (SQLException e) {
            target.failed(entry, e);
            throw e;
        } catch (PgDumpFailure | InterruptedException | StoppedException e) {
            target.failed(entry, new SQLException("broken off", "57014"));
            throw e;
        }
    }

    /// A row is a line: so many are on their way.
    private long lines(int bytes) {
        long lines = 0;
        for (int i = 0; i < bytes; i++) {
            if (batch[i] == '\n') {
                lines++;
            }
        }
        return lines;
    }

    /// `pg_dump` names the columns. It may name the partitioned table in place of the partition, but the
    /// partition is what was emptied, and what the stream will write to.
    ///
    /// @param freeze whether the table was emptied in the same transaction
    static String in(TableRef table, String statement, boolean freeze) {
        int columns = SqlNames.afterQuoted(statement, "COPY ".length());
        return "copy " + SqlNames.quoted(table) + statement.substring(columns) + " from stdin"
                + (freeze ? " (freeze)" : "");
    }

    private static void abort(DbSession target, Exception why) {
        try {
            target.abort();
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }
}

package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.model.SqlRecord;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/// Pipes the rows of a table from one server to the other by COPY. One for each worker.
public final class TablePipe {

    private static final int BATCH = 256 * 1024;

    /// A type without a binary form, or with one that the other version does not read.
    private static final Set<String> NOT_BINARY = Set.of("0A000", "22P03", "22P04", "42804", "42883");

    /// What would change how a target reads text, had its administrator set it otherwise.
    private static final String TARGET_SETTINGS =
            "set synchronous_commit = off; set lc_monetary = 'C';" + " set xmloption = content; set array_nulls = on";

    /// SQLSTATE of a copy that was given up because the table was altered or dropped under it.
    public static final String REWRITTEN = "HV001";

    private final Pace pace;
    private final byte[] batch = new byte[BATCH];
    private boolean reading;

    /// As quickly as the servers can.
    TablePipe() {
        this(new Pace(() -> 0, System::nanoTime));
    }

    /// At the pace of all who share it, in bytes of the stream.
    public TablePipe(Pace pace) {
        this.pace = pace;
    }

    /// Prepares a session of the source for `copy`.
    public static void prepareSource(DbSession source) throws SQLException {
        run(source, "set lc_monetary = 'C'");
    }

    /// Prepares a session of the target for `copy`. A crash of the target may lose what it commits, so the
    /// copy as a whole must be made durable at its end.
    public static void prepareTarget(DbSession target) throws SQLException {
        run(target, TARGET_SETTINGS);
    }

    /// True if a table that failed so in binary form may be copied as text.
    public static boolean textMayHelp(CopyPiece piece, SQLException failure) {
        return piece.table().format() == CopyFormat.BINARY && NOT_BINARY.contains(SqlFailure.state(failure));
    }

    /// Copies pieces and commits them together on the target. A whole table that has anything in it is
    /// emptied first, in the same transaction, so that it holds either nothing new or everything; the notes
    /// in `ledger` are in it too. A piece that is there already is left alone.
    ///
    /// If this throws, nothing of them is on the target, unless it was lost while it committed, and both
    /// connections are aborted: a cancelled COPY out would cancel its connection's next statement too.
    ///
    /// @param source in a transaction with the snapshot, which it ends: nobody waits for its locks any longer than
    ///               these pieces take
    /// @param target autocommit on
    /// @param meters told bytes and rows of each piece; in the order of the copy
    /// @param ledger notes the pieces
    /// @param gate   passed every 256 KB
    /// @throws CopyFailure with `REWRITTEN` if a table was altered so that the snapshot may not see its rows any
    /// more
    public void copy(
            DbSession source, DbSession target, SequencedMap<CopyPiece, CopyMeter> meters, CopyLedger ledger, Gate gate)
            throws CopyFailure, InterruptedException, StoppedException {
        reading = false;
        CopyPiece first = meters.firstEntry().getKey();
        try {
            target.jdbc().setAutoCommit(false);
            Map<CopyPiece, Long> heap = ledger.claim(target, List.copyOf(meters.keySet()));
            List<CopyPiece> claimed =
                    meters.keySet().stream().filter(heap::containsKey).toList();
            List<CopyPiece> emptied = claimed.stream()
                    .filter(piece -> piece.emptiesFirst(heap.getOrDefault(piece, 0L)))
                    .toList();
            if (!emptied.isEmpty()) {
                target.change(truncate(emptied));
            }
            var rows = new HashMap<CopyPiece, Long>();
            for (CopyPiece piece : claimed) {
                String in = piece.in(emptied.contains(piece));
                CopyMeter meter = Objects.requireNonNull(meters.get(piece));
                try {
                    rows.put(piece, pump(source, target, piece, in, gate, meter));
                } catch (SQLException e) {
                    throw failure(piece, source, target, e);
                }
            }
            ledger.complete(target, rows);
            countOthers(target, meters, claimed, ledger);
            reading = true;
            leave(source);
            refuseRewritten(source, target, claimed); // before the commit: what is noted as copied must be right
            reading = false;
            target.jdbc().commit();
            target.jdbc().setAutoCommit(true);
        } catch (SQLException e) {
            abort(List.of(source, target), e);
            throw e instanceof CopyFailure failure ? failure : failure(first, source, target, e);
        } catch (InterruptedException | StoppedException | RuntimeException e) {
            abort(List.of(source, target), e);
            throw e;
        }
    }

    /// Of a try before this one, whose commit nobody answered, only the ledger knows the rows.
    private static void countOthers(
            DbSession target, Map<CopyPiece, CopyMeter> meters, List<CopyPiece> claimed, CopyLedger ledger)
            throws SQLException {
        if (claimed.size() == meters.size()) {
            return;
        }
        Map<TableRef, Map<Integer, Long>> there = ledger.pieces(target.jdbc());
        meters.forEach((piece, meter) -> {
            if (!claimed.contains(piece)) {
                meter.add(0, there.getOrDefault(piece.table().table(), Map.of()).getOrDefault(piece.number(), 0L));
            }
        });
    }

    private static void leave(DbSession source) throws SQLException {
        source.jdbc().commit();
        source.jdbc().setAutoCommit(true);
    }

    private CopyFailure failure(CopyPiece piece, DbSession source, DbSession target, SQLException why) {
        return new CopyFailure(
                reading ? source.side() : target.side(), piece.table().table(), why);
    }

    private void refuseRewritten(DbSession source, DbSession target, List<CopyPiece> pieces) throws SQLException {
        List<Long> oids = pieces.stream().map(piece -> piece.table().oid()).toList();
        Map<Long, HeapMark> now = oids.isEmpty() ? Map.of() : HeapMark.now(source.jdbc(), oids);
        for (CopyPiece piece : pieces) {
            HeapMark mark = now.get(piece.table().oid());
            if (mark == null || piece.table().mark().rewrittenBy(mark)) {
                throw failure(
                        piece,
                        source,
                        target,
                        new SQLException("the table was altered or dropped while it was being copied", REWRITTEN));
            }
        }
    }

    /// Copies one piece inside the caller's transactions; both connections are useless if it throws.
    void append(DbSession source, DbSession target, CopyPiece piece, Gate gate, CopyMeter meter)
            throws SQLException, InterruptedException, StoppedException {
        pump(source, target, piece, piece.in(false), gate, meter);
    }

    private long pump(DbSession source, DbSession target, CopyPiece piece, String in, Gate gate, CopyMeter meter)
            throws SQLException, InterruptedException, StoppedException {
        SqlRecord entry = target.began(in);
        try {
            reading = true;
            CopyOut out = api(source).copyOut(piece.out());
            reading = false;
            long rows = pipe(out, api(target).copyIn(in), gate, meter);
            target.done(entry, SqlLog.rows(rows));
            return rows;
        } catch (SQLException e) {
            target.failed(entry, e);
            throw e;
        } catch (InterruptedException | StoppedException e) {
            target.failed(entry, new SQLException("stopped", "57014"));
            throw e;
        }
    }

    private long pipe(CopyOut out, CopyIn in, Gate gate, CopyMeter meter)
            throws SQLException, InterruptedException, StoppedException {
        int filled = 0;
        long pending = 0;
        long counted = 0;
        for (byte[] row; (row = read(out)) != null; pending++) {
            if (filled + row.length > BATCH) {
                pace.await(gate);
                in.writeToCopy(batch, 0, filled);
                sent(meter, filled, pending);
                counted += pending;
                pending = 0;
                filled = 0;
            }
            if (row.length > BATCH) {
                in.writeToCopy(row, 0, row.length);
                sent(meter, row.length, 0);
            } else {
                System.arraycopy(row, 0, batch, filled, row.length);
                filled += row.length;
            }
        }
        gate.pass();
        in.writeToCopy(batch, 0, filled);
        long rows = in.endCopy();
        // one message a row, but for what the format itself adds: the target knows exactly
        sent(meter, filled, rows - counted);
        return rows;
    }

    private void sent(CopyMeter meter, long bytes, long rows) {
        meter.add(bytes, rows);
        pace.done(bytes);
    }

    private byte @Nullable [] read(CopyOut out) throws SQLException {
        reading = true;
        byte[] row = out.readFromCopy();
        reading = false;
        return row;
    }

    private static String truncate(List<CopyPiece> pieces) {
        return pieces.stream()
                .map(piece -> SqlNames.quoted(piece.table().table()))
                .collect(Collectors.joining(", only ", "truncate only ", ""));
    }

    private static CopyManager api(DbSession session) throws SQLException {
        return session.jdbc().unwrap(PGConnection.class).getCopyAPI();
    }

    private static void abort(List<DbSession> sessions, Exception why) {
        for (DbSession session : sessions) {
            try {
                session.abort();
            } catch (SQLException e) {
                why.addSuppressed(e);
            }
        }
    }

    private static void run(DbSession session, String sql) throws SQLException {
        Connection connection = session.jdbc();
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

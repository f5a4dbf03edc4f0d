package io.handover.engine.step;

import io.handover.model.TableProgress;
import io.handover.model.TableProgress.Phase;
import io.handover.pg.CopyMeter;
import io.handover.pg.CopyPiece;
import io.handover.pg.CopyTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// How far the copy of one table is. Any thread.
final class TableWork implements TableFigures {

    private final CopyTable table;
    private final List<CopyPiece> pieces;
    private final HeldTables held;
    private final boolean untouched;
    private final AtomicInteger left;
    private final LongAdder heapDone = new LongAdder();
    private final LongAdder rowsDone = new LongAdder();
    private final LongAdder wireDone = new LongAdder();
    private final List<Running> running = new CopyOnWriteArrayList<>();
    private volatile Phase phase = Phase.WAITING;

    /// A piece on its way.
    private record Running(CopyPiece piece, CopyMeter meter) {}

    /// @param there pieces that are on the target already: number → rows
    /// @param held  asked again and again
    TableWork(CopyTable table, long rangeBytes, Map<Integer, Long> there, HeldTables held) {
        this.table = table;
        this.held = held;
        List<CopyPiece> all = CopyPiece.of(table, rangeBytes);
        this.pieces =
                all.stream().filter(piece -> !there.containsKey(piece.number())).toList();
        this.untouched = pieces.size() == all.size();
        this.left = new AtomicInteger(pieces.size());
        there.values().forEach(rowsDone::add);
        all.stream().filter(piece -> there.containsKey(piece.number())).forEach(piece -> heapDone.add(piece.bytes()));
        if (pieces.isEmpty()) {
            phase = Phase.DONE;
        }
    }

    CopyTable table() {
        return table;
    }

    /// True if nothing of it was on the target at the beginning.
    boolean untouched() {
        return untouched;
    }

    /// Pieces that are to be copied.
    List<CopyPiece> pieces() {
        return pieces;
    }

    /// A worker takes one of the pieces.
    ///
    /// @return its counter
    CopyMeter begin(CopyPiece piece) {
        phase = Phase.COPYING;
        var meter = new CopyMeter();
        running.add(new Running(piece, meter));
        return meter;
    }

    /// It came to nothing: nothing of it counts.
    void failed(CopyMeter meter) {
        running.removeIf(r -> r.meter() == meter);
        phase = Phase.FAILED;
    }

    /// It is committed on the target.
    ///
    /// @return true if it was the table's last
    boolean done(CopyPiece piece, CopyMeter meter) {
        running.removeIf(r -> r.meter() == meter);
        heapDone.add(piece.bytes());
        rowsDone.add(meter.rows());
        wireDone.add(meter.bytes());
        boolean last = left.decrementAndGet() == 0;
        if (last) {
            phase = Phase.DONE;
        }
        return last;
    }

    /// Rows committed on the target.
    long rows() {
        return rowsDone.sum();
    }

    /// Bytes of the pieces that are committed, over the wire.
    long wireBytes() {
        return wireDone.sum();
    }

    /// Heap bytes done, an estimate: rows take about as much room on the wire as in the heap.
    @Override
    public long bytesDone() {
        if (phase == Phase.DONE) {
            return table.bytes();
        }
        long done = heapDone.sum();
        for (Running r : running) {
            done += Math.min(r.piece().bytes(), r.meter().bytes());
        }
        return Math.min(done, table.bytes());
    }

    /// Whether somebody has told it to wait.
    boolean isHeld() {
        return held.holds(table.table());
    }

    @Override
    public TableProgress progress() {
        long rows = rowsDone.sum();
        long wire = wireDone.sum();
        for (Running r : running) {
            rows += r.meter().rows();
            wire += r.meter().bytes();
        }
        boolean waits = isHeld() && running.isEmpty() && phase != Phase.DONE && phase != Phase.FAILED;
        return new TableProgress(table.table(), waits ? Phase.HELD : phase, table.bytes(), table.rows(), rows, wire);
    }
}

package io.handover.engine.step;

import io.handover.model.CopyProgress;
import io.handover.model.Eta;
import io.handover.model.Side;
import io.handover.model.TableProgress;
import io.handover.model.TableProgress.Phase;
import io.handover.model.TableRef;
import io.handover.pg.Blockers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the screen shows while indexes and the like are built. Any thread.
final class IndexProgress {

    private final StepContext with;
    private final CopyProgress copied;
    private final int total;
    private final Map<TableRef, Integer> open = new HashMap<>();
    private String phase = "";
    private int done;
    private int also;

    /// Begins with `done` of `total` built in an earlier run.
    IndexProgress(StepContext with, int done, int total) {
        this.with = with;
        this.copied = with.shown();
        this.done = done;
        this.total = total;
    }

    /// Counts `number` more pieces of work, which are no indexes or the like.
    synchronized void also(int number) {
        also = number;
    }

    /// Says that something of `table` is still to be built.
    synchronized void expect(TableRef table) {
        open.merge(table, 1, Integer::sum);
    }

    /// Says that something of each of `tables` is built.
    synchronized void built(Iterable<TableRef> tables) {
        done++;
        tables.forEach(table -> open.computeIfPresent(table, (_, left) -> left > 1 ? left - 1 : null));
    }

    /// Says what happens now.
    void phase(String words) {
        synchronized (this) {
            phase = words;
        }
        show("");
    }

    /// Shows it, with whoever keeps one of the backends `pids` waiting.
    void tick(List<Integer> pids) {
        show(blockers(pids));
    }

    private void show(String waitsFor) {
        CopyProgress now;
        double fraction;
        synchronized (this) {
            now = new CopyProgress(
                    with.clock().instant(),
                    phase,
                    copied.tables().stream().map(this::table).toList(),
                    copied.bytesDone(),
                    copied.bytesTotal(),
                    copied.rowsCopied(),
                    0,
                    new Eta.Done(),
                    Math.min(done, total),
                    total,
                    copied.snapshotAge(),
                    copied.walKept());
            fraction = total + also == 0 ? 1 : Math.min(1, (double) done / (total + also));
        }
        with.show(now);
        with.progress(fraction, waitsFor);
    }

    private TableProgress table(TableProgress table) {
        Phase now = open.containsKey(table.table()) ? Phase.INDEXING : Phase.DONE;
        return new TableProgress(
                table.table(), now, table.bytes(), table.rows(), table.copiedRows(), table.copiedBytes());
    }

    private String blockers(List<Integer> pids) {
        try (Connection monitor = with.server(Side.TARGET).monitor()) {
            return Blockers.of(monitor, pids);
        } catch (SQLException e) {
            return ""; // only a look aside: if the target is gone the work itself says so
        }
    }
}

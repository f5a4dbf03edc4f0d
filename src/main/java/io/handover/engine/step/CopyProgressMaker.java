package io.handover.engine.step;

import io.handover.model.CopyProgress;
import io.handover.model.Eta;
import io.handover.model.TableProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// Makes the pictures of a copy that screens show, from its counters: rates over the last seconds, and how
/// long it
/// will still take. One thread.
final class CopyProgressMaker {

    private static final Duration WINDOW = Duration.ofSeconds(20);

    /// Before this much is done and this long has passed, a rate says nothing about the rest.
    private static final double ETA_FROM = 0.01;

    private static final Duration ETA_AFTER = Duration.ofSeconds(2);

    private final List<? extends TableFigures> tables;
    private final long total;
    private final Deque<Point> points = new ArrayDeque<>();

    private record Point(long nanos, long done, long wire) {}

    CopyProgressMaker(Collection<? extends TableFigures> tables) {
        this.tables = tables.stream()
                .sorted(Comparator.comparing(figures -> figures.progress().table()))
                .toList();
        this.total =
                tables.stream().mapToLong(figures -> figures.progress().bytes()).sum();
    }

    /// @param nanos of `System.nanoTime()`
    CopyProgress make(Instant at, long nanos, String phase, Duration snapshotAge, long walKept) {
        List<TableProgress> progress =
                tables.stream().<TableProgress>map(TableFigures::progress).toList();
        long done = tables.stream().mapToLong(TableFigures::bytesDone).sum();
        long wire = tables.stream().mapToLong(TableFigures::bytesSeen).sum();
        long rows = tables.stream().mapToLong(TableFigures::rowsSeen).sum();
        boolean finished = progress.stream().allMatch(t -> t.phase() == TableProgress.Phase.DONE);
        points.addLast(new Point(nanos, done, wire));
        while (nanos - points.getFirst().nanos() > WINDOW.toNanos()) {
            points.removeFirst();
        }
        Point first = points.getFirst();
        double seconds = (nanos - first.nanos()) / 1e9;
        return new CopyProgress(
                at,
                phase,
                progress,
                done,
                total,
                rows,
                seconds > 0 ? (wire - first.wire()) / seconds : -1,
                finished ? new Eta.Done() : eta(done, done - first.done(), seconds),
                0,
                0,
                snapshotAge,
                walKept);
    }

    private Eta eta(long done, long recently, double seconds) {
        if (done < total * ETA_FROM || recently <= 0 || seconds < ETA_AFTER.toSeconds()) {
            return new Eta.Measuring();
        }
        return new Eta.Ready(Duration.ofMillis(Math.round((total - done) * 1000.0 * seconds / recently)));
    }
}

package io.handover.demo;

import io.handover.demo.WorkloadReport.Move;
import io.handover.demo.WorkloadReport.Pause;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Counts what happens to the writers, and when. Thread-safe; one lock, so that the order of commits is one.
final class Tally {

    /// Shorter pauses are nothing but the rhythm of the writers; those of a throttled workload may be longer.
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int MOST_PAUSES = 10_000;

    private final LedgerBook book = new LedgerBook();
    private final InstantSource clock;
    private final long waitedOver;
    private final Map<String, Long> failures = new TreeMap<>();
    private final Map<String, Long> refused = new TreeMap<>();
    private final List<Pause> pauses = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();
    private long committed;
    private long waited;
    private long longest;
    private long missed;
    private long lastCommit;
    private @Nullable Address newest;
    private @Nullable Throwable brokenBy;

    Tally(InstantSource clock, Duration waitedOver) {
        this.clock = clock;
        this.waitedOver = waitedOver.toNanos();
    }

    LedgerBook book() {
        return book;
    }

    /// A commit was acknowledged just now.
    ///
    /// @param took nanoseconds since the transaction was begun for the first time
    synchronized void committed(int writer, int seq, Address where, long took) {
        long now = System.nanoTime();
        book.acknowledged(writer, seq);
        if (newest != null) {
            var gap = Duration.ofNanos(now - lastCommit);
            if (where.number() > newest.number()) {
                moves.add(new Move(newest.name(), where.name(), clock.instant(), gap));
            }
            if (gap.toNanos() >= SHORTEST_PAUSE && pauses.size() < MOST_PAUSES) {
                pauses.add(new Pause(clock.instant().minus(gap), gap));
            }
        }
        if (newest == null || where.number() > newest.number()) {
            newest = where;
        }
        lastCommit = now;
        committed++;
        longest = Math.max(longest, took);
        if (took > waitedOver) {
            waited++;
        }
    }

    /// An attempt failed and is certainly not committed.
    synchronized void failed(int writer, int seq, String sqlState) {
        book.refused(writer, seq);
        failures.merge(sqlState, 1L, Long::sum);
    }

    /// The connection was lost while the commit was under way; the attempt stays open in the book.
    synchronized void cutOff(String sqlState) {
        failures.merge(sqlState, 1L, Long::sum);
    }

    /// A login failed.
    synchronized void refused(String sqlState) {
        refused.merge(sqlState, 1L, Long::sum);
    }

    /// A row that the server had acknowledged could not be found again.
    synchronized void missed() {
        missed++;
    }

    /// A thread of the workload died.
    synchronized void brokenBy(Throwable failure) {
        if (brokenBy == null) {
            brokenBy = failure;
        }
    }

    synchronized WorkloadReport report() {
        return new WorkloadReport(
                committed,
                book.open(),
                failures,
                refused,
                waited,
                Duration.ofNanos(longest),
                pauses,
                moves,
                missed,
                Optional.ofNullable(brokenBy));
    }
}

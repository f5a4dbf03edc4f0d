package io.handover.engine.cutover;

import io.handover.engine.step.StepContext;
import io.handover.engine.step.StepContext.JournalBroken;
import io.handover.model.CutoverReport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Shows and journals a cutover on a thread of its own, in order: the pause must not wait for a screen or a
/// disk. Called by the step's thread.
final class Publisher implements AutoCloseable {

    /// Nobody sees more than a few pictures a second.
    private static final Duration SOON = Duration.ofMillis(150);

    private final StepContext with;
    private final Supplier<CutoverReport> report;
    private final ExecutorService thread;
    private final AtomicReference<@Nullable CutoverReport> newest = new AtomicReference<>();
    private volatile long quietUntil = System.nanoTime();

    Publisher(StepContext with, Supplier<CutoverReport> report) {
        this.with = with;
        this.report = report;
        this.thread = with.threads().single("cutover report");
    }

    /// Shows how it stands, a little later; of several that pile up the newest only. Each is a line in the journal, on
    /// disk, and a new picture of the page: were every act shown, the pause would be longer by watching it.
    void showSoon() {
        if (newest.getAndSet(report.get()) == null) {
            in(SOON).execute(this::showNewest);
        }
    }

    /// Shows nothing new for so long. A picture of the page costs as much of the computer as ten log-ins, and it may be
    /// the computer of a server or of the application.
    void hush(Duration time) {
        quietUntil = System.nanoTime() + time.toNanos();
    }

    /// Shows how it stands and returns when that is journalled, after everything before it.
    void showNow() {
        CutoverReport now = report.get();
        finish(later(() -> with.show(now)));
    }

    /// Does `work` with the journal after everything before it. What waits to be shown is older than that, and is
    /// not shown any more.
    Future<?> later(Runnable work) {
        newest.set(null);
        return thread.submit(work);
    }

    /// The same once it may be shown again.
    Future<?> whenLoud(Runnable work) {
        newest.set(null);
        var task = new FutureTask<>(work, true);
        in(Duration.ZERO).execute(task);
        return task;
    }

    /// Waits for it.
    ///
    /// @throws JournalBroken if the journal could not be written
    void finish(Future<?> work) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    work.get();
                    return;
                } catch (InterruptedException _) {
                    interrupted = true; // a line is on disk or not: that must be known before the step ends
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JournalBroken) {
                throw new JournalBroken(e.getCause());
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("a cutover could not be shown", e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Executor in(Duration atLeast) {
        long nanos = Math.max(atLeast.toNanos(), quietUntil - System.nanoTime());
        return CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, thread);
    }

    private void showNewest() {
        if (quietUntil - System.nanoTime() > 0) {
            in(Duration.ZERO).execute(this::showNewest);
            return;
        }
        CutoverReport shown = newest.getAndSet(null);
        if (shown != null) {
            with.show(shown);
        }
    }

    /// What was not shown yet is not shown any more.
    @Override
    public void close() {
        thread.shutdownNow();
    }
}

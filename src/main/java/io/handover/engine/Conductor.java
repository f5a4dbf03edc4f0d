package io.handover.engine;

import io.handover.engine.step.Problems;
import io.handover.engine.step.StepContext.JournalBroken;
import io.handover.flow.NamedThreads;
import io.handover.flow.Signal;
import io.handover.journal.Entry;
import io.handover.journal.Fold;
import io.handover.journal.Folded;
import io.handover.journal.Journal;
import io.handover.journal.JournalDamaged;
import io.handover.journal.Line;
import io.handover.model.MigrationState;
import io.handover.model.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The one thread that changes a migration's state and writes its journal. Others hand it their entries and
/// wait until they are on disk.
final class Conductor implements AutoCloseable {

    private final Journal journal;
    private final Consumer<Line> onLine;
    private final ExecutorService thread;
    private final Signal<MigrationState> state;
    private volatile Folded folded;
    private volatile boolean broken;
    private volatile @Nullable Thread onThread;

    /// Takes `journal` over.
    ///
    /// @param onLine told each line after it is on disk, on the conductor's thread; must be quick
    Conductor(Journal journal, NamedThreads threads, Consumer<Line> onLine) throws JournalDamaged {
        this.journal = journal;
        this.onLine = onLine;
        this.folded = Fold.of(journal.lines());
        this.state = new Signal<>(folded.state());
        this.thread = threads.single("conductor " + folded.state().plan().id());
    }

    Signal<MigrationState> state() {
        return state;
    }

    Folded folded() {
        return folded;
    }

    List<Line> lines() {
        return call(journal::lines);
    }

    /// Journals `entry` and publishes the new state; returns when the line is on disk.
    ///
    /// @throws JournalBroken if it could not be written, now or ever before
    void record(Entry entry) {
        call(() -> {
            if (broken) {
                throw new JournalBroken(new IOException("the journal broke before"));
            }
            Line line;
            try {
                line = journal.append(entry);
            } catch (IOException e) {
                broken = true;
                state.set(new MigrationStateChange(state.get()).problem(Problems.journal(e)));
                throw new JournalBroken(e);
            }
            folded = Fold.next(folded, line);
            publish(state.get().task());
            onLine.accept(line);
            return line;
        });
    }

    /// Shows what runs now; not journalled.
    void show(Optional<Task> task) {
        call(() -> {
            publish(task);
            return true;
        });
    }

    /// Runs `work` on the conductor's thread, so that nothing changes under it; at once if this is that
    /// thread.
    <T> T call(Callable<T> work) {
        if (Thread.currentThread() == onThread) {
            try {
                return work.call();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("the conductor failed", e);
            }
        }
        Future<T> future = thread.submit(() -> {
            onThread = Thread.currentThread();
            return work.call();
        });
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true; // the line must be known to be written or not, whoever is in a hurry
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JournalBroken journalBroken) {
                throw new JournalBroken(journalBroken);
            }
            throw new IllegalStateException("the conductor failed", e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void publish(Optional<Task> task) {
        state.set(folded.state().doing(task));
    }

    @Override
    public void close() {
        NamedThreads.close(thread, Duration.ofSeconds(10));
        try {
            journal.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

package io.handover.cli;

import io.handover.engine.Migration;
import io.handover.flow.Signal;
import io.handover.model.CopyProgress;
import io.handover.model.MigrationState;
import io.handover.model.Task;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Progress for people, on standard error: a line for each new task, and one every few seconds while rows are copied.
final class Progress implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(5);

    private final PrintStream err;
    private final Signal.Subscription onState;
    private final Signal.Subscription onCopy;
    private String title = "";
    private String waits = "";
    private Instant said = Instant.EPOCH;

    Progress(Migration migration, PrintStream err) {
        this.err = err;
        this.onState = migration.state().listen(this::state);
        this.onCopy = migration.copy().listen(this::copy);
    }

    private synchronized void state(MigrationState state) {
        Optional<Task> task = state.task();
        String now = task.map(Task::title).orElse("");
        if (!now.equals(title) && !now.isEmpty()) {
            err.println("· " + now);
        }
        title = now;
        String wait = task.map(Task::waitsFor).orElse("");
        if (!wait.equals(waits) && !wait.isEmpty()) {
            err.println("  waits for " + wait);
        }
        waits = wait;
    }

    private synchronized void copy(CopyProgress copy) {
        if (copy.tables().isEmpty() || Duration.between(said, copy.at()).compareTo(EVERY) < 0) {
            return;
        }
        said = copy.at();
        err.printf(
                "  %s: %.0f %%, %,d rows, %.1f MB/s, indexes %d of %d%n",
                copy.phase(),
                Math.max(0, copy.fraction()) * 100,
                copy.rowsCopied(),
                Math.max(0, copy.bytesPerSecond()) / 1e6,
                copy.indexesDone(),
                copy.indexesTotal());
    }

    @Override
    public void close() {
        onState.close();
        onCopy.close();
    }
}

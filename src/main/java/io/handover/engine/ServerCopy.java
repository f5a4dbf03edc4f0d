package io.handover.engine;

import io.handover.flow.NamedThreads;
import io.handover.journal.JournalJson;
import io.handover.journal.Line;
import io.handover.model.MigrationState;
import io.handover.model.SqlRecord;
import io.handover.model.Stage;
import io.handover.pg.MigrationCopy;
import io.handover.pg.Server;
import io.handover.pg.StatementCopy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies plan, stage, journal and statements to the target every second, for another workstation. The file
/// on this computer is the truth for this computer; the copy may trail it, and rests during a cutover, so
/// that no write of its own holds up the freeze or a slot.
final class ServerCopy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerCopy.class);

    private final Server target;
    private final Supplier<MigrationState> state;
    private final ScheduledExecutorService thread;
    private final TreeMap<Long, String> waiting = new TreeMap<>();
    private final List<StatementCopy.Row> statements = new ArrayList<>();
    private final String who;
    private final InstantSource clock;
    private boolean changed;
    private boolean failing;

    /// @param who as this computer signs what it writes
    ServerCopy(Server target, Supplier<MigrationState> state, String who, InstantSource clock, NamedThreads threads) {
        this.target = target;
        this.state = state;
        this.who = who;
        this.clock = clock;
        this.thread = threads.scheduler("server copy");
        var _ = thread.scheduleWithFixedDelay(this::flush, 1, 1, TimeUnit.SECONDS);
    }

    /// Takes a line that is on disk.
    synchronized void add(Line line) {
        waiting.put(line.number(), JournalJson.write(line));
        changed = true;
    }

    /// Takes a statement; one that still runs is left out.
    synchronized void add(SqlRecord statement) {
        if (statement.status() != SqlRecord.Status.RUNNING) {
            statements.add(
                    new StatementCopy.Row(statement.at().toString(), statement.number(), JournalJson.write(statement)));
            changed = true;
        }
    }

    private void flush() {
        MigrationState now = state.get();
        TreeMap<Long, String> lines;
        List<StatementCopy.Row> ran;
        Instant until;
        synchronized (this) {
            if (!changed || now.stage().isCutover() || now.stage() == Stage.FINISHED || retiring(now)) {
                return;
            }
            lines = new TreeMap<>(waiting);
            ran = List.copyOf(statements);
            until = clock.instant();
        }
        try (var connection = target.monitor()) {
            if (!MigrationCopy.hasPlace(connection)) {
                return;
            }
            MigrationCopy.write(
                    connection,
                    now.plan().id(),
                    JournalJson.write(now.plan()),
                    now.stage().name(),
                    now.owner().word(),
                    lines);
            if (StatementCopy.hasPlace(connection)) { // an older Handover made none
                StatementCopy.write(connection, now.plan().id(), who, ran, until);
            }
            synchronized (this) {
                waiting.keySet().removeAll(lines.keySet());
                statements.subList(0, ran.size()).clear();
                changed = !waiting.isEmpty() || !statements.isEmpty();
                failing = false;
            }
        } catch (SQLException e) {
            if (!failing) {
                LOG.warn("the target's copy of the journal trails: {} {}", e.getSQLState(), e.getMessage());
            }
            failing = true; // said once; the next round tries again
        } catch (RuntimeException e) {
            LOG.error("the target's copy of the journal failed", e);
        }
    }

    private static boolean retiring(MigrationState state) {
        return state.task()
                .map(task -> task.title())
                .filter(Chains.ENDING::contains)
                .isPresent();
    }

    /// Waits until the target has what was added so far, or has not answered for a while.
    void share() throws InterruptedException {
        try {
            thread.submit(this::flush).get(5, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            LOG.warn("the target's copy of the journal trails: no answer yet");
        } catch (ExecutionException e) {
            throw new IllegalStateException("flush catches all", e);
        }
    }

    @Override
    public void close() {
        thread.execute(this::flush);
        NamedThreads.close(thread, Duration.ofSeconds(5));
    }
}

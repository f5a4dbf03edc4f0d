package io.handover.engine;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.Signal;
import io.handover.flow.StoppedException;
import io.handover.model.CountsView;
import io.handover.model.Scope;
import io.handover.model.Side;
import io.handover.pg.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Counts the rows of all tables on both sides every few seconds while a stream runs, and rests four times
/// as long as it counted, so that it never takes more than a fifth of a core. Small tables are counted, of
/// large ones the planner's estimate is taken.
public final class CountSampler implements AutoCloseable {

    private static final Duration AT_LEAST = Duration.ofSeconds(3);
    private static final int REST = 4;

    private final CountRound round;
    private final Supplier<Optional<Side>> owner;
    private final InstantSource clock;
    private final NamedThreads threads;
    private final Gate gate = new Gate();
    private final Signal<CountsView> view;
    private @Nullable Thread thread;

    /// Makes a sampler; `start` begins.
    ///
    /// @param servers the two servers; a connection of its own to each is used
    /// @param owner   the side to follow; empty while there is no stream
    /// @param scope   which tables to count
    public CountSampler(
            Function<Side, Server> servers,
            Supplier<Optional<Side>> owner,
            Supplier<Scope> scope,
            InstantSource clock,
            NamedThreads threads) {
        this.round = new CountRound(servers, scope);
        this.owner = owner;
        this.clock = clock;
        this.threads = threads;
        this.view = new Signal<>(new CountsView(clock.instant(), List.of()));
    }

    /// Begins to count.
    public synchronized void start() {
        if (thread == null) {
            thread = threads.start("row counts", this::run);
        }
    }

    /// The newest counts.
    public Signal<CountsView> view() {
        return view;
    }

    /// Stops; what it counts just now is broken off.
    @Override
    public void close() {
        gate.stop();
        round.abort();
    }

    private void run() {
        try (round) {
            while (true) {
                long began = System.nanoTime();
                if (owner.get().isPresent()) {
                    // a side that cannot be read has no counts; the other one's are shown all the same
                    round.count().ifPresent(tables -> view.set(new CountsView(clock.instant(), tables)));
                }
                long took = (System.nanoTime() - began) / 1_000_000;
                gate.pause(Math.max(AT_LEAST.toMillis(), REST * took));
            }
        } catch (StoppedException _) {
            // the sampler was closed
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new IllegalStateException("the connections for counting cannot be closed", e);
        }
    }
}

package io.handover.engine;

import io.handover.engine.cutover.GateReader;
import io.handover.flow.NamedThreads;
import io.handover.flow.Signal;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.LagView;
import io.handover.model.MigrationState;
import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.VerifyReport;
import io.handover.pg.Server;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the conditions of the next cutover every few seconds while there is a stream, and at once when the cutover
/// itself asks. A server that does not answer closes its gates.
final class GateSampler implements GateReader, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GateSampler.class);

    private final Function<Side, Server> servers;
    private final Supplier<Plan> plan;
    private final Supplier<Optional<Side>> owner;
    private final Supplier<MigrationState> state;
    private final Supplier<LagView> lag;
    private final LastComparison last;
    private final Consumer<GatesView> onRead;
    private final InstantSource clock;
    private final ScheduledExecutorService thread;
    private final Signal<GatesView> view;
    private final PoolerGates poolers;
    private final Object publishing = new Object();
    private volatile Optional<SchemaGate> schema = Optional.empty();
    private boolean handingOver; // this and the next are read and changed while publishing
    private int handOvers;

    /// @param onRead told of every regular reading, on this sampler's thread, which holds no lock then
    GateSampler(
            Function<Side, Server> servers,
            Supplier<Plan> plan,
            Supplier<Optional<Side>> owner,
            Supplier<MigrationState> state,
            Supplier<LagView> lag,
            LastComparison last,
            Consumer<GatesView> onRead,
            PasswordLookup consoles,
            InstantSource clock,
            NamedThreads threads) {
        this.servers = servers;
        this.plan = plan;
        this.owner = owner;
        this.state = state;
        this.lag = lag;
        this.last = last;
        this.onRead = onRead;
        this.clock = clock;
        this.thread = threads.scheduler("gates " + plan.get().id());
        this.poolers = new PoolerGates(consoles);
        this.view = new Signal<>(none());
    }

    void start() {
        var _ = thread.schedule(this::sample, 1, TimeUnit.SECONDS);
    }

    Signal<GatesView> view() {
        return view;
    }

    @Override
    public GatesView read(Side side) {
        return read(side, true);
    }

    /// @param all whether what takes long is looked at too, however short ago it was
    private GatesView read(Side side, boolean all) {
        var at = clock.instant(); // as old as its oldest answer: a cutover may begin while it is read
        var gates = new ArrayList<GateReading>();
        var reading = new GateQuestions(plan.get(), side, lag.get(), at);
        gates.add(reading.keepsUp());
        Optional<VerifyReport> comparison = state.get().verification();
        gates.add(new ComparisonGates(side, comparison, last, at).proved());
        Side busy = side;
        try (var from = servers.apply(side).monitor()) {
            busy = side.other();
            try (var to = servers.apply(side.other()).monitor()) {
                busy = side;
                gates.add(schema(side, comparison, all));
                gates.addAll(reading.ofServers(from, to));
                gates.addAll(AlteredGate.read(plan.get(), side, comparison, from, to));
                gates.addAll(StreamGate.read(plan.get(), side, comparison, from, to));
            }
        } catch (SQLException e) {
            gates.add(Gates.closed(
                    "servers-answer",
                    "Both servers answer",
                    "the " + busy.word() + " did not: " + SqlFailure.state(e) + " " + e.getMessage(),
                    "See that it runs and can be reached from here.",
                    "What was not read is not known to hold."));
        }
        gates.addAll(poolers.read(plan.get(), side, servers.apply(side).log()));
        return overridden(new GatesView(at, gates, reading.predictedPause()), side);
    }

    /// What was seen last counts as long as no other comparison has ended.
    private GateReading schema(Side side, Optional<VerifyReport> comparison, boolean all) throws SQLException {
        Optional<SchemaGate> compared = SchemaGate.of(side, comparison);
        if (compared.isEmpty()) {
            return SchemaGate.unknown(side);
        }
        SchemaGate known = schema.filter(compared.get()::asLateAs).orElse(compared.get());
        SchemaGate now = all ? lookAgain(known, side) : known;
        schema = Optional.of(now);
        return now.reading();
    }

    /// Beside the readings, as it takes long where there are many tables.
    private void lookAtSchema(Side side) {
        Optional<SchemaGate> known = schema.filter(SchemaGate::due);
        if (known.isPresent()) {
            try {
                schema = Optional.of(lookAgain(known.get(), side));
            } catch (SQLException e) {
                LOG.info("the schemas could not be compared: {}", SqlFailure.state(e));
            }
        }
    }

    private SchemaGate lookAgain(SchemaGate known, Side side) throws SQLException {
        return known.now(plan.get(), servers.apply(side), servers.apply(side.other()));
    }

    /// Told of every state of the migration, quickly. Where data begin to be handed over, what was read before is
    /// forgotten, and so is what is being read just then: it says nothing of the way back, though it may look open.
    void enters(MigrationState now) {
        synchronized (publishing) {
            if (now.stage().isCutover() && !handingOver) {
                handOvers++;
                view.set(none());
            }
            handingOver = now.stage().isCutover();
        }
    }

    private GatesView none() {
        return new GatesView(clock.instant(), List.of(), Duration.ZERO);
    }

    /// Looks again which overrides hold for what was read last.
    void judgeAgain() {
        Optional<Side> side = owner.get();
        synchronized (publishing) {
            side.ifPresent(from -> view.set(overridden(view.get(), from)));
        }
    }

    private GatesView overridden(GatesView read, Side side) {
        return read.under(state.get().audit().inForce(side));
    }

    /// Takes at most a fifth of the time: with 10,000 tables one reading is no small question; and a fiftieth for the
    /// schemas. Nothing of it while the data are handed over: the servers have better things to do, and the
    /// cutover asks for itself.
    private void sample() {
        long began = System.nanoTime();
        long took = 0;
        try {
            int before = handOvers();
            Optional<Side> side = owner.get();
            if (state.get().stage().isCutover()) {
                LOG.debug("the gates are not read during a cutover");
            } else if (side.isPresent()) {
                GatesView read = read(side.get(), false);
                took = System.nanoTime() - began;
                if (publish(read, side.get(), before)) {
                    onRead.accept(read);
                    lookAtSchema(side.get());
                }
            } else if (!view.get().gates().isEmpty()) {
                view.set(none());
            }
        } catch (RuntimeException e) {
            LOG.error("reading the gates failed; they count as closed once the last reading is stale", e);
        }
        long rest = Math.max(TimeUnit.SECONDS.toNanos(2), took * 4);
        if (!thread.isShutdown()) {
            var _ = thread.schedule(this::sample, rest, TimeUnit.NANOSECONDS);
        }
    }

    private int handOvers() {
        synchronized (publishing) {
            return handOvers;
        }
    }

    /// False if a hand-over began since `before`.
    private boolean publish(GatesView read, Side side, int before) {
        synchronized (publishing) { // an override that was given while it was being read counts
            if (handOvers != before) {
                return false;
            }
            view.set(overridden(read, side));
            return true;
        }
    }

    @Override
    public void close() {
        NamedThreads.close(thread, Duration.ofSeconds(6));
    }
}

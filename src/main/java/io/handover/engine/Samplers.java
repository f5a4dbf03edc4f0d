package io.handover.engine;

import io.handover.engine.cutover.GateReader;
import io.handover.flow.History;
import io.handover.flow.NamedThreads;
import io.handover.flow.Signal;
import io.handover.model.CountsView;
import io.handover.model.GatesView;
import io.handover.model.LagSample;
import io.handover.model.LagView;
import io.handover.model.MigrationState;
import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.Side;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Everything that looks at the servers at regular times, each with connections of its own.
final class Samplers implements AutoCloseable {

    private final CountSampler counts;
    private final LagSampler lag;
    private final GateSampler gates;

    /// @param owner     the side that is followed; empty while there is no stream
    /// @param gatesRead told of every reading of the gates, on their thread
    Samplers(
            Servers servers,
            Supplier<Plan> plan,
            Supplier<Optional<Side>> owner,
            Supplier<MigrationState> state,
            LastComparison last,
            Consumer<GatesView> gatesRead,
            PasswordLookup consoles,
            InstantSource clock,
            NamedThreads threads) {
        // a round that began in a write pause would make it longer
        Supplier<Optional<Side>> counted = () -> state.get().stage().isCutover() ? Optional.empty() : owner.get();
        counts = new CountSampler(servers::of, counted, () -> plan.get().scope(), clock, threads);
        lag = new LagSampler(
                plan.get().id(), servers::of, owner, () -> counts.view().get(), clock, threads);
        gates = new GateSampler(
                servers::of, plan, owner, state, () -> lag.view().get(), last, gatesRead, consoles, clock, threads);
    }

    void start() {
        counts.start();
        lag.start();
        gates.start();
    }

    Signal<LagView> lag() {
        return lag.view();
    }

    History<LagSample> lagHistory() {
        return lag.history();
    }

    Signal<CountsView> counts() {
        return counts.view();
    }

    Signal<GatesView> gates() {
        return gates.view();
    }

    /// Told of every state of the migration.
    void enters(MigrationState now) {
        gates.enters(now);
    }

    /// Looks again which overrides hold for what the gates have read.
    void judgeAgain() {
        gates.judgeAgain();
    }

    /// Reads the gates at once, for the moment of the cutover itself.
    GateReader gateReader() {
        return gates;
    }

    @Override
    public void close() {
        gates.close();
        lag.close();
        counts.close();
    }
}

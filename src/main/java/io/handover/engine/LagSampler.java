package io.handover.engine;

import io.handover.flow.History;
import io.handover.flow.NamedThreads;
import io.handover.flow.Signal;
import io.handover.model.CountsView;
import io.handover.model.Eta;
import io.handover.model.LagSample;
import io.handover.model.LagView;
import io.handover.model.MigrationId;
import io.handover.model.Session;
import io.handover.model.Side;
import io.handover.model.SlotReading;
import io.handover.pg.Server;
import io.handover.pg.SlotCatalog;
import io.handover.pg.SqlFailure;
import io.handover.pg.Writers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks at the stream once a second and tells how far the follower is behind. A look that fails is a gap
/// and says so; it never reads as 0.
///
/// Owner and follower are asked on a thread each, so that one that does not answer does not hide the other.
public final class LagSampler implements AutoCloseable {

    /// A day at one sample a second.
    public static final int HISTORY = 86_400;

    private static final int WRITERS = 10;
    private static final int TIMEOUT_MILLIS = 5_000;

    private final MigrationId id;
    private final Function<Side, Server> servers;
    private final Supplier<Optional<Side>> owner;
    private final Supplier<CountsView> counts;
    private final InstantSource clock;
    private final ScheduledExecutorService ownerThread;
    private final ScheduledExecutorService followerThread;
    private final SlotCatalog slots = new SlotCatalog();
    private final LagSeries series = new LagSeries();
    private final Signal<LagView> view;
    private final History<LagSample> history = new History<>(HISTORY);

    private @Nullable Side followed;
    private @Nullable Instant unreachableSince;
    private volatile Follower follower = Follower.UNKNOWN;

    /// Makes a sampler; `start` begins.
    ///
    /// @param servers the two servers; their monitor connections are used
    /// @param owner   the side to follow; empty while there is no stream
    /// @param counts  the last row counts
    public LagSampler(
            MigrationId id,
            Function<Side, Server> servers,
            Supplier<Optional<Side>> owner,
            Supplier<CountsView> counts,
            InstantSource clock,
            NamedThreads threads) {
        this.id = id;
        this.servers = servers;
        this.owner = owner;
        this.counts = counts;
        this.clock = clock;
        this.ownerThread = threads.scheduler("lag " + id);
        this.followerThread = threads.scheduler("lag of the follower " + id);
        this.view = new Signal<>(LagView.none(clock.instant()));
    }

    /// Begins to sample, once a second.
    public void start() {
        var _ = ownerThread.scheduleWithFixedDelay(this::sample, 0, 1, TimeUnit.SECONDS);
        var _ = followerThread.scheduleWithFixedDelay(this::lookAtFollower, 0, 1, TimeUnit.SECONDS);
    }

    /// The newest look.
    public Signal<LagView> view() {
        return view;
    }

    /// All samples of a day.
    public History<LagSample> history() {
        return history;
    }

    /// Stops; a look under way is waited for, 6 s at most.
    @Override
    public void close() {
        ownerThread.shutdown();
        followerThread.shutdown();
        NamedThreads.close(ownerThread, Duration.ofSeconds(6));
        NamedThreads.close(followerThread, Duration.ofSeconds(6));
    }

    /// One look at the owner; never throws.
    void sample() {
        Optional<Side> side = owner.get();
        if (side.isEmpty()) {
            followed = null;
            return;
        }
        if (side.get() != followed) {
            followed = side.get();
            series.clear();
            unreachableSince = null;
            follower = Follower.UNKNOWN;
        }
        try (Connection connection = connection(side.get())) {
            SlotReading reading = slots.lag(connection, id.slot(side.get()));
            List<Session> writers = Writers.now(connection, WRITERS);
            unreachableSince = null;
            publish(side.get(), clock.instant(), reading, writers);
        } catch (SQLException e) {
            Instant now = clock.instant();
            Instant since = unreachableSince == null ? now : unreachableSince;
            unreachableSince = since;
            publish(side.get(), now, new SlotReading.Unreachable(since, reason(e)), List.of());
        }
    }

    private void publish(Side side, Instant now, SlotReading reading, List<Session> writers) {
        if (!(reading instanceof SlotReading.Live(var lag))) {
            history.add(LagSample.gap(now));
            view.set(new LagView(
                    now, side, reading, -1, -1, -1, new Eta.Measuring(), follower.errors, follower.problem, writers));
            return;
        }
        series.add(now, lag);
        double seconds = series.secondsBehind(now, lag);
        history.add(new LagSample(
                now, lag.bytesBehind(), seconds, counts.get().totalDifference().orElse(-1)));
        view.set(new LagView(
                now,
                side,
                reading,
                seconds,
                series.walPerSecond(),
                series.applyPerSecond(),
                series.caughtUpIn(lag, seconds),
                follower.errors,
                follower.problem,
                writers));
    }

    /// One look at the follower; never throws.
    void lookAtFollower() {
        Optional<Side> side = owner.get();
        if (side.isEmpty()) {
            return;
        }
        Side other = side.get().other();
        try (Connection connection = connection(other)) {
            var facts = slots.follower(connection, id.subscription(side.get()));
            follower = facts.map(Follower::of)
                    .orElse(new Follower(-1, "There is no subscription on the " + other.word() + "."));
        } catch (SQLException e) {
            follower = new Follower(-1, "The " + other.word() + " does not answer: " + reason(e));
        }
    }

    private Connection connection(Side side) throws SQLException {
        Connection connection = servers.apply(side).monitor();
        try {
            // A server that is silent altogether does not hear the driver's cancel request either.
            connection.setNetworkTimeout(Runnable::run, TIMEOUT_MILLIS + 500);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static String reason(SQLException e) {
        String state = SqlFailure.state(e);
        if (SqlFailure.notPermitted(e)) {
            return "it refuses the login or a right is missing (" + state + ")";
        }
        if (state.equals("57014")) {
            return "no answer within " + TIMEOUT_MILLIS / 1000 + " s";
        }
        return SqlFailure.connectionLost(e) || state.equals("?????")
                ? "no connection (" + state + ")"
                : "the reading failed (" + state + ")";
    }

    /// The follower's end, in words.
    ///
    /// @param errors  as in `LagView`
    /// @param problem as in `LagView`
    private record Follower(long errors, String problem) {

        static final Follower UNKNOWN = new Follower(-1, "The follower has not been read yet.");

        static Follower of(SlotCatalog.FollowerFacts facts) {
            return new Follower(facts.errors(), problem(facts));
        }

        private static String problem(SlotCatalog.FollowerFacts facts) {
            if (facts.held()) {
                return "Held for a moment while both sides are compared.";
            }
            if (!facts.enabled()) {
                return "The subscription is disabled.";
            }
            if (facts.worker().isEmpty()) {
                return "The apply worker is not running; the follower's server log says why.";
            }
            if (!facts.notReady().isEmpty()) {
                return facts.notReady().size() + " tables do not follow yet, first "
                        + facts.notReady().getFirst().display() + ".";
            }
            return "";
        }
    }
}

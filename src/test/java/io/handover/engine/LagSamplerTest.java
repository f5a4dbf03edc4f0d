package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.CountsView;
import io.handover.model.Eta;
import io.handover.model.LagView;
import io.handover.model.Lsn;
import io.handover.model.MigrationId;
import io.handover.model.Side;
import io.handover.model.SlotLag;
import io.handover.model.SlotReading;
import io.handover.model.TableCounts;
import io.handover.model.TableRef;
import io.handover.pg.Server;
import io.handover.pg.SqlLog;
import io.handover.testkit.Eventually;
import io.handover.testkit.ManualClock;
import io.handover.testkit.PgServer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LagSamplerTest {

    private static final MigrationId ID = new MigrationId("0000abcd");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final NamedThreads threads = new NamedThreads(e -> {
        throw new AssertionError(e);
    });
    private final ManualClock clock = new ManualClock();
    private Optional<Side> owner = Optional.of(Side.SOURCE);

    @ParameterizedTest
    @ValueSource(strings = {"13", "15", "18"})
    void writesThatNobodyAppliesCountAsLagAndADeadServerIsAGap(String major) throws Exception {
        try (var server = PgServer.dedicated(major);
                var source = server(Side.SOURCE, server)) {
            String slot = ID.slot(Side.SOURCE);
            try (var db = server.open("postgres");
                    var sql = db.createStatement();
                    var sampler = sampler(source, source)) {
                sampler.sample();
                assertEquals(new SlotReading.Missing(slot), sampler.view().get().reading());
                assertTrue(sampler.history().all().getLast().isGap());

                sql.execute("create table t (id int)");
                sql.execute("select pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
                sampler.sample();
                long before = live(sampler.view().get()).bytesBehind();

                sql.execute("set synchronous_commit = off"); // the write position trails then, the insert position not
                sql.execute("insert into t select generate_series(1, 20000)");
                clock.advance(Duration.ofSeconds(7));
                sampler.sample();

                var lag = live(sampler.view().get());
                assertTrue(lag.bytesBehind() - before > 1_000_000, "20,000 rows make over 1 MB: " + lag);
                assertFalse(lag.active());
                assertTrue(lag.retained() >= lag.bytesBehind());
                assertTrue(sampler.view().get().walPerSecond() > 100_000);
                assertEquals(0, sampler.view().get().applyPerSecond());
                var sample = sampler.history().all().getLast();
                assertEquals(lag.bytesBehind(), sample.bytesBehind());
                assertEquals(3, sample.rowDifference());

                var last = clock.advance(Duration.ofSeconds(1));
                server.crash();
                sampler.sample();
                clock.advance(Duration.ofSeconds(1));
                sampler.sample();

                var dead = assertInstanceOf(
                        SlotReading.Unreachable.class, sampler.view().get().reading());
                assertEquals(last, dead.since());
                for (var gap : sampler.history().since(sampler.history().added() - 2)) {
                    assertTrue(gap.isGap() && gap.secondsBehind() < 0 && gap.rowDifference() < 0, gap.toString());
                }
                assertEquals(-1, sampler.view().get().secondsBehind());
            }
        }
    }

    @Test
    void whoWritesIsNamedAndHandoverItselfIsNot() throws Exception {
        var server = PgServer.major("15");
        try (var source = server(Side.SOURCE, server, server.newDatabase());
                var sampler = sampler(source, source);
                var db = server.open(source.endpoint().profile().database());
                var sql = db.createStatement();
                var ours = source.open("copy 1")) {
            sql.execute("set application_name = 'the shop'; create table t (id int)");
            db.setAutoCommit(false);
            sql.execute("insert into t values (1)");
            ours.change("create table public.ours (id int)");

            sampler.sample();

            var writers = sampler.view().get().writers();
            assertEquals(
                    List.of("the shop"),
                    writers.stream().map(w -> w.application()).toList());
            assertTrue(writers.getFirst().writes());
            assertEquals("idle in transaction", writers.getFirst().state());
            db.rollback();
        }
    }

    @Test
    void withoutAStreamNothingIsSampledAndAnotherOwnerBeginsAnew() throws Exception {
        var server = PgServer.major("15");
        try (var source = server(Side.SOURCE, server, server.newDatabase());
                var target = server(Side.TARGET, server, server.newDatabase());
                var sampler = sampler(source, target)) {
            owner = Optional.empty();
            sampler.sample();
            assertEquals(0, sampler.history().added());

            owner = Optional.of(Side.TARGET);
            sampler.sample();
            assertEquals(Side.TARGET, sampler.view().get().owner());
            assertEquals(
                    new SlotReading.Missing(ID.slot(Side.TARGET)),
                    sampler.view().get().reading());
        }
    }

    @Test
    void onItsOwnThreadsItLooksEverySecond() throws Exception {
        var server = PgServer.major("15");
        try (var source = server(Side.SOURCE, server, server.newDatabase());
                var sampler = sampler(source, source)) {
            sampler.start();
            Eventually.await(LONG, "two samples", () -> sampler.history().added() >= 2);
            Eventually.await(
                    LONG,
                    "the follower was read",
                    () -> sampler.view().get().applyProblem().startsWith("There is no subscription"));
        }
    }

    @Test
    void secondsAreTheAgeOfTheNewestConfirmedPosition() {
        var series = new LagSeries();
        for (int second = 0; second <= 20; second++) {
            // 100 bytes a second written, 50 confirmed
            var lag = lag(1000 + 100L * second, 1000 + 50L * second);
            series.add(clock.instant(), lag);
            if (second == 20) {
                assertEquals(10, series.secondsBehind(clock.instant(), lag)); // 2,000 was the head at second 10
                assertEquals(100, series.walPerSecond());
                assertEquals(50, series.applyPerSecond());
                assertInstanceOf(Eta.Measuring.class, series.caughtUpIn(lag, 10)); // it falls back further
            }
            clock.advance(Duration.ofSeconds(1));
        }
        for (int second = 0; second < 11; second++) {
            clock.advance(Duration.ofSeconds(1));
            series.add(clock.instant(), lag(3000, 2000 + 50L * second));
        }
        var lag = lag(3000, 2500);
        assertEquals(new Eta.Ready(Duration.ofSeconds(10)), series.caughtUpIn(lag, 10));
        assertEquals(0, series.secondsBehind(clock.instant(), lag(3000, 3000)));
        assertInstanceOf(Eta.Done.class, series.caughtUpIn(lag(3000, 3000), 0));
    }

    @Test
    void beforeAnythingWasConfirmedTheAgeIsUnknownAndNotNought() {
        var series = new LagSeries();
        var lag = lag(1000, 500);
        series.add(clock.instant(), lag);

        assertEquals(-1, series.secondsBehind(clock.advance(Duration.ofSeconds(5)), lag));
        assertEquals(-1, series.walPerSecond());
        assertInstanceOf(Eta.Measuring.class, series.caughtUpIn(lag, -1));
    }

    private SlotLag lag(long head, long confirmed) {
        return new SlotLag("s", clock.instant(), new Lsn(confirmed), new Lsn(head), 0, OptionalLong.empty(), true);
    }

    private static SlotLag live(LagView view) {
        return assertInstanceOf(SlotReading.Live.class, view.reading()).lag();
    }

    private LagSampler sampler(Server source, Server target) {
        var counts = new CountsView(
                clock.instant(),
                List.of(
                        new TableCounts(new TableRef("a", "counted"), OptionalLong.of(5), OptionalLong.of(2), true),
                        new TableCounts(new TableRef("a", "guessed"), OptionalLong.of(9), OptionalLong.of(2), false)));
        return new LagSampler(
                ID, side -> side == Side.SOURCE ? source : target, () -> owner, () -> counts, clock, threads);
    }

    private static Server server(Side side, PgServer server) {
        return server(side, server, "postgres");
    }

    private static Server server(Side side, PgServer server, String database) {
        return new Server(side, server.endpoint(database), new SqlLog(Clock.systemUTC()));
    }
}

package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.flow.NamedThreads;
import io.handover.model.CutoverReport;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.PasswordLookup;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import io.handover.testkit.Pace;
import io.handover.testkit.PgBouncer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A real PgBouncer in front of both servers: its clients see a wait and no error.
class PoolerCutoverTest {

    private static final PasswordLookup KNOWN = _ -> PgBouncer.PASSWORD;
    private static final Set<Point> CONFIRMED = EnumSet.range(Point.CONFIRMED, Point.HOOK_AFTER);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void clientsOnlyWaitThereAndBackAndEachTransactionIsThereOnce() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var pooler = PgBouncer.start(folder, "transaction", endpoint(world, Side.SOURCE));
                var context = context(world, pooler, PgBouncer.ADMIN, DEADLINE);
                var shop = new Shop(pooler, world.threads, 4)) {
            shop.more();
            handOver(world, context, Side.SOURCE);
            assertFalse(pooler.paused());
            shop.more();
            handOver(world, context, Side.TARGET);
            shop.more();
            handOver(world, context, Side.SOURCE);
            shop.more();
            shop.end();

            assertEquals(List.of(), List.copyOf(shop.errors));
            assertEquals(shop.acknowledged(), world.ask(Side.TARGET, Shop.ALL));
            world.same();
            assertEquals(List.of(), notes(context, "ATTENTION"));
        }
    }

    @Test
    void aConsoleThatAnswersAgainAfterTwelveSecondsIsStillTold() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var pooler = PgBouncer.start(folder, "transaction", endpoint(world, Side.SOURCE));
                var context = context(world, pooler, PgBouncer.ADMIN, DEADLINE);
                var shop = new Shop(pooler, world.threads, 2)) {
            shop.more();
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                if (point == Point.FENCE_ARRIVED) {
                                    unanswering(pooler, world, Duration.ofSeconds(12));
                                    throw new IllegalStateException("something nobody thought of");
                                }
                            },
                            KNOWN));
            assertThrows(IllegalStateException.class, () -> step.run(context));

            assertFalse(pooler.paused());
            assertEquals(List.of(), notes(context, "ATTENTION"));
            shop.more();
            shop.end();
            assertEquals(shop.acknowledged(), world.ask(Side.SOURCE, Shop.ALL));
            world.same();
        }
    }

    /// The console is gone longer than one asks; the next start tells it.
    @Test
    void aResumeThatWasNotHeardInAnUndoIsSaidAgainAtTheNextStart() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var pooler = PgBouncer.start(folder, "transaction", endpoint(world, Side.SOURCE));
                var context = context(world, pooler, PgBouncer.ADMIN, DEADLINE);
                var shop = new Shop(pooler, world.threads, 2)) {
            shop.more();
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                if (point == Point.FENCE_ARRIVED) {
                                    unanswering(pooler, world, Duration.ofSeconds(40));
                                    throw new IllegalStateException("something nobody thought of");
                                }
                            },
                            KNOWN));
            assertThrows(IllegalStateException.class, () -> step.run(context));
            assertEquals(
                    1,
                    notes(context, "They wait until Handover is started again").size());
            assertTrue(context.open().contains("pgbouncer"), "the journal knows");
            Eventually.await(LONG, "it answers again, and they wait", () -> pooler.paused());

            var outcome = new ResumeStep(Side.SOURCE, world.parts(Points.NOBODY, KNOWN), false).run(context);

            assertInstanceOf(StepOutcome.Done.class, outcome);
            assertFalse(pooler.paused());
            assertFalse(context.open().contains("pgbouncer"), "it is not said a third time");
            shop.more();
            shop.end();
            assertEquals(List.of(), List.copyOf(shop.errors));
            assertEquals(shop.acknowledged(), world.ask(Side.SOURCE, Shop.ALL));
            world.same();
        }
    }

    private static void unanswering(PgBouncer pooler, CutoverWorld world, Duration time) {
        try {
            pooler.freeze();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        world.threads.start("wakes PgBouncer", () -> {
            try {
                Thread.sleep(time);
                pooler.wake();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void whatIsUndoneLetsThemGoOnWhereTheyWere() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var pooler = PgBouncer.start(folder, "transaction", endpoint(world, Side.SOURCE));
                var context = context(world, pooler, PgBouncer.ADMIN, DEADLINE);
                var shop = new Shop(pooler, world.threads, 4)) {
            shop.more();
            var paused = new AtomicBoolean();
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                if (point == Point.FENCE_ARRIVED) {
                                    paused.set(pausedNow(pooler));
                                    context.gate().stop();
                                    throw new IllegalStateException("something nobody thought of");
                                }
                            },
                            KNOWN));
            assertThrows(IllegalStateException.class, () -> step.run(context));

            assertTrue(paused.get(), "they waited meanwhile");
            assertEquals(
                    CutoverReport.Outcome.UNDONE, context.cutovers().getLast().outcome());
            assertFalse(pooler.paused());
            shop.more();
            shop.end();
            assertEquals(List.of(), List.copyOf(shop.errors));
            assertEquals(shop.acknowledged(), world.ask(Side.SOURCE, Shop.ALL));
            world.same();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FROZEN", "MARKED", "KEPT", "CONFIRMED", "OPENED", "SWITCHED"})
    void killedWhileTheyWaitTheNextStartLetsThemGoOn(Point point) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var pooler = PgBouncer.start(folder, "transaction", endpoint(world, Side.SOURCE));
                var context = context(world, pooler, PgBouncer.ADMIN, DEADLINE);
                var again = context(world, pooler, PgBouncer.ADMIN, DEADLINE);
                var shop = new Shop(pooler, world.threads, 2)) {
            shop.more();
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            passed -> {
                                if (passed == point) {
                                    die(context);
                                }
                            },
                            KNOWN));
            assertThrows(Killed.class, () -> step.run(context));
            assertTrue(pooler.paused(), "PgBouncer holds them back although the console's connection is gone");

            var outcome = CutoverStep.resume(
                            Side.SOURCE,
                            world.parts(Points.NOBODY, KNOWN),
                            Optional.of(context.cutovers().getLast()))
                    .run(again);

            boolean confirmed = CONFIRMED.contains(point);
            assertEquals(confirmed, outcome instanceof StepOutcome.Done, outcome::toString);
            assertEquals(confirmed ? Side.TARGET : Side.SOURCE, world.owner());
            assertFalse(pooler.paused());
            shop.more();
            shop.end();
            assertEquals(List.of(), List.copyOf(shop.errors));
            assertEquals(shop.acknowledged(), world.ask(world.owner(), Shop.ALL));
            world.same();
        }
    }

    @Test
    void aTransactionThatDoesNotEndIsNotBrokenOffAndNothingIsLeftPaused() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var pooler = PgBouncer.start(folder, "transaction", endpoint(world, Side.SOURCE));
                var context = context(world, pooler, PgBouncer.ADMIN, Duration.ofSeconds(5));
                var client = pooler.open();
                var sql = client.createStatement()) {
            client.setAutoCommit(false);
            sql.execute("insert into public.ledger values (1, 1, 'long')");

            var failed = assertInstanceOf(
                    StepOutcome.Failed.class,
                    new CutoverStep(Side.SOURCE, world.parts(Points.NOBODY, KNOWN)).run(context));

            assertEquals("pooler-busy", failed.problem().code(), failed::toString);
            assertFalse(pooler.paused());
            client.commit();
            assertEquals("1", world.ask(Side.SOURCE, "select count(*) from ledger"));
            world.same();
        }
    }

    @Test
    void whoMayNotPauseStopsNothing() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var pooler = PgBouncer.start(folder, "transaction", endpoint(world, Side.SOURCE));
                var watcher = context(world, pooler, PgBouncer.WATCHER, DEADLINE);
                var stranger = context(world, pooler, PgBouncer.ADMIN, DEADLINE)) {
            for (var context : List.of(watcher, stranger)) {
                PasswordLookup passwords = context == stranger ? _ -> io.handover.model.Secret.of("wr0ng") : KNOWN;
                var failed = assertInstanceOf(
                        StepOutcome.Failed.class,
                        new CutoverStep(Side.SOURCE, world.parts(Points.NOBODY, passwords)).run(context));
                assertEquals("pooler-silent", failed.problem().code(), failed::toString);
                assertFalse(failed.toString().contains("wr0ng"));
                assertFalse(context.lines().toString().contains("wr0ng"));
                assertEquals(Optional.empty(), context.cutovers().getLast().frozenAt());
            }
            assertFalse(pooler.paused());
            world.write(Side.SOURCE, 1, 1);
            world.same();
        }
    }

    /// The process ends here: nothing of it runs any more.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static void die(TestContext context) {
        try {
            context.server(Side.SOURCE).abort();
            context.server(Side.TARGET).abort();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        throw new Killed();
    }

    private static boolean pausedNow(PgBouncer pooler) {
        try {
            return pooler.paused();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void handOver(CutoverWorld world, TestContext context, Side from) throws InterruptedException {
        var outcome = new CutoverStep(from, world.parts(Points.NOBODY, KNOWN)).run(context);
        assertInstanceOf(StepOutcome.Done.class, outcome, () -> outcome + "\n" + context.cutovers());
    }

    private static io.handover.model.Endpoint endpoint(CutoverWorld world, Side side) {
        return world.context.server(side).endpoint();
    }

    private static TestContext context(CutoverWorld world, PgBouncer pooler, String user, Duration deadline)
            throws Exception {
        String hook = "case $HANDOVER_TO in source) " + pooler.pointTo(endpoint(world, Side.SOURCE)) + ";; *) "
                + pooler.pointTo(endpoint(world, Side.TARGET)) + ";; esac";
        var plan = world.plan()
                .with(
                        FreezeMethod.LOCK_TABLES,
                        deadline,
                        Duration.ofDays(2),
                        new Hooks("", hook, "", "", "", Duration.ofSeconds(20)))
                .withPoolers(List.of(pooler.pooler(user)));
        return world.context.again(plan);
    }

    private static List<String> notes(TestContext context, String with) {
        return context.cutovers().getLast().notes().stream()
                .filter(note -> note.contains(with))
                .toList();
    }

    /// An application behind PgBouncer; it remembers every error.
    private static final class Shop implements AutoCloseable {

        static final String ALL =
                "select coalesce(string_agg(writer || ':' || number, ' ' order by writer, number), '')"
                        + " from ledger";

        final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<long[]> committed = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final ExecutorService threads;
        private final List<Future<?>> writers = new ArrayList<>();

        Shop(PgBouncer pooler, NamedThreads named, int count) {
            threads = named.pool("shop", count);
            for (int i = 0; i < count; i++) {
                int writer = i;
                writers.add(threads.submit(() -> write(pooler, writer)));
            }
        }

        private void write(PgBouncer pooler, int writer) {
            try (var client = pooler.open();
                    var insert = client.prepareStatement("insert into public.ledger values (?, ?, 'pooled')")) {
                client.setAutoCommit(false);
                for (long number = 1; !stop.get(); number++) {
                    insert.setInt(1, writer);
                    insert.setLong(2, number);
                    insert.executeUpdate();
                    client.commit();
                    committed.add(new long[] {writer, number});
                    Pace.rest();
                }
            } catch (SQLException e) {
                errors.add(e.getSQLState() + " " + e.getMessage());
            }
        }

        /// Each of them commits on.
        void more() throws InterruptedException {
            int before = committed.size();
            Eventually.await(LONG, "the clients write", () -> !errors.isEmpty() || committed.size() > before + 50);
        }

        String acknowledged() {
            return String.join(
                    " ",
                    committed.stream()
                            .sorted((a, b) -> a[0] == b[0] ? Long.compare(a[1], b[1]) : Long.compare(a[0], b[0]))
                            .map(row -> row[0] + ":" + row[1])
                            .toList());
        }

        void end() throws Exception {
            stop.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        @Override
        public void close() {
            stop.set(true);
            threads.shutdownNow();
        }
    }
}

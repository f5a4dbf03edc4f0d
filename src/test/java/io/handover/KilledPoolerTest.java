package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
import io.handover.model.Side;
import io.handover.testkit.DatabasePair;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgBouncer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Handover's process is killed with SIGKILL while PgBouncer holds the clients back. What could go wrong: nobody says
/// RESUME, or it is said for the wrong server; a client sees an error, or a row twice or not at all.
class KilledPoolerTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Map<String, String> CONSOLE =
            Map.of("HANDOVER_PGBOUNCER_PASSWORD", PgBouncer.PASSWORD.reveal());

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @RegisterExtension
    final DatabasePair pair = DatabasePair.of("15", "17");

    private final Endpoint source = pair.source();
    private final Endpoint target = pair.target();

    @TempDir
    Path folder;

    @Test
    void killedBetweenPauseAndResumeClientsOnlyWaitAndTheNextStartLetsThemGoOn() throws Exception {
        pair.run(Side.SOURCE, "create table ledger (number bigint primary key)");
        try (var pooler = PgBouncer.start(folder, "transaction", source);
                var shop = new Shop(pooler, threads)) {
            String hook = "sleep 2; case $HANDOVER_TO in source) " + pooler.pointTo(source) + ";; *) "
                    + pooler.pointTo(target) + ";; esac";
            done(AppProcess.start(folder, "migrate", source, target, "--until", "verified"));
            boolean before = false;
            boolean after = false;
            // each kill a little later after PAUSE: first the freeze, then the switch hook, which takes two seconds
            for (int delay : new int[] {0, 30, 1_500, 1_500}) {
                if (after) {
                    break;
                }
                var cutover = cutover(pooler, hook);
                Eventually.await(LONG, "PgBouncer is paused", () -> pooler.paused() || !cutover.isAlive());
                assertTrue(cutover.isAlive(), cutover::told);
                Thread.sleep(delay);
                cutover.kill();
                assertTrue(pooler.paused(), "it holds them back although Handover is gone");
                assertUndisturbed(shop, pooler);

                Side owner = finish(pooler, hook);
                before |= owner == Side.SOURCE;
                after |= owner == Side.TARGET;
                assertFalse(pooler.paused(), "RESUME was said");
                shop.more();
                assertUndisturbed(shop, pooler);
            }
            assertTrue(before, "one kill was before the point of no return");
            assertTrue(after, "and one after it");
            shop.end();

            assertUndisturbed(shop, pooler);
            assertEquals(Set.copyOf(shop.committed), there());
        }
        done(AppProcess.start(folder, CONSOLE, "retire", source, target, "--yes"));
    }

    private static void assertUndisturbed(Shop shop, PgBouncer pooler) throws Exception {
        String log = pooler.log();
        assertEquals(0, shop.errors.size(), () -> shop.errors + "\n" + log);
    }

    private AppProcess cutover(PgBouncer pooler, String hook) throws Exception {
        return AppProcess.start(
                folder,
                CONSOLE,
                "cutover",
                source,
                target,
                "--yes",
                "--deadline",
                "20",
                "--pgbouncer",
                pooler.pooler(PgBouncer.ADMIN).uri(),
                "--hook-switch",
                hook);
    }

    /// Starting it again decides; who owns the data is asked afterwards.
    private Side finish(PgBouncer pooler, String hook) throws Exception {
        for (int i = 0; i < 3; i++) {
            var status = AppProcess.start(folder, CONSOLE, "status", source, target, "--json");
            assertEquals(0, status.end(), status::told);
            if (status.result().contains("\"FAILED\"")) {
                AppProcess.start(folder, CONSOLE, "retry", source, target).end();
            } else {
                return status.result().contains("\"owner\" : \"target\"") ? Side.TARGET : Side.SOURCE;
            }
        }
        throw new AssertionError("not settled; paused " + pooler.paused() + ", hook " + hook);
    }

    private Set<Long> there() throws SQLException {
        var numbers = new TreeSet<Long>();
        try (var db = pair.open(Side.TARGET);
                var sql = db.createStatement();
                var rows = sql.executeQuery("select number from ledger")) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        }
        return numbers;
    }

    private static void done(AppProcess process) throws InterruptedException {
        assertEquals(0, process.end(), process::told);
    }

    /// One client that numbers its transactions; an error ends it.
    private static final class Shop implements AutoCloseable {
        final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
        final ConcurrentSkipListSet<Long> committed = new ConcurrentSkipListSet<>();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final java.util.concurrent.ExecutorService thread;
        private final Future<?> running;

        Shop(PgBouncer pooler, NamedThreads threads) {
            thread = threads.single("shop");
            running = thread.submit(() -> {
                try (var client = pooler.open();
                        var insert = client.prepareStatement("insert into public.ledger values (?)")) {
                    for (long number = 1; !stop.get(); number++) {
                        insert.setLong(1, number);
                        insert.executeUpdate();
                        committed.add(number);
                        Thread.sleep(2);
                    }
                } catch (SQLException e) {
                    errors.add(e.getSQLState() + " " + e.getMessage());
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        void more() throws InterruptedException {
            int before = committed.size();
            Eventually.await(LONG, "the client writes", () -> !errors.isEmpty() || committed.size() > before + 20);
        }

        void end() throws Exception {
            stop.set(true);
            running.get();
        }

        @Override
        public void close() {
            stop.set(true);
            thread.shutdownNow();
        }
    }
}

package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.GateReading;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A comparison leaves rows open that are written all the time, and the app is restarted before the cutover.
class OpenRowsAfterRestartTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @TempDir
    Path folder;

    @Test
    void theGateAsksForANewComparisonAndOpensAfterIt() throws Exception {
        PgServer oldServer = PgServer.major("15");
        PgServer newServer = PgServer.major("17");
        Endpoint source = oldServer.endpoint(oldServer.newDatabase());
        Endpoint target = newServer.endpoint(newServer.newDatabase());
        try (var connection = oldServer.open(source.profile().database());
                var sql = connection.createStatement()) {
            sql.execute("create table hot (id int primary key, n bigint)");
            sql.execute("insert into hot select g, 0 from generate_series(1, 20) g");
        }
        var credentials = new Credentials(source.password(), target.password());
        var plan = Plan.of(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());
        var cutOver = new Command.CutOver(target.profile().database());
        var stop = new AtomicBoolean();
        var ended = new CountDownLatch(1);
        try (var desk = desk()) {
            var migration = desk.begin(plan, credentials).get(30, TimeUnit.SECONDS);
            go(migration, new Command.Start());
            threads.start("writer", () -> write(oldServer, source, stop, ended));
            go(migration, new Command.Verify());
            var report = migration.state().get().verification().orElseThrow();
            assertTrue(report.passed(), report::toString);
            assertTrue(report.unsettled() > 0, report::toString);
            Eventually.await(
                    LONG,
                    "the gate is open",
                    () -> verified(migration).filter(GateReading::open).isPresent());
        } finally {
            stop.set(true);
            ended.await();
        }
        try (var desk = desk()) {
            var migration = desk.resume(plan.id(), credentials).get(30, TimeUnit.SECONDS);
            Eventually.await(LONG, "it is read", () -> verified(migration).isPresent());
            GateReading gate = verified(migration).orElseThrow();
            assertFalse(gate.open(), gate::toString);
            assertTrue(gate.detail().contains("restarted"), gate::toString);
            assertTrue(migration.refusal(cutOver).isPresent());

            go(migration, new Command.Verify());
            Eventually.await(
                    LONG, "the gates open", () -> migration.refusal(cutOver).isEmpty());
        }
        try (var desk = desk()) { // nothing was left open: that outlives a restart
            var migration = desk.resume(plan.id(), credentials).get(30, TimeUnit.SECONDS);
            Eventually.await(
                    LONG,
                    "the gates open again",
                    () -> migration.refusal(cutOver).isEmpty());
            go(migration, new Command.Discard());
        }
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    private EngineDesk desk() {
        return new EngineDesk(folder.resolve("state"), Clock.systemUTC(), threads, "test");
    }

    private static Optional<GateReading> verified(Migration migration) {
        List<GateReading> gates = migration.gates().get().gates();
        return gates.stream().filter(g -> g.id().equals("verified")).findFirst();
    }

    private static void go(Migration migration, Command command) throws InterruptedException {
        assertEquals(new Answer.Accepted(), migration.submit(command));
        Eventually.await(LONG, "the step ends", () -> !migration.state().get().busy());
        assertEquals(Optional.empty(), migration.state().get().problem());
    }

    private static void write(PgServer server, Endpoint source, AtomicBoolean stop, CountDownLatch ended) {
        try (var connection = server.open(source.profile().database());
                var sql = connection.createStatement()) {
            while (!stop.get()) {
                sql.execute("update hot set n = n + 1");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            ended.countDown();
        }
    }
}

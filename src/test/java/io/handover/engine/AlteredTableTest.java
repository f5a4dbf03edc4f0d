package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.FreezeMethod;
import io.handover.model.GateReading;
import io.handover.model.Hooks;
import io.handover.model.MigrationId;
import io.handover.model.Overriding;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.testkit.DatabasePair;
import io.handover.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The same change on both sides, after they were compared, that gives each other values: no stream carries these.
class AlteredTableTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String ALTERED = "alter table item add column made timestamptz default clock_timestamp()";

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @RegisterExtension
    final DatabasePair pair = DatabasePair.of("15", "18");

    @TempDir
    Path folder;

    @Test
    void aComparisonFromBeforeDoesNotOpenTheCutoverEvenAfterARestart() throws Exception {
        Endpoint source = pair.source();
        Endpoint target = pair.target();
        pair.run(
                Side.SOURCE,
                "create table item (id int primary key)",
                "create table calm (id int primary key)",
                "insert into item select generate_series(1, 20)");
        var credentials = new Credentials(source.password(), target.password());
        var plan = Plan.of(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());
        var cutOver = new Command.CutOver(target.profile().database());
        try (var desk = new EngineDesk(folder.resolve("state"), Clock.systemUTC(), threads, "test")) {
            var migration = desk.begin(plan, credentials).get(30, TimeUnit.SECONDS);
            go(migration, new Command.Start());
            go(migration, new Command.Verify());
            Eventually.await(
                    LONG, "it may be cut over", () -> migration.refusal(cutOver).isEmpty());

            pair.run(Side.TARGET, ALTERED);
            assertEquals(
                    "on the target public.item", closed(migration, "target").detail());
            pair.run(Side.SOURCE, ALTERED);
            closed(migration, "source public.item; on the target public.item");
        }
        try (var desk = new EngineDesk(folder.resolve("state"), Clock.systemUTC(), threads, "test")) {
            var migration = desk.resume(plan.id(), credentials).get(30, TimeUnit.SECONDS);
            var gate = closed(migration, "source public.item; on the target public.item");
            assertInstanceOf(Overriding.Never.class, gate.overriding());
            assertTrue(migration.refusal(cutOver).orElseThrow().contains("No table was altered"));

            go(migration, new Command.Verify());
            var report = migration.state().get().verification().orElseThrow();
            assertFalse(report.passed(), "each side has filled in a time of its own");
            assertEquals(20, report.differences());

            pair.run(Side.TARGET, "update item set made = '2026-01-01'");
            pair.run(Side.SOURCE, "update item set made = '2026-01-01'");
            go(migration, new Command.Verify());
            Eventually.await(
                    LONG, "it may be cut over", () -> migration.refusal(cutOver).isEmpty());
        }
    }

    /// The gates have been read and hold, and the user's own hook takes its time before writes are stopped.
    @Test
    void whatIsAlteredBetweenTheGatesAndTheFreezeUndoesTheCutover() throws Exception {
        pair.run(
                Side.SOURCE,
                "create table item (id int primary key)",
                "insert into item select generate_series(1, 20)");
        Path begun = folder.resolve("begun");
        Path go = folder.resolve("go");
        var hooks = new Hooks(
                "touch '" + begun + "'; until [ -e '" + go + "' ]; do sleep 0.05; done", "", "", "", "", LONG);
        var plan = Plan.of(
                        MigrationId.random(RandomGenerator.getDefault()),
                        pair.source().profile(),
                        pair.target().profile())
                .with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Duration.ofHours(1), hooks);
        var credentials =
                new Credentials(pair.source().password(), pair.target().password());
        try (var desk = new EngineDesk(folder.resolve("state"), Clock.systemUTC(), threads, "test")) {
            var migration = desk.begin(plan, credentials).get(30, TimeUnit.SECONDS);
            go(migration, new Command.Start());
            go(migration, new Command.Verify());
            var cutOver = new Command.CutOver(pair.target().profile().database());
            Eventually.await(
                    LONG, "it may be cut over", () -> migration.refusal(cutOver).isEmpty());
            assertEquals(new Answer.Accepted(), migration.submit(cutOver));
            Eventually.await(LONG, "the hook runs", () -> Files.exists(begun));

            pair.run(Side.TARGET, ALTERED);
            pair.run(Side.SOURCE, ALTERED);
            Files.createFile(go);

            Eventually.await(
                    LONG, "the cutover ends", () -> !migration.state().get().busy());
            assertEquals(Side.SOURCE, migration.state().get().owner(), "rows differ that nobody has compared");
            var problem = migration.state().get().problem().orElseThrow();
            assertEquals("altered", problem.code());
            assertEquals(
                    "Tables were altered since both sides were compared: on the source public.item;"
                            + " on the target public.item.",
                    problem.what());
            pair.run(Side.SOURCE, "insert into item values (21)"); // writable again
        }
    }

    private static GateReading closed(Migration migration, String detail) throws InterruptedException {
        return Eventually.value(
                LONG,
                "it is said that an altered table is on the " + detail,
                () -> migration
                        .gates()
                        .get()
                        .gate("unaltered")
                        .filter(gate -> !gate.open())
                        .filter(gate -> gate.detail().contains("on the " + detail)));
    }

    private static void go(Migration migration, Command command) throws InterruptedException {
        assertEquals(new Answer.Accepted(), migration.submit(command));
        Eventually.await(LONG, "the step ends", () -> !migration.state().get().busy());
        assertEquals(Optional.empty(), migration.state().get().problem());
    }
}

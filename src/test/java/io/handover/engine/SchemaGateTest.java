package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.GateReading;
import io.handover.model.MigrationId;
import io.handover.model.Overriding;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody has made an index on the source after the schema was copied, or after both sides were compared.
class SchemaGateTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @TempDir
    Path folder;

    @Test
    void aSchemaThatDiffersClosesAGateThatCanBeOverriddenForJustThatDifference() throws Exception {
        PgServer oldServer = PgServer.major("15");
        PgServer newServer = PgServer.major("17");
        Endpoint source = oldServer.endpoint(oldServer.newDatabase());
        Endpoint target = newServer.endpoint(newServer.newDatabase());
        run(oldServer, source, "create table \"Odd 'one\" (id int primary key, n int)");
        run(oldServer, source, "alter database " + source.profile().database() + " set quote_all_identifiers = on");
        var plan = Plan.of(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());
        var cutOver = new Command.CutOver(target.profile().database());
        try (var desk = new EngineDesk(folder.resolve("state"), Clock.systemUTC(), threads, "test")) {
            var migration = desk.begin(plan, new Credentials(source.password(), target.password()))
                    .get(30, TimeUnit.SECONDS);
            go(migration, new Command.Start());
            go(migration, new Command.Verify());
            assertTrue(gate(migration, true).open());

            run(oldServer, source, "create index \"slow one\" on \"Odd 'one\" (n)");
            GateReading closed = gate(migration, false); // nobody has compared them since
            assertTrue(closed.detail().contains("index public.Odd 'one.slow one"), closed::detail);
            assertTrue(migration.refusal(cutOver).orElseThrow().contains("same schema"));
            assertEquals(
                    new Answer.Accepted(),
                    migration.submit(new Command.OverrideGate("same-schema", "made on the target at night")));
            Eventually.await(
                    LONG, "one can go on", () -> migration.refusal(cutOver).isEmpty());

            go(migration, new Command.Verify()); // the same difference is found again
            assertEquals(closed.overriding(), gate(migration, false).overriding());
            Eventually.await(
                    LONG,
                    "one can go on still",
                    () -> migration.refusal(cutOver).isEmpty());

            run(oldServer, source, "alter table \"Odd 'one\" add check (n > 0)");
            go(migration, new Command.Verify());
            Eventually.await(
                    LONG,
                    "it is void",
                    () -> migration.state().get().audit().inForce(Side.SOURCE).isEmpty());
            assertTrue(migration.refusal(cutOver).isPresent());
            assertNotEquals(basis(closed), basis(gate(migration, false)));

            run(newServer, target, "create index \"slow one\" on \"Odd 'one\" (n)");
            run(newServer, target, "alter table \"Odd 'one\" add check (n > 0)");
            run(newServer, target, "create index \"more than the source\" on \"Odd 'one\" (n)");
            assertTrue(gate(migration, true).open(), "they are the same again");
            go(migration, new Command.Verify());
            assertTrue(gate(migration, true).open(), "what the target has in addition is no fault");
            assertFalse(migration
                    .state()
                    .get()
                    .verification()
                    .orElseThrow()
                    .schema()
                    .isEmpty());
            go(migration, new Command.Discard());
        }
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    /// Waits for it to read so.
    private static GateReading gate(Migration migration, boolean open) throws InterruptedException {
        Eventually.await(
                LONG,
                "same-schema is " + (open ? "open" : "closed"),
                () -> migration
                        .gates()
                        .get()
                        .gate("same-schema")
                        .filter(g -> g.open() == open && (open || g.overriding() instanceof Overriding.Possible))
                        .isPresent());
        return migration.gates().get().gate("same-schema").orElseThrow();
    }

    private static String basis(GateReading gate) {
        return assertInstanceOf(Overriding.Possible.class, gate.overriding()).basis();
    }

    private static void run(PgServer server, Endpoint endpoint, String statement) throws SQLException {
        try (var connection = server.open(endpoint.profile().database());
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private static void go(Migration migration, Command command) throws InterruptedException {
        assertEquals(new Answer.Accepted(), migration.submit(command));
        Eventually.await(LONG, "the step ends", () -> !migration.state().get().busy());
        assertEquals(Optional.empty(), migration.state().get().problem());
    }
}

package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.GateReading;
import io.handover.model.MigrationId;
import io.handover.model.Overriding;
import io.handover.model.Plan;
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

/// Tables that both sides have, and whose rows no stream carries: a publication goes by the table, not by its name.
class UnpublishedTableTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final NamedThreads threads = new NamedThreads(_ -> {});
    private final PgServer oldServer = PgServer.major("15");
    private final PgServer newServer = PgServer.major("17");

    @TempDir
    Path folder;

    /// What an ETL job does to a table every night, and what makes partitions does on both servers.
    @Test
    void aTableMadeAnewAndOneMadeOnBothSidesCloseAGateUntilTheyFollow() throws Exception {
        Endpoint source = oldServer.endpoint(oldServer.newDatabase());
        Endpoint target = newServer.endpoint(newServer.newDatabase());
        run(oldServer, source, "create table \"Odd 'price\" (id int primary key, n int)");
        run(oldServer, source, "insert into \"Odd 'price\" values (1, 1)");
        run(oldServer, source, "create table part (id int primary key, n int) partition by range (id)");
        run(oldServer, source, "create table part_1 partition of part for values from (0) to (100)");
        var plan = Plan.of(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());
        var cutOver = new Command.CutOver(target.profile().database());
        try (var desk = new EngineDesk(folder.resolve("state"), Clock.systemUTC(), threads, "test")) {
            var migration = desk.begin(plan, new Credentials(source.password(), target.password()))
                    .get(30, TimeUnit.SECONDS);
            go(migration, new Command.Start());
            go(migration, new Command.Verify());
            gate(migration, true);

            run(
                    oldServer,
                    source,
                    "begin; create table fresh (like \"Odd 'price\" including all);"
                            + " insert into fresh select * from \"Odd 'price\"; drop table \"Odd 'price\";"
                            + " alter index fresh_pkey rename to \"Odd 'price_pkey\";"
                            + " alter table fresh rename to \"Odd 'price\"; commit");
            String partition = "create table part_2 partition of part for values from (100) to (200)";
            run(oldServer, source, partition);
            run(newServer, target, partition);
            run(
                    oldServer,
                    source,
                    "insert into \"Odd 'price\" values (2, 2); insert into part values (1, 1), (101, 1)");
            GateReading closed = gate(migration, false);
            assertTrue(closed.detail().contains("public.Odd 'price, public.part_2"), closed::detail);
            assertInstanceOf(Overriding.Never.class, closed.overriding());
            assertTrue(migration.refusal(cutOver).orElseThrow().contains("Every table follows"));

            for (String part : closed.remedy().split("One after the other: on the |; on the |; (?=on the )", -1)) {
                String statements = part.replaceFirst("^\\w+ ", "").replaceFirst("They are copied.*", "");
                if (part.startsWith("source ")) {
                    run(oldServer, source, statements);
                } else if (part.startsWith("target ")) {
                    for (String statement : statements.split("(?<=;) ", -1)) {
                        run(newServer, target, statement); // a refresh wants no others in its transaction
                    }
                }
            }
            gate(migration, true);
            go(migration, new Command.Verify());
            gate(migration, true);
            Eventually.await(
                    LONG, "it may be cut over", () -> migration.refusal(cutOver).isEmpty());
            run(oldServer, source, "insert into \"Odd 'price\" values (3, 3); insert into part values (102, 1)");
            go(migration, cutOver);
            assertEquals("{\"(1,1)\",\"(2,2)\",\"(3,3)\"} {\"(1,1)\",\"(101,1)\",\"(102,1)\"}", rows(target));
        }
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    private String rows(Endpoint target) throws SQLException {
        try (var connection = newServer.open(target.profile().database());
                var query = connection.createStatement();
                var row =
                        query.executeQuery("select (select array_agg(p::text order by id)::text from \"Odd 'price\" p)"
                                + " || ' ' || (select array_agg(p::text order by id)::text from part p)")) {
            row.next();
            return row.getString(1);
        }
    }

    private static GateReading gate(Migration migration, boolean open) throws InterruptedException {
        Eventually.await(
                LONG,
                "tables-ready is " + (open ? "open" : "closed"),
                () -> migration
                        .gates()
                        .get()
                        .gate("tables-ready")
                        .filter(g -> g.open() == open)
                        .isPresent());
        return migration.gates().get().gate("tables-ready").orElseThrow();
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

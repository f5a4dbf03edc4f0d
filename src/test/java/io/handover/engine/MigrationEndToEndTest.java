package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.check.Preflight;
import io.handover.demo.DatabaseUrl;
import io.handover.demo.DemoServer;
import io.handover.demo.LedgerCheck;
import io.handover.demo.ShopSchema;
import io.handover.demo.Workload;
import io.handover.flow.NamedThreads;
import io.handover.model.Command;
import io.handover.model.CopyMethod;
import io.handover.model.Credentials;
import io.handover.model.CutoverReport;
import io.handover.model.Endpoint;
import io.handover.model.Finding;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.Waves;
import io.handover.pg.BuiltInPgDumps;
import io.handover.pg.PgDump;
import io.handover.pg.Publications;
import io.handover.pg.SchemaFacts;
import io.handover.pg.Server;
import io.handover.pg.SqlLog;
import io.handover.testkit.Eventually;
import io.handover.testkit.InstalledTools;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A live shop moves, is rolled back, moves again and is retired, while writes never stop.
class MigrationEndToEndTest {

    private static final Duration LONG = Duration.ofMinutes(3);

    private final List<Throwable> uncaught = new ArrayList<>();
    private final NamedThreads threads = new NamedThreads(uncaught::add);

    private CopyMethod way = CopyMethod.THROUGH_HERE;
    private Waves waves = Waves.ONE;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"10, 16", "11, 17", "15, 18"})
    void aLiveDatabaseMovesThereAndBackAndThereAgain(String from, String to) throws Exception {
        PgServer oldServer = PgServer.major(from);
        PgServer newServer = PgServer.major(to);
        Endpoint source = oldServer.endpoint(oldServer.newDatabase());
        Endpoint target = newServer.endpoint(newServer.newDatabase());
        ShopSchema.load(source, ShopSchema.SMALL);
        moveThereAndBackAndThereAgain(source, target, oldServer.majorNumber() >= Publications.TRUNCATE_SINCE);
        assertNothingLeft(oldServer, source);
        assertNothingLeft(newServer, target);
        assertEquals(List.of(), uncaught);
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    /// As at a provider that gives nobody a superuser: the role owns the databases and is given what preflight asks
    /// for, by its very words.
    @Test
    void aRoleThatIsNoSuperuserMovesThereAndBackToo() throws Exception {
        PgServer oldServer = PgServer.major("16");
        PgServer newServer = PgServer.major("18");
        Endpoint source = ordinary(oldServer);
        Endpoint target = ordinary(newServer);
        ShopSchema.load(source, ShopSchema.SMALL);
        for (var finding : findings(source, target)) {
            if (finding.check().equals("rights") || (finding.severity() == Severity.BLOCKER && !finding.fixable())) {
                run(finding.side() == Side.SOURCE ? oldServer : newServer, finding.remedy());
            }
        }
        moveThereAndBackAndThereAgain(source, target, true);
        for (var server : Map.of(oldServer, source, newServer, target).entrySet()) {
            assertNothingLeft(server.getKey(), server.getValue());
            server.getKey().drop(server.getValue().profile().database());
            run(server.getKey(), "drop role " + server.getValue().profile().user());
        }
        assertEquals(List.of(), uncaught);
    }

    private static Endpoint ordinary(PgServer server) throws SQLException {
        Endpoint all = server.endpoint(server.newDatabase());
        var at = all.profile();
        String role = "mover_of_" + at.database();
        run(
                server,
                "create role " + role + " login password 'only for tests'",
                "alter database " + at.database() + " owner to " + role);
        return new Endpoint(
                new Profile(
                        at.name(),
                        at.host(),
                        at.port(),
                        at.database(),
                        role,
                        at.tls(),
                        at.rootCertificate(),
                        at.environment()),
                Secret.of("only for tests"));
    }

    private static void run(PgServer server, String... statements) throws SQLException {
        try (var connection = server.open(DemoServer.USER);
                var sql = connection.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }

    private List<Finding> findings(Endpoint source, Endpoint target) throws Exception {
        var log = new SqlLog(Clock.systemUTC());
        var plan = Plan.of(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());
        try (var here = new Server(Side.SOURCE, source, log);
                var there = new Server(Side.TARGET, target, log)) {
            return Preflight.run(plan, here, there, PgDump.installed(threads), Clock.systemUTC())
                    .findings();
        }
    }

    private void moveThereAndBackAndThereAgain(Endpoint source, Endpoint target, boolean truncating) throws Exception {
        var url = new DatabaseUrl(folder.resolve("url"));
        url.write(source);
        try (var desk = new EngineDesk(folder.resolve("state"), Clock.systemUTC(), threads, "test");
                var workload = Workload.start(
                        url, new Workload.Options(4, 300, Duration.ofMillis(100), truncating), Clock.systemUTC())) {
            var migration = desk.begin(plan(source, target, url), credentials(source, target))
                    .get(30, TimeUnit.SECONDS);
            fixAll(migration);
            go(migration, new Command.Start(), Stage.STREAMING);
            go(migration, new Command.Verify(), Stage.STREAMING);
            assertPassed(migration);

            handOver(migration, new Command.CutOver(target.profile().database()), Side.TARGET);
            assertEquals(Side.TARGET, migration.state().get().owner());
            go(migration, new Command.Verify(), Stage.REVERSE_OPEN);
            assertPassed(migration);

            handOver(migration, new Command.RollBack(source.profile().database()), Side.SOURCE);
            go(migration, new Command.Verify(), Stage.STREAMING);
            assertPassed(migration);

            handOver(migration, new Command.CutOver(target.profile().database()), Side.TARGET);
            workload.stop();
            assertEquals(java.util.Map.of(), workload.report().unexpected(), "errors no application expects");
            go(migration, new Command.Verify(), Stage.REVERSE_OPEN);
            assertPassed(migration);
            assertTrue(
                    migration.state().get().verification().orElseThrow().proved(),
                    "without writes every single row is proved equal");
            go(migration, new Command.Retire(), Stage.FINISHED);
            assertEquals(List.of(), migration.state().get().leftovers());
            assertTrue(
                    LedgerCheck.check(workload.book(), target).exact(),
                    () -> "every acknowledged transaction is there exactly once");
        }
    }

    /// Which way the rows have come makes no difference to anything after it.
    @Test
    void whatCameInWavesByArchiveMovesThereAndBackToo() throws Exception {
        var _ = InstalledTools.archive(15);
        way = CopyMethod.ARCHIVE;
        waves = new Waves(List.of(), 2, 0);
        aLiveDatabaseMovesThereAndBackAndThereAgain("15", "17");
    }

    /// No older `pg_dump` than the source reads it: where 15 is installed, this one is built in.
    @Test
    void aSourceNewerThanTheInstalledPgDumpMovesToo() throws Exception {
        BuiltInPgDumps.only();
        aLiveDatabaseMovesThereAndBackAndThereAgain("16", "18");
    }

    @Test
    void aDiscardedMigrationLeavesTheSourceAsItWasAndTheTargetEmpty() throws Exception {
        PgServer oldServer = PgServer.major("15");
        PgServer newServer = PgServer.major("17");
        Endpoint source = oldServer.endpoint(oldServer.newDatabase());
        Endpoint target = newServer.endpoint(newServer.newDatabase());
        ShopSchema.load(source, ShopSchema.SMALL);
        String before = Settings.of(oldServer, source);
        try (var desk = new EngineDesk(folder.resolve("state"), Clock.systemUTC(), threads, "test")) {
            var plan = Plan.of(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());
            var migration = desk.begin(plan, credentials(source, target)).get(30, TimeUnit.SECONDS);
            fixAll(migration);
            go(migration, new Command.Start(), Stage.STREAMING);
            go(migration, new Command.Rehearse(), Stage.STREAMING);
            MigrationState rehearsed = migration.state().get();
            assertEquals(
                    "rehearsal", rehearsed.problem().orElseThrow().code(), "it was never compared, and that is said");
            assertTrue(rehearsed.audit().lastNote(Command.Rehearse.NOTE).isPresent());
            String runbook =
                    migration.runbook().get(30, TimeUnit.SECONDS).parts().toString();
            assertTrue(runbook.contains(plan.id().slot(Side.TARGET)), runbook);
            assertEquals(List.of(), rehearsed.cutovers());
            go(migration, new Command.Discard(), Stage.FINISHED);
        }
        assertNothingLeft(oldServer, source);
        assertNothingLeft(newServer, target);
        assertEquals(before, Settings.of(oldServer, source));
        try (Connection connection = newServer.open(target.profile().database())) {
            assertEquals(List.of(), SchemaFacts.userRelations(connection));
        }
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    private void fixAll(Migration migration) throws InterruptedException {
        assertInstanceOf(Answer.Accepted.class, migration.submit(new Command.Check()));
        var findings = idle(migration).preflight().orElseThrow().findings();
        for (var finding : findings) {
            if (finding.fixable()) {
                assertInstanceOf(Answer.Accepted.class, migration.submit(new Command.Fix(finding)));
                idle(migration);
            }
        }
        assertEquals(
                List.of(),
                migration.state().get().preflight().orElseThrow().findings().stream()
                        .filter(f -> f.severity() == Severity.BLOCKER)
                        .toList());
    }

    private void handOver(Migration migration, Command command, Side to) throws InterruptedException {
        awaitGates(migration, command);
        Stage goal = to == Side.TARGET ? Stage.REVERSE_OPEN : Stage.STREAMING;
        go(migration, command, goal);
        var report = migration.state().get().lastCutover().orElseThrow();
        assertEquals(CutoverReport.Outcome.DONE, report.outcome(), () -> report.toString());
        assertTrue(report.writePause().orElseThrow().compareTo(Duration.ofSeconds(5)) < 0);
    }

    private void awaitGates(Migration migration, Command command) throws InterruptedException {
        try {
            Eventually.await(
                    Duration.ofMinutes(1),
                    "the gates open",
                    () -> migration.refusal(command).isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError(migration.gates().get().blocking().toString(), e);
        }
    }

    private void go(Migration migration, Command command, Stage goal) throws InterruptedException {
        assertEquals(new Answer.Accepted(), migration.submit(command));
        MigrationState state = idle(migration);
        assertEquals(goal, state.stage(), () -> state.problem().toString() + state.lastCutover());
    }

    private MigrationState idle(Migration migration) throws InterruptedException {
        return until(migration, s -> !s.busy());
    }

    private MigrationState until(Migration migration, Predicate<MigrationState> wanted) throws InterruptedException {
        Eventually.await(
                LONG, "the step ends", () -> wanted.test(migration.state().get()));
        return migration.state().get();
    }

    private static void assertPassed(Migration migration) {
        var report = migration.state().get().verification().orElseThrow();
        assertTrue(
                report.passed(),
                () -> report.tables().stream()
                        .filter(t -> t.differences() > 0 || !t.note().isEmpty())
                        .toList()
                        .toString());
    }

    private static void assertNothingLeft(PgServer server, Endpoint endpoint) throws Exception {
        try (Connection connection = server.open(endpoint.profile().database())) {
            assertEquals(List.of(), SchemaFacts.handoverObjects(connection));
        }
    }

    private Plan plan(Endpoint source, Endpoint target, DatabaseUrl url) {
        return Plan.of(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile())
                .with(way)
                .with(waves)
                .with(
                        FreezeMethod.LOCK_TABLES,
                        Duration.ofSeconds(20),
                        Duration.ofHours(1),
                        new Hooks("", url.hookCommand(), "", "", "", Duration.ofSeconds(20)));
    }

    private static Credentials credentials(Endpoint source, Endpoint target) {
        return new Credentials(source.password(), target.password());
    }
}

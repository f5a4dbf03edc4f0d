package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.handover.flow.NamedThreads;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.TableVerdict;
import io.handover.model.TableVerdict.Verdict;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was proved outlives a restart of the app, and what somebody changed on the target meanwhile does not pass.
class ProofsAfterRestartTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @TempDir
    Path folder;

    @Test
    void onlyWhatWasChangedIsReadAgain() throws Exception {
        PgServer oldServer = PgServer.major("15");
        PgServer newServer = PgServer.major("17");
        Endpoint source = oldServer.endpoint(oldServer.newDatabase());
        Endpoint target = newServer.endpoint(newServer.newDatabase());
        run(oldServer, source, """
                create table kept (id int primary key, v text);
                create table touched (id int primary key, v text);
                insert into kept select g, 'v' || g from generate_series(1, 500) g;
                insert into touched select g, 'v' || g from generate_series(1, 500) g
                """);
        var credentials = new Credentials(source.password(), target.password());
        var plan = Plan.of(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());
        try (var desk = desk()) {
            var migration = desk.begin(plan, credentials).get(30, TimeUnit.SECONDS);
            go(migration, new Command.Start());
            go(migration, new Command.Verify());
            assertEquals(Map.of("kept", "EQUAL read", "touched", "EQUAL read"), verdicts(migration));
        }
        run(newServer, target, "update touched set v = 'nobody sent this' where id = 7");
        try (var desk = desk()) {
            var migration = desk.resume(plan.id(), credentials).get(30, TimeUnit.SECONDS);
            Eventually.await(
                    LONG,
                    "it streams",
                    () -> migration.refusal(new Command.Verify(true)).isEmpty());

            go(migration, new Command.Verify(true));

            assertEquals(Map.of("kept", "EQUAL unread", "touched", "DIFFERENT"), verdicts(migration));
            assertFalse(migration.state().get().verification().orElseThrow().passed());
            run(newServer, target, "update touched set v = 'v7' where id = 7");
            go(migration, new Command.Verify(true));
            assertEquals(Map.of("kept", "EQUAL unread", "touched", "EQUAL read"), verdicts(migration));
            go(migration, new Command.Discard());
        }
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    private EngineDesk desk() {
        return new EngineDesk(folder.resolve("state"), Clock.systemUTC(), threads, "test");
    }

    private static Map<String, String> verdicts(Migration migration) {
        return migration.state().get().verification().orElseThrow().tables().stream()
                .collect(Collectors.toMap(t -> t.table().name(), ProofsAfterRestartTest::words));
    }

    private static String words(TableVerdict table) {
        return table.verdict() != Verdict.EQUAL
                ? table.verdict().name()
                : "EQUAL " + (table.proof().orElseThrow().unread() ? "unread" : "read");
    }

    private static void go(Migration migration, Command command) throws InterruptedException {
        assertEquals(new Answer.Accepted(), migration.submit(command));
        Eventually.await(LONG, "the step ends", () -> !migration.state().get().busy());
        assertEquals(Optional.empty(), migration.state().get().problem());
    }

    private static void run(PgServer server, Endpoint endpoint, String statements) throws SQLException {
        try (var connection = server.open(endpoint.profile().database());
                var sql = connection.createStatement()) {
            sql.execute(statements);
        }
    }
}

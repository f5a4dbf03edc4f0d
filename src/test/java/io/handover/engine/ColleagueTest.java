package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.AuditEvent;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.StatementLog;
import io.handover.report.MigrationReport;
import io.handover.testkit.DatabasePair;
import io.handover.testkit.Eventually;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Two people with a folder each go on with one migration by turns. What could go wrong: the first one comes
/// back and goes on from where she was herself, with the data on the other side meanwhile; a record that
/// calls itself complete and lacks what the other one ran.
class ColleagueTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @RegisterExtension
    final DatabasePair pair = DatabasePair.of("15", "17");

    private final Endpoint source = pair.source();
    private final Endpoint target = pair.target();
    private final Credentials credentials = new Credentials(source.password(), target.password());
    private final Plan plan =
            Plan.of(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());

    @TempDir
    Path folder;

    @Test
    void whoComesBackGoesOnFromWhereTheOtherWasAndHasBothsStatements() throws Exception {
        begin();
        try (var desk = desk("bob@two")) {
            var migration = attach(desk);
            assertWhole(migration, "create publication");
            go(migration, new Command.Verify()); // which rows were open, only that run knew
            go(migration, new Command.CutOver(target.profile().database()));
            assertWhole(migration, "create publication", "handed_over");
        }

        try (var desk = desk("ann@one")) {
            assertEquals(Stage.STREAMING, desk.saved().getFirst().stage(), "all that she knows by herself");
            var migration = desk.resume(plan.id(), credentials).get(30, TimeUnit.SECONDS);
            assertEquals(Stage.REVERSE_OPEN, migration.state().get().stage());
            assertEquals(Side.TARGET, migration.state().get().owner());
            var refused = assertInstanceOf(
                    Answer.Refused.class,
                    migration.submit(new Command.CutOver(target.profile().database())));
            assertTrue(!refused.reason().isEmpty());
            assertWhole(migration, "create publication", "handed_over");
            go(migration, new Command.Verify());
            go(migration, new Command.RollBack(source.profile().database()));
        }

        try (var desk = desk("bob@two")) {
            var migration = attach(desk);
            assertEquals(Stage.STREAMING, migration.state().get().stage());
            assertEquals(2, migration.state().get().cutovers().size(), "both hand-overs");
            go(migration, new Command.Retire());
            assertWhole(migration, "create publication", "handed_over", "drop schema");
        }
    }

    @Test
    void whatACopyLacksIsSaidWithWhoAndWhen() throws Exception {
        begin();
        // as if her computer had gone down before it could leave them there
        pair.run(Side.TARGET, "delete from handover.statement where line like '%publication%'");
        pair.run(Side.TARGET, "update handover.statements_until set until = '2026-01-01T00:00:00Z'");

        try (var desk = desk("bob@two")) {
            var migration = attach(desk);
            StatementLog log = migration.statements().get(30, TimeUnit.SECONDS);
            assertEquals(1, log.missing().size(), log.missing()::toString);
            List<AuditEvent> hers = migration.state().get().audit().events().stream()
                    .filter(event -> event.who().equals("ann@one"))
                    .toList();
            String sentence = log.missing().getFirst();
            assertTrue(
                    sentence.startsWith(
                            "What ann@one ran from " + hers.getFirst().at() + " to "),
                    sentence);
            String html = MigrationReport.html(migration.state().get(), log, Instant.EPOCH);
            assertTrue(html.contains(sentence), "the record says so");
            assertTrue(!html.contains("No computer's statements are missing"));
        }
    }

    /// Its last lines never reached the target, and somebody else went on from what was there.
    @Test
    void linesThatNobodyElseKnewAreSetAsideAndNotMixedIn() throws Exception {
        begin();
        pair.run(
                Side.TARGET,
                "delete from handover.journal where number > (select max(number) - 2 from handover.journal)");
        int known;
        try (var desk = desk("bob@two")) {
            var migration = attach(desk);
            go(migration, new Command.Verify());
            known = migration.state().get().audit().events().size();
        }

        try (var desk = desk("ann@one")) {
            var migration = desk.resume(plan.id(), credentials).get(30, TimeUnit.SECONDS);
            List<AuditEvent> events = migration.state().get().audit().events();
            assertEquals(known + 1, events.size(), events::toString);
            assertTrue(events.getLast().text().contains("journal-set-aside-"), events.getLast()::text);
            try (var files = java.nio.file.Files.list(
                    folder.resolve("ann@one").resolve(plan.id().value()))) {
                assertEquals(
                        1,
                        files.filter(file -> file.getFileName().toString().startsWith("journal-set-aside-"))
                                .count());
            }
        }
    }

    private void begin() throws Exception {
        pair.run(Side.SOURCE, "create table t (id int primary key)");
        pair.run(Side.SOURCE, "insert into t select generate_series(1, 20)");
        try (var desk = desk("ann@one")) {
            var migration = desk.begin(plan, credentials).get(30, TimeUnit.SECONDS);
            go(migration, new Command.Start());
            go(migration, new Command.Verify());
        }
    }

    private Migration attach(EngineDesk desk) throws Exception {
        var migration = desk.attach(source, target).get(30, TimeUnit.SECONDS).orElseThrow();
        Eventually.await(LONG, "nothing runs", () -> !migration.state().get().busy());
        return migration;
    }

    private static void assertWhole(Migration migration, String... parts) throws Exception {
        StatementLog log = migration.statements().get(30, TimeUnit.SECONDS);
        assertEquals(List.of(), log.missing());
        for (String part : parts) {
            assertEquals(
                    1,
                    Math.min(
                            1,
                            log.run().stream()
                                    .filter(s ->
                                            s.sql().toLowerCase(Locale.ROOT).contains(part))
                                    .count()),
                    part);
        }
        assertEquals(log.run().size(), log.run().stream().distinct().count(), "none twice");
    }

    private static void go(Migration migration, Command command) throws InterruptedException {
        Eventually.await(
                LONG, "it is accepted", () -> migration.refusal(command).isEmpty());
        assertEquals(new Answer.Accepted(), migration.submit(command));
        Eventually.await(LONG, "the step ends", () -> !migration.state().get().busy());
        assertEquals(Optional.empty(), migration.state().get().problem());
    }

    private EngineDesk desk(String who) {
        return new EngineDesk(folder.resolve(who), Clock.systemUTC(), threads, who);
    }
}

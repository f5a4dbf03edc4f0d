package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.AuditEvent;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.CutoverReport;
import io.handover.model.Endpoint;
import io.handover.model.GateOverride;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.model.StatementLog;
import io.handover.report.Fingerprint;
import io.handover.report.MigrationReport;
import io.handover.report.ReportJson;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A comparison has grown old, and somebody hands over all the same.
class GateOverrideTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Command.OverrideGate OVERRIDE =
            new Command.OverrideGate("verified", "compared by hand this morning");

    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    private final NamedThreads threads = new NamedThreads(_ -> {});

    @TempDir
    Path folder;

    @Test
    void itOutlivesARestartEndsWithTheReadingItWasGivenForAndIsOnRecord() throws Exception {
        PgServer oldServer = PgServer.major("15");
        PgServer newServer = PgServer.major("17");
        Endpoint source = oldServer.endpoint(oldServer.newDatabase());
        Endpoint target = newServer.endpoint(newServer.newDatabase());
        try (var connection = oldServer.open(source.profile().database());
                var sql = connection.createStatement()) {
            sql.execute("create table t (id int primary key)");
            sql.execute("insert into t select generate_series(1, 20)");
        }
        var credentials = new Credentials(source.password(), target.password());
        var plan = Plan.of(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());
        var cutOver = new Command.CutOver(target.profile().database());
        try (var desk = desk("ann@one")) {
            var migration = desk.begin(plan, credentials).get(30, TimeUnit.SECONDS);
            go(migration, new Command.Start());
            reads(migration, "verified", "not yet compared");
            refused(migration, OVERRIDE, "cannot be overridden");
            go(migration, new Command.Verify());
            Eventually.await(
                    LONG, "the gates open", () -> migration.refusal(cutOver).isEmpty());
            refused(migration, OVERRIDE, "nothing to override");

            later.set(Duration.ofHours(25));
            reads(migration, "verified", "25 hours ago");
            refused(migration, new Command.OverrideGate("verified", " \n"), "Say why");
            refused(migration, new Command.OverrideGate("weather", "sun"), "no gate weather");
            Eventually.await( // until its next sample the stream trails by 25 hours as well
                    LONG,
                    "the age of the proof is what forbids it",
                    () -> migration.refusal(cutOver).orElse("").contains("25 hours ago"));
            assertEquals(new Answer.Accepted(), migration.submit(OVERRIDE));
            Eventually.await(
                    LONG, "one can go on", () -> migration.refusal(cutOver).isEmpty());
        }
        try (var desk = desk("bob@two")) {
            var seen = desk.look(source, target).get(30, TimeUnit.SECONDS).orElseThrow();
            assertEquals("ann@one", seen.audit().inForce(Side.SOURCE).getFirst().by(), "a colleague sees it");
            var migration = desk.resume(plan.id(), credentials).get(30, TimeUnit.SECONDS);
            Eventually.await(
                    LONG, "it still holds", () -> migration.refusal(cutOver).isEmpty());

            later.set(Duration.ofHours(50)); // a day older: not what was accepted
            reads(migration, "verified", "50 hours ago");
            Eventually.await(LONG, "it is void", () -> last(migration).endedAt().isPresent());
            assertTrue(
                    last(migration).ended().contains("otherwise now: that was 50 hours ago"), last(migration)::ended);
            assertTrue(migration.refusal(cutOver).isPresent());

            assertEquals(new Answer.Accepted(), migration.submit(OVERRIDE));
            assertEquals(new Answer.Accepted(), migration.submit(new Command.WithdrawOverride("verified")));
            assertTrue(migration.refusal(cutOver).isPresent(), "withdrawn");
            refused(migration, new Command.WithdrawOverride("verified"), "not overridden");

            assertEquals(new Answer.Accepted(), migration.submit(OVERRIDE));
            Eventually.await(
                    LONG, "one can go on", () -> migration.refusal(cutOver).isEmpty());
            Set<Boolean> ofTheWayBack = ConcurrentHashMap.newKeySet();
            try (var _ = migration.state().listen(now -> saysOfTheWayBack(now, migration, ofTheWayBack))) {
                go(migration, cutOver);
                reads(migration, "lag", "behind");
            }
            assertEquals(Set.of(true), ofTheWayBack, "nothing of what was read before the cutover");

            CutoverReport report = migration.state().get().lastCutover().orElseThrow();
            assertEquals(CutoverReport.Outcome.DONE, report.outcome());
            assertTrue(report.notes().toString().contains("by bob@two: compared by hand"), report.notes()::toString);
            assertTrue(last(migration).ended().contains("used"), last(migration)::ended);
            List<AuditEvent> events = migration.state().get().audit().events();
            assertTrue(
                    events.stream()
                            .anyMatch(e -> e.kind() == AuditEvent.Kind.COMMAND
                                    && e.who().equals("bob@two")
                                    && e.text()
                                            .equals("CutOver, confirmed by typing "
                                                    + target.profile().database())),
                    events::toString);
            assertRecorded(migration, source);
            go(migration, new Command.Retire());
        }
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    /// Looks at the gates as whoever is told that the target owns the data.
    private static void saysOfTheWayBack(MigrationState now, Migration migration, Set<Boolean> answers) {
        if (now.owner() == Side.TARGET) {
            answers.add(migration
                    .gates()
                    .get()
                    .gate("lag")
                    .map(gate -> gate.title().startsWith("The source"))
                    .orElse(true));
        }
    }

    /// The record holds what happened before the restart too.
    private static void assertRecorded(Migration migration, Endpoint source) throws Exception {
        StatementLog log = migration.statements().get(30, TimeUnit.SECONDS);
        List<SqlRecord> statements = log.run();
        assertEquals(List.of(), log.missing(), "this folder has what ann ran");
        assertTrue(has(statements, "create publication"), "of the first run");
        assertTrue(has(statements, "handed_over"), "of this one");
        assertTrue(has(statements, "create subscription"), "one that names a password");
        assertFalse(statements.toString().contains(source.password().reveal()), "no password");
        var state = migration.state().get();
        String html = MigrationReport.html(state, log, Instant.EPOCH);
        String json = ReportJson.json(state, log, Instant.EPOCH);
        assertTrue(Fingerprint.matches(json));
        for (String text : List.of(html, json)) {
            assertTrue(text.contains("compared by hand this morning"), "the reason");
            assertTrue(text.contains("ann@one") && text.contains("bob@two"), "by whom");
            assertTrue(
                    text.contains("CutOver, confirmed by typing "
                            + state.plan().target().database()),
                    "the typed confirmation");
            assertTrue(text.toLowerCase(Locale.ROOT).contains("create publication"), "what was run");
            assertTrue(
                    Pattern.compile("everything up to [0-9A-F]+/[0-9A-F]+ of the source")
                            .matcher(text)
                            .find(),
                    "the fence");
        }
    }

    private static boolean has(List<SqlRecord> statements, String part) {
        return statements.stream()
                .anyMatch(s -> s.sql().toLowerCase(Locale.ROOT).contains(part));
    }

    private EngineDesk desk(String who) {
        return new EngineDesk(folder.resolve("state"), () -> Instant.now().plus(later.get()), threads, who);
    }

    private static GateOverride last(Migration migration) {
        return migration.state().get().audit().overrides().getLast();
    }

    private static void reads(Migration migration, String gate, String detail) throws InterruptedException {
        Eventually.await(
                LONG,
                gate + " reads " + detail,
                () -> migration
                        .gates()
                        .get()
                        .gate(gate)
                        .filter(reading -> reading.detail().contains(detail))
                        .isPresent());
    }

    private static void refused(Migration migration, Command command, String why) {
        var refused = assertInstanceOf(Answer.Refused.class, migration.submit(command));
        assertTrue(refused.reason().contains(why), refused::reason);
    }

    private static void go(Migration migration, Command command) throws InterruptedException {
        assertEquals(new Answer.Accepted(), migration.submit(command));
        Eventually.await(LONG, "the step ends", () -> !migration.state().get().busy());
        assertEquals(Optional.empty(), migration.state().get().problem());
    }
}

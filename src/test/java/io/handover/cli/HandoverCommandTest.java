package io.handover.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.CopyMethod;
import io.handover.model.CutoverReport;
import io.handover.model.Environment;
import io.handover.model.FreezeMethod;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.Lsn;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Overriding;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TlsMode;
import io.handover.model.VerifyReport;
import io.handover.model.Waves;
import io.handover.ui.FakeDesk;
import io.handover.ui.FakeMigration;
import io.handover.ui.Samples;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line's contract: statuses, what goes where, and that no password is told.
class HandoverCommandTest {

    private static final String SOURCE = "postgresql://u:s3cret@h/shop";
    private static final String TARGET = "postgresql://u:s3cret@h2/shop";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FakeDesk desk = new FakeDesk();

    @Test
    void aWrongCommandLineIsStatusTwo() {
        assertEquals(2, run());
        assertEquals(2, run("migrate"));
        assertEquals(2, run("nonsense"));
        assertEquals(2, run("check", "--source", SOURCE, "--target", "mysql://h/d"));
        assertEquals(2, run("check", "--source", "env:NOT_SET", "--target", TARGET));
        assertEquals(2, run("check", "--source", SOURCE, "--target", TARGET, "--workers", "0"));
        assertEquals(2, run("check", "--source", SOURCE, "--target", TARGET, "--exclude-table", "noschema"));
        assertFalse(told().contains("s3cret"), told());
    }

    @Test
    void aCleanCheckIsStatusZeroAndItsJsonStandsAloneOnStandardOutput() {
        assertEquals(0, run("check", "--source", SOURCE, "--target", TARGET, "--json"));
        assertTrue(out.toString(StandardCharsets.UTF_8).strip().startsWith("{"), told());
    }

    @Test
    void aPasswordThatTheProcessListShowsIsToldOnceAndOneFromTheEnvironmentIsNot() {
        assertEquals(0, run("check", "--source", SOURCE, "--target", "env:B"));
        String told = err.toString(StandardCharsets.UTF_8);
        assertEquals(2, told.split("in the process list", -1).length, told);
        assertTrue(told.contains("HANDOVER_SOURCE_PASSWORD"), told);
        assertFalse(told.contains("s3cret"), told);
    }

    @Test
    void optionsOfACopyThatContradictEachOtherAreWrongUsage() {
        assertEquals(2, run("check", "--source", SOURCE, "--target", TARGET, "--archive", "/backup"));
        assertTrue(told().contains("--copy ARCHIVE"), told());
        assertEquals(2, run("check", "--source", SOURCE, "--target", TARGET, "--waves", "2", "--wave-size", "3"));
        assertTrue(told().contains("not both"), told());
        assertEquals(2, run("check", "--source", SOURCE, "--target", TARGET, "--wave", "app.a,b"));
        assertTrue(told().contains("schema.name, not b"), told());
        assertEquals(
                2,
                run(
                        "check",
                        "--source",
                        SOURCE,
                        "--target",
                        TARGET,
                        "--copy",
                        "ARCHIVE",
                        "--archive-compress",
                        "best"));
        assertTrue(told().contains("not best"), told());
        assertEquals(
                0, run("check", "--source", SOURCE, "--target", TARGET, "--copy", "ARCHIVE", "--wave", "app.a,app.b"));
    }

    @Test
    void rolesOfAFreezeGoIntoThePlan() {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var state = MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile))
                .in(Stage.STREAMING);
        var migration = new FakeMigration(state);
        desk.withRunning(migration);
        var line = List.of("cutover", "--source", SOURCE, "--target", TARGET);
        assertEquals(2, run(with(line, "--freeze", "NAMED_ROLES")));
        assertTrue(told().contains("--freeze-role NAME"), told());
        assertEquals(2, run(with(line, "--freeze", "LOCK_TABLES", "--freeze-role", "shop")));
        assertTrue(told().contains("--freeze-role is for"), told());

        assertEquals(3, run(with(line, "--freeze-role", "shop", "--freeze-role", "a \"b\", c")));
        Plan plan = migration.state().get().plan();
        assertEquals(FreezeMethod.NAMED_ROLES, plan.freeze());
        assertEquals(List.of("shop", "a \"b\", c"), plan.freezeRoles());

        assertEquals(3, run(with(line, "--deadline", "9")));
        assertEquals(
                List.of("shop", "a \"b\", c"), migration.state().get().plan().freezeRoles());
        assertEquals(3, run(with(line, "--freeze", "LOCK_TABLES")));
        assertEquals(List.of(), migration.state().get().plan().freezeRoles());
    }

    private static String[] with(List<String> line, String... more) {
        return Stream.concat(line.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void aUriMayComeFromTheEnvironment() {
        var command = new HandoverCommand(
                desk,
                Clock.systemUTC(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("A", SOURCE, "B", TARGET));
        assertEquals(0, command.run("check", "--source", "env:A", "--target=env:B"));
    }

    @Test
    void withoutAMigrationThereIsNothingToDo() {
        for (String command : List.of("status", "verify", "cutover", "rollback", "retry", "retire", "discard")) {
            assertEquals(3, run(command, "--source", SOURCE, "--target", TARGET), command);
        }
    }

    @Test
    void aCutoverThatNobodyCanConfirmIsBlocked() {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var state = MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile))
                .in(Stage.STREAMING);
        var migration = new FakeMigration(state);
        desk.withRunning(migration);
        assertEquals(3, run("cutover", "--source", SOURCE, "--target", TARGET));
        assertTrue(told().contains("--yes"), told());
    }

    @Test
    void afterAFailureItSaysAtOnceWhatToDoFirstAndRetryDoesIt() {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var problem = new Problem("stream-disabled", "The stream is off.", "Nothing is lost.", "Retry.", "");
        var failed = Samples.failed(
                MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile)),
                Stage.REVERSE_OPEN,
                problem);
        var migration = new FakeMigration(failed);
        desk.withRunning(migration);
        for (String command : List.of("cutover", "rollback", "verify")) {
            var line = List.of(command, "--source", SOURCE, "--target", TARGET);
            assertEquals(1, run(line.toArray(String[]::new)), command);
            assertTrue(told().contains("The stream is off."), told());
            assertTrue(told().contains("handover retry"), told());
        }
        assertEquals(
                List.of(),
                migration.asked().stream()
                        .filter(c -> !(c instanceof Command.ChangePlan))
                        .toList());

        assertEquals(1, run("retry", "--source", SOURCE, "--target", TARGET), "it failed again");
        assertTrue(migration.asked().contains(new Command.Retry()));
    }

    @Test
    void beforeACopyItIsSaidOnceHowLongItWillTake() {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var plan = Plan.of(new MigrationId("0000000a"), profile, profile)
                .with(CopyMethod.ARCHIVE)
                .with(new Waves(List.of(), 2, 0));
        desk.withRunning(new FakeMigration(MigrationState.draft(plan)).refuse(Command.Start.class, "not today"));
        assertEquals(3, run("migrate", "--source", SOURCE, "--target", TARGET));
        String said = err.toString(StandardCharsets.UTF_8);
        assertEquals(1, said.lines().filter(line -> line.contains("forecast:")).count(), said);
        assertTrue(said.contains("in 2 waves"), said);
        assertTrue(said.contains("the archive about 21.5 GB, 11.8 GB free"), said);
        assertTrue(said.contains("TOO LITTLE"), said);
        assertFalse(out.toString(StandardCharsets.UTF_8).contains("forecast"), "results only");

        err.reset();
        var streaming = MigrationState.draft(plan).in(Stage.STREAMING);
        desk.withRunning(new FakeMigration(streaming));
        run("migrate", "--source", SOURCE, "--target", TARGET, "--until", "streaming");
        assertFalse(told().contains("forecast"), "nothing is copied any more");
    }

    @Test
    void onlyWhatChangedIsReadIfThatIsAskedFor() {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var state = MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile))
                .in(Stage.STREAMING);
        var migration = new FakeMigration(state);
        desk.withRunning(migration);

        run("verify", "--changed", "--source", SOURCE, "--target", TARGET);
        assertTrue(migration.asked().contains(new Command.Verify(true)), () -> migration.asked() + told());
        run("verify", "--source", SOURCE, "--target", TARGET);
        assertTrue(migration.asked().contains(new Command.Verify()), () -> migration.asked() + told());
    }

    @Test
    void aHandOverInTheWrongStageIsRefusedWithoutWaitingForGates() {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var state = MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile))
                .in(Stage.STREAMING);
        desk.withRunning(new FakeMigration(state).refuse(Command.RollBack.class, "There is no window to roll back in"));
        assertEquals(3, run("rollback", "--source", SOURCE, "--target", TARGET, "--yes"));
        assertTrue(told().contains("no window"), told());
    }

    @Test
    void anOverrideIsAskedForBeforeTheCutoverAndARefusedOneEndsIt() {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var state = MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile))
                .in(Stage.STREAMING);
        var closed = new GateReading(
                "same-schema", false, "The same schema", "1 difference", "", new Overriding.Possible("Slow.", "a1"));
        var late = Instant.now().plusSeconds(3600); // a reading of after the command
        var migration = new FakeMigration(state);
        migration.gates().set(new GatesView(late, List.of(closed), Duration.ZERO));
        desk.withRunning(migration);
        String[] line = {
            "cutover", "--source", SOURCE, "--target", TARGET, "--yes", "--override", "same-schema=by night, a=b"
        };
        run(line);
        var asked = migration.asked();
        int override = asked.indexOf(new Command.OverrideGate("same-schema", "by night, a=b"));
        assertTrue(override >= 0 && override < asked.indexOf(new Command.CutOver("shop")), asked::toString);

        var unattended = new FakeMigration(state);
        unattended.gates().set(new GatesView(late, List.of(closed), Duration.ZERO));
        desk.withRunning(unattended);
        String[] migrate = {
            "migrate", "--source", SOURCE, "--target", TARGET, "--yes", "--override", "same-schema=by night"
        };
        assertEquals(2, run(migrate), "there is no gate before the cutover");
        assertEquals(List.of(), unattended.asked());

        var stubborn = new FakeMigration(state).refuse(Command.OverrideGate.class, "It cannot be overridden.");
        stubborn.gates().set(new GatesView(late, List.of(closed), Duration.ZERO));
        desk.withRunning(stubborn);
        assertEquals(3, run(line));
        assertTrue(told().contains("cannot be overridden"), told());
        assertFalse(stubborn.asked().contains(new Command.CutOver("shop")), "nothing was stopped");
    }

    /// Nobody attends: past the gate that is overridden, and not past one that cannot be.
    @Test
    void aMigrationGoesPastTheGateThatIsOverriddenAndPastNoOther() {
        var late = Instant.now().plusSeconds(3600); // readings of after the command
        var possible = new GateReading(
                "same-schema", false, "The same schema", "1 difference", "", new Overriding.Possible("Slow.", "a1"));
        var open = new GateReading("lag", true, "The target keeps up", "0 kB behind", "");
        var migration = unattended(late);
        migration.gates().set(new GatesView(late, List.of(possible, open), Duration.ZERO));
        desk.withRunning(migration);
        String[] line = {
            "migrate",
            "--source",
            SOURCE,
            "--target",
            TARGET,
            "--until",
            "cutover",
            "--yes",
            "--override",
            "same-schema=by night",
            "--override",
            "lag=for once"
        };

        assertEquals(0, run(line), told());

        assertEquals(
                List.of(
                        new Command.Verify(),
                        new Command.OverrideGate("same-schema", "by night"),
                        new Command.CutOver("shop")),
                migration.asked(),
                "one that is open needs no override");

        var guarded = unattended(late).refuse(Command.OverrideGate.class, "It guards rows and cannot be overridden.");
        guarded.gates().set(new GatesView(late, List.of(possible, open), Duration.ZERO));
        desk.withRunning(guarded);
        assertEquals(3, run(line));
        assertTrue(told().contains("guards rows"), told());
        assertEquals(List.of(new Command.Verify()), guarded.asked(), "nothing was stopped");
    }

    /// One that streams, and does at once what it is asked to.
    private static FakeMigration unattended(Instant when) {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var state = MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile))
                .in(Stage.STREAMING);
        var equal = new VerifyReport(
                when, Duration.ZERO, true, Side.SOURCE, "", Lsn.parse("0/1"), Duration.ZERO, List.of(), List.of());
        var done = new CutoverReport(
                Side.SOURCE,
                when,
                Optional.empty(),
                Optional.empty(),
                CutoverReport.Outcome.DONE,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        return new FakeMigration(state)
                .answer(Command.Verify.class, now -> Samples.verified(now, equal))
                .answer(
                        Command.CutOver.class,
                        now -> Samples.cutOver(now, Stage.REVERSE_OPEN, Side.TARGET, done, Optional.empty()));
    }

    @Test
    void statusSaysWhatKeepsTheNextHandOverBackAndWhatToDo() {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var state = MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile))
                .in(Stage.STREAMING);
        var closed = new GateReading(
                "verified",
                false,
                "Both sides were proved equal",
                "not yet compared",
                "Verify first.",
                new Overriding.Never("x"));
        var migration = new FakeMigration(state);
        migration.gates().set(new GatesView(Instant.now(), List.of(closed), Duration.ZERO));
        desk.withRunning(migration);
        assertEquals(0, run("status", "--source", SOURCE, "--target", TARGET), told());
        assertTrue(told().contains("0 of 1 gates hold"), told());
        assertTrue(told().contains("verified: Both sides were proved equal: not yet compared"), told());
        assertTrue(told().contains("Verify first."), told());
    }

    @Test
    void theRecordIsWrittenAsHtmlOrJsonAndAFolderThatIsMissingIsTold(@TempDir Path folder) throws Exception {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var state = MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile));
        desk.withRunning(new FakeMigration(state));
        Path html = folder.resolve("record.html");
        assertEquals(0, run("status", "--source", SOURCE, "--target", TARGET, "--report", html.toString()), told());
        assertTrue(Files.readString(html).startsWith("<!doctype html>"));

        Path json = folder.resolve("record.JSON");
        assertEquals(0, run("status", "--source", SOURCE, "--target", TARGET, "--report=" + json), told());
        assertTrue(Files.readString(json).contains("\"0000000a\""), Files.readString(json));
        assertFalse((Files.readString(html) + Files.readString(json)).contains("s3cret"));

        Path nowhere = folder.resolve("no").resolve("record.html");
        assertEquals(1, run("status", "--source", SOURCE, "--target", TARGET, "--report=" + nowhere));
        assertTrue(told().contains("cannot be written"), told());
    }

    @Test
    void aPgBouncerIsPutIntoThePlanWithoutAPasswordAndTakenOutAgain(@TempDir Path folder) throws Exception {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        var state = MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile))
                .in(Stage.STREAMING);
        var migration = new FakeMigration(state);
        desk.withRunning(migration);
        String[] cutover = {"cutover", "--source", SOURCE, "--target", TARGET, "--runbook"};
        String file = folder.resolve("ticket.md").toString();

        assertEquals(2, run(with(cutover, file, "--pgbouncer", "postgresql://boss:geheim@pool/shop")), told());
        assertFalse(told().contains("geheim"), told());
        assertEquals(List.of(), migration.asked());

        assertEquals(0, run(with(cutover, file, "--pgbouncer", "postgresql://boss@pool")), told());
        var pooler = migration.state().get().plan().poolers().getFirst();
        assertEquals("shop", pooler.database());
        assertEquals(6432, pooler.console().port());
        assertTrue(Files.readString(Path.of(file)).startsWith("# A cutover"));
        assertFalse(migration.asked().contains(new Command.CutOver("shop")), "a runbook hands nothing over");

        assertEquals(0, run(with(cutover, file)), told());
        assertEquals(1, migration.state().get().plan().poolers().size(), "it stays in the plan");
        assertEquals(0, run(with(cutover, file, "--pgbouncer", "none")), told());
        assertEquals(List.of(), migration.state().get().plan().poolers());

        assertEquals(1, run(with(cutover, folder.resolve("no").resolve("x.md").toString())), told());
        assertTrue(told().contains("cannot be written"), told());
    }

    private static String[] with(String[] line, String... more) {
        return Stream.concat(Stream.of(line), Stream.of(more)).toArray(String[]::new);
    }

    private int run(String... args) {
        return new HandoverCommand(
                        desk,
                        Clock.systemUTC(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of("B", TARGET))
                .run(args);
    }

    private String told() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }
}

package io.handover.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.CopyMethod;
import io.handover.model.Environment;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.Profile;
import io.handover.model.Stage;
import io.handover.model.TlsMode;
import io.handover.model.Waves;
import io.handover.ui.FakeMigration;
import io.handover.ui.Samples;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The command line's contract: statuses, what goes where, and that no password is told.
class HandoverCommandTest extends CommandFixture {

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
}

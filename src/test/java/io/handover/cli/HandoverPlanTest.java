package io.handover.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.Environment;
import io.handover.model.FreezeMethod;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Overriding;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Stage;
import io.handover.model.TlsMode;
import io.handover.ui.FakeMigration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What options of the command line put into the plan and into files.
class HandoverPlanTest extends CommandFixture {

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
}

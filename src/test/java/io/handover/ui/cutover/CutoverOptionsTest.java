package io.handover.ui.cutover;

import static io.handover.ui.FakeMigration.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.AuditEvent;
import io.handover.model.Command;
import io.handover.model.FreezeMethod;
import io.handover.model.Plan;
import io.handover.model.Pooler;
import io.handover.model.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.ScrollPane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/// What is chosen before a cutover, and saved in the plan.
class CutoverOptionsTest extends CutoverPageFixture {

    @Start
    void start(javafx.stage.Stage stage) {
        show(stage);
    }

    @Test
    void optionsAreSavedInThePlan(FxRobot robot) throws Exception {
        gates(true);
        robot.clickOn("#options-edit").clickOn("#option-freeze-2");
        fill(robot, "#option-deadline", "45");
        fill(robot, "#hook-switch", "switch.sh --to \"$DATABASE_URL\"");
        frame.pictures(robot, "cutover-options");
        robot.interact(() -> robot.lookup("#cutover-save").queryButton().fire());
        WaitForAsyncUtils.waitForFxEvents();

        Plan plan = migration.state().get().plan();
        assertEquals(Duration.ofSeconds(45), plan.deadline());
        assertEquals(FreezeMethod.END_SESSIONS, plan.freeze());
        assertEquals("switch.sh --to \"$DATABASE_URL\"", plan.hooks().switchOver());
        assertTrue(robot.lookup("#options-summary").queryLabeled().getText().contains("1 hook"));
    }

    @Test
    void rolesAreTickedAndSavedInThePlan(FxRobot robot) throws Exception {
        gates(true);
        robot.clickOn("#options-edit").clickOn("#option-freeze-3");
        WaitForAsyncUtils.waitForFxEvents();
        assertTrue(robot.lookup("#cutover-save").queryButton().isDisabled(), "no role is ticked");
        assertTrue(robot.lookup("#options-wrong").queryLabeled().getText().contains("at least one role"));

        tick(robot, 2);
        tick(robot, 3);
        robot.interact(
                () -> robot.lookup(".scroll-pane").queryAs(ScrollPane.class).setVvalue(0.33));
        frame.pictures(robot, "cutover-roles");
        robot.interact(() -> robot.lookup("#cutover-save").queryButton().fire());
        WaitForAsyncUtils.waitForFxEvents();

        Plan plan = migration.state().get().plan();
        assertEquals(FreezeMethod.NAMED_ROLES, plan.freeze());
        assertEquals(List.of("shop", "shop \"batch\" "), plan.freezeRoles());
        assertTrue(robot.lookup("#options-summary").queryLabeled().getText().startsWith("By role (shop"));

        robot.clickOn("#options-edit").clickOn("#option-freeze-1");
        robot.interact(() -> robot.lookup("#cutover-save").queryButton().fire());
        WaitForAsyncUtils.waitForFxEvents();
        assertEquals(List.of(), migration.state().get().plan().freezeRoles());
    }

    private static void tick(FxRobot robot, int number) {
        var box = robot.lookup("#option-role-" + number).queryAs(CheckBox.class);
        robot.interact(box::fire);
        WaitForAsyncUtils.waitForFxEvents();
    }

    @Test
    void nonsenseIsNotSaved(FxRobot robot) {
        gates(true);
        robot.clickOn("#options-edit");

        fill(robot, "#option-deadline", "0");

        assertTrue(robot.lookup("#cutover-save").queryButton().isDisabled());
        assertTrue(robot.lookup("#options-wrong").queryLabeled().getText().contains("1 to 600"));
    }

    @Test
    void aPgBouncerIsSavedInThePlanAndItsPasswordIsNot(FxRobot robot) throws Exception {
        gates(true);
        robot.clickOn("#options-edit");
        var address = robot.lookup("#option-pgbouncer").queryTextInputControl();
        robot.interact(() -> address.setText("postgresql://boss:geheim@db.example/shop"));
        assertTrue(robot.lookup("#cutover-save").queryButton().isDisabled());
        assertTrue(robot.lookup("#options-wrong").queryLabeled().getText().contains("leave the password out"));

        robot.interact(() -> address.setText("postgresql://boss@db.example:6432/shop\n"));
        fill(robot, "#option-pgbouncer-password", "geheim");
        robot.interact(() -> robot.lookup("#cutover-save").queryButton().fire());
        WaitForAsyncUtils.waitForFxEvents();

        Plan plan = migration.state().get().plan();
        var pooler = Pooler.parse("postgresql://boss@db.example:6432/shop", "");
        assertEquals(List.of(pooler), plan.poolers());
        assertFalse(plan.toString().contains("geheim"));
        assertEquals(Secret.of("geheim"), ui.context().store().consoles().of(pooler.console()));
        assertTrue(robot.lookup("#options-summary").queryLabeled().getText().contains("PgBouncer"));
        robot.clickOn("#options-edit");
        assertEquals(
                "",
                robot.lookup("#option-pgbouncer-password")
                        .queryTextInputControl()
                        .getText());
        robot.interact(
                () -> robot.lookup(".scroll-pane").queryAs(ScrollPane.class).setVvalue(0.62));
        frame.pictures(robot, "cutover-pgbouncer");
    }

    @Test
    void aRehearsalIsAskedForAndWhatItFoundStaysOnThePage(FxRobot robot) throws Exception {
        gates(true);
        assertFalse(robot.lookup("#cutover-rehearsal").query().isVisible());
        robot.interact(
                () -> robot.lookup("#cutover-rehearse").queryAs(Hyperlink.class).fire());
        assertEquals(List.of(new Command.Rehearse()), migration.asked());

        var note = new AuditEvent(NOON, "ada@desk", AuditEvent.Kind.NOTE, "Rehearsal: writes would pause for 57 ms");
        migration.publish(state -> state.with(state.audit().with(note)));
        WaitForAsyncUtils.waitForFxEvents();
        var found = robot.lookup("#cutover-rehearsal").queryLabeled();
        assertTrue(found.isVisible());
        assertTrue(found.getText().contains("57 ms"));
        frame.pictures(robot, "cutover-rehearsed");
    }

    @Test
    void theRunbookIsWrittenWhereOneSays(FxRobot robot, @TempDir Path folder) throws Exception {
        gates(true);
        ui.picking(folder.resolve("ticket.md"));
        robot.interact(
                () -> robot.lookup("#cutover-runbook").queryAs(Hyperlink.class).fire());
        WaitForAsyncUtils.waitForFxEvents();
        assertTrue(Files.readString(folder.resolve("ticket.md")).startsWith("# A cutover"));
    }
}

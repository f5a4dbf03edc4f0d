package io.handover.ui.cutover;

import static io.handover.ui.FakeMigration.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.AuditEvent;
import io.handover.model.Command;
import io.handover.model.CutoverReport;
import io.handover.model.CutoverReport.Outcome;
import io.handover.model.Eta;
import io.handover.model.FreezeMethod;
import io.handover.model.GateOverride;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.HookRun;
import io.handover.model.LagView;
import io.handover.model.Lsn;
import io.handover.model.Overriding;
import io.handover.model.Plan;
import io.handover.model.Pooler;
import io.handover.model.Problem;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.model.SlotLag;
import io.handover.model.SlotReading;
import io.handover.model.Stage;
import io.handover.model.TimelineEntry;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageStage;
import io.handover.ui.PrimaryAction;
import io.handover.ui.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
class CutoverPageTest {

    private final FakeMigration migration = new FakeMigration(Stage.STREAMING);
    private FakeUi ui;
    private CutoverPage page;
    private PageStage frame;

    @Start
    void start(javafx.stage.Stage stage) {
        ui = FakeUi.with(migration);
        page = new CutoverPage(ui.context());
        frame = PageStage.show(stage, page);
    }

    @Test
    void aClosedGateForbidsTheCutoverAndSaysWhatToDo(FxRobot robot) throws Exception {
        gates(false);
        type(robot, "orders");

        assertEquals("1 gate is closed", primary().refusal().orElseThrow());
        assertEquals(
                "1 gate is closed", robot.lookup("#gates-state").queryLabeled().getText());
        assertTrue(robot.lookup(".gate-remedy").queryAllAs(Label.class).stream()
                .anyMatch(label -> label.getText().contains("pid 4714")));
        frame.pictures(robot, "cutover-closed");
    }

    @Test
    void aGateThatCostsNoRowIsOverriddenWithAReason(FxRobot robot) throws Exception {
        schemaGate(2, List.of());
        type(robot, "orders");
        assertEquals("2 gates are closed", primary().refusal().orElseThrow());
        assertFalse(visible(robot, "#override-lag"), "that one would lose rows");
        frame.pictures(robot, "cutover-overridable");

        robot.interact(() ->
                robot.lookup("#override-same-schema").queryAs(Hyperlink.class).fire());
        var go = robot.lookup("#override-go-same-schema").queryButton();
        assertTrue(go.isDisabled(), "not without a reason");
        fill(robot, "#override-reason-same-schema", "made on the target at night");
        var field = robot.lookup("#override-reason-same-schema").queryAs(TextField.class);
        robot.interact(field::requestFocus);
        schemaGate(3, List.of());
        assertTrue(field.isFocused(), "a new reading does not take the focus");
        assertEquals("made on the target at night", field.getText());
        frame.pictures(robot, "cutover-override-form");

        robot.interact(go::fire);
        assertEquals(
                List.of(new Command.OverrideGate("same-schema", "made on the target at night")), migration.asked());
    }

    @Test
    void anOverrideSaysByWhomAndCanBeWithdrawn(FxRobot robot) throws Exception {
        schemaGate(2, List.of(override(Samples.LONG_NAME + ", agreed with the owner of the application")));
        assertEquals("1 gate is closed", primary().refusal().orElseThrow(), "the other one still is");
        String decision = robot.lookup(".gate-decision").queryAllAs(Label.class).stream()
                .map(Label::getText)
                .reduce("", String::concat);
        assertTrue(decision.contains("ann@desk-4") && decision.contains(Samples.LONG_NAME), decision);
        assertFalse(visible(robot, "#override-same-schema"));
        frame.pictures(robot, "cutover-overridden");

        robot.interact(() ->
                robot.lookup("#withdraw-same-schema").queryAs(Hyperlink.class).fire());
        assertEquals(List.of(new Command.WithdrawOverride("same-schema")), migration.asked());
    }

    @Test
    void withEveryClosedGateOverriddenTheWayIsOpenAndSaysSo(FxRobot robot) {
        schemaGate(0, List.of(override("because")));
        type(robot, "orders");
        assertEquals(Optional.empty(), primary().refusal());
        assertEquals(
                "1 gate overridden", robot.lookup("#gates-state").queryLabeled().getText());
    }

    private static boolean visible(FxRobot robot, String id) {
        return robot.lookup(id).query().isVisible();
    }

    /// @param behind seconds; 0 opens that gate
    private void schemaGate(int behind, List<GateOverride> overrides) {
        var lag = behind == 0
                ? new GateReading("lag", true, "The target keeps up", "0.1 s behind", "")
                : new GateReading(
                        "lag",
                        false,
                        "The target keeps up",
                        behind + "0 s behind",
                        "Wait until it has caught up; the Replicate page shows when.",
                        new Overriding.Never("Rows that have not arrived would be missing."));
        var schema = new GateReading(
                "same-schema",
                false,
                "The target has the same schema",
                "2 differences: index public." + Samples.LONG_NAME + ", trigger public.orders.audit",
                "The Verify page shows both definitions: make them the same, then verify again.",
                new Overriding.Possible("No row is lost, but the application finds this missing.", "a1"));
        migration.gates().set(new GatesView(NOON, List.of(lag, schema), Duration.ofMillis(84)).under(overrides));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static GateOverride override(String reason) {
        return new GateOverride(
                Side.SOURCE,
                "same-schema",
                "The target has the same schema",
                "2 differences",
                "No row",
                "a1",
                reason,
                "ann@desk-4",
                NOON,
                Optional.empty(),
                "");
    }

    @Test
    void gatesReadLongAgoCountAsClosed(FxRobot robot) {
        gates(true);
        type(robot, "orders");
        assertEquals(Optional.empty(), primary().refusal());

        robot.interact(() -> ui.tick(Duration.ofSeconds(20)));

        assertEquals("The gates were last read 20 s ago", primary().refusal().orElseThrow());
    }

    @Test
    void onlyTheTypedNameOpensTheWay(FxRobot robot) throws Exception {
        gates(true);
        assertTrue(primary().refusal().orElseThrow().contains("orders"));

        type(robot, "Orders");
        assertTrue(primary().refusal().isPresent(), "letter by letter");

        type(robot, "orders");
        assertEquals(Optional.empty(), primary().refusal());
        assertTrue(primary().danger());
        frame.pictures(robot, "cutover-ready");

        robot.interact(primary().run());

        assertEquals(List.of(new Command.CutOver("orders")), migration.asked());
        assertEquals(
                "", robot.lookup("#cutover-confirm").queryAs(TextField.class).getText(), "asked for anew next time");
    }

    @Test
    void enterInTheFieldDoesNothing(FxRobot robot) {
        gates(true);
        type(robot, "orders");

        robot.type(KeyCode.ENTER);

        assertEquals(List.of(), migration.asked());
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

    @Test
    void whileItRunsPauseAndDeadlineCount(FxRobot robot) throws Exception {
        ui.clock().advance(Duration.ofMillis(340));
        cutover(Stage.FENCING, Side.SOURCE, report(Outcome.RUNNING, Optional.empty(), Optional.empty()));

        assertEquals("340 ms", robot.lookup("#live-pause-value").queryLabeled().getText());
        assertEquals("29 s", robot.lookup("#live-deadline-value").queryLabeled().getText());
        assertEquals(Optional.empty(), page.primary().getValue(), "nothing more to press");
        frame.pictures(robot, "cutover-running");
        robot.interact(page::leave);
    }

    @Test
    void afterwardsTheWindowIsOpen(FxRobot robot) throws Exception {
        cutover(Stage.REVERSE_OPEN, Side.TARGET, report(Outcome.DONE, Optional.of(84), Optional.empty()));
        reverse(true);

        assertEquals(
                "The target owns the data; writes paused for 84 ms",
                robot.lookup("#cutover-result .banner-title").queryLabeled().getText());
        assertEquals(
                "47 h 59 min", robot.lookup("#window-left-value").queryLabeled().getText());
        assertTrue(robot.lookup("Rolling back now loses nothing").tryQuery().isPresent());
        frame.pictures(robot, "cutover-window");
    }

    @Test
    void rollBackAsksForTheSourcesName(FxRobot robot) {
        cutover(Stage.REVERSE_OPEN, Side.TARGET, report(Outcome.DONE, Optional.of(84), Optional.empty()));
        reverse(true);
        var button = robot.lookup("#rollback-go").queryButton();
        assertTrue(button.isDisabled());

        robot.interact(
                () -> robot.lookup("#rollback-confirm").queryAs(TextField.class).setText("orders"));
        robot.interact(button::fire);

        assertEquals(List.of(new Command.RollBack("orders")), migration.asked());
    }

    @Test
    void aBrokenWayBackIsSaidSo(FxRobot robot) {
        cutover(Stage.REVERSE_OPEN, Side.TARGET, report(Outcome.DONE, Optional.of(84), Optional.empty()));
        reverse(false);

        assertTrue(robot.lookup("The way back is not open at the moment")
                .tryQuery()
                .isPresent());
        assertFalse(robot.lookup("Rolling back now loses nothing").tryQuery().isPresent());
    }

    @Test
    void undoneSaysWhatWasLate(FxRobot robot) throws Exception {
        gates(true);
        cutover(
                Stage.STREAMING,
                Side.SOURCE,
                report(
                        Outcome.UNDONE,
                        Optional.of(30_000),
                        Optional.of(new Problem(
                                "deadline",
                                "The fence did not arrive before the deadline.",
                                "The source is writable again.",
                                "Wait until the lag is small, then cut over again.",
                                ""))));

        assertEquals(
                "Undone: the source is writable again and nothing was lost",
                robot.lookup("#cutover-result .banner-title").queryLabeled().getText());
        var text = robot.lookup("#cutover-result .banner-text").queryLabeled().getText();
        assertTrue(text.contains("Still running at the deadline: large objects"), text);
        assertTrue(robot.lookup("#cutover-confirm").query().getParent().isVisible(), "one can try again");
        frame.pictures(robot, "cutover-undone");
    }

    @Test
    void aHooksOutputIsShown(FxRobot robot) {
        cutover(Stage.REVERSE_OPEN, Side.TARGET, report(Outcome.DONE, Optional.of(84), Optional.empty()));

        assertTrue(robot.lookup(".hook-title").queryLabeled().getText().contains("exit 0"));
        assertTrue(robot.lookup("#hooks .text-area").tryQuery().isPresent());
    }

    private void gates(boolean all) {
        migration
                .gates()
                .set(new GatesView(
                        NOON,
                        List.of(
                                new GateReading("lag", true, "The target keeps up", "0.2 s behind, 1.2 MB of log", ""),
                                new GateReading(
                                        "verified",
                                        true,
                                        "Both sides were compared",
                                        "every row equal 4 min ago at 16/B374D848",
                                        ""),
                                new GateReading(
                                        "transactions",
                                        all,
                                        "No long transaction writes",
                                        all ? "the oldest is 0.1 s" : "pid 4714 (batch from 10.0.4.9) writes for 180 s",
                                        all
                                                ? ""
                                                : "Wait for it, or end it: select pg_terminate_backend(4714); pid 4714"),
                                new GateReading("prepared", true, "No prepared transaction", "none", ""),
                                new GateReading(
                                        "reverse", true, "The way back can be built", "wal_level is logical", "")),
                        Duration.ofMillis(84)));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private void cutover(Stage stage, Side owner, CutoverReport report) {
        var ends = stage == Stage.REVERSE_OPEN
                ? Optional.of(NOON.plus(Duration.ofHours(48)).minusMillis(1))
                : Optional.<java.time.Instant>empty();
        migration.publish(now -> Samples.cutOver(now, stage, owner, report, ends));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static CutoverReport report(Outcome outcome, Optional<Integer> pause, Optional<Problem> problem) {
        boolean done = outcome == Outcome.DONE;
        return new CutoverReport(
                Side.SOURCE,
                NOON.minusSeconds(3),
                Optional.of(NOON),
                Optional.of(NOON.plusSeconds(30)),
                outcome,
                pause.map(Duration::ofMillis),
                List.of(
                        new TimelineEntry("before-freeze hook", -2300, 2210, false, ""),
                        new TimelineEntry("watchdog", -80, 41, false, "pid 5120"),
                        new TimelineEntry("lock tables", 0, 13.2, true, "203 tables"),
                        new TimelineEntry("fence", 13.4, 9.1, true, "16/B374D848"),
                        new TimelineEntry("sequences", 22.8, 31.0, true, "41"),
                        new TimelineEntry("large objects", 54, done ? 12 : -1, true, ""),
                        new TimelineEntry("mark", done ? 66 : 55, done ? 8.5 : 0, true, ""),
                        new TimelineEntry("switch hook", 90, done ? 412 : 0, false, "exit 0")),
                List.of(new HookRun(
                        "switch",
                        "switch.sh --to new",
                        0,
                        true,
                        "DATABASE_URL set on 4 hosts\nreloaded",
                        Duration.ofMillis(412))),
                problem,
                List.of());
    }

    private void reverse(boolean live) {
        SlotReading reading = live
                ? new SlotReading.Live(new SlotLag(
                        "handover_0badcafe_rev",
                        NOON,
                        new Lsn(500),
                        new Lsn(500 + 4096),
                        100_000,
                        OptionalLong.empty(),
                        true))
                : new SlotReading.Unreachable(NOON, "connection refused");
        migration
                .lag()
                .set(new LagView(NOON, Side.TARGET, reading, 0.1, 10_000, 10_000, new Eta.Done(), 0, "", List.of()));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private PrimaryAction primary() {
        return page.primary().getValue().orElseThrow();
    }

    private static void type(FxRobot robot, String text) {
        robot.interact(() -> {
            var field = robot.lookup("#cutover-confirm").queryAs(TextField.class);
            field.setText(text);
            field.requestFocus();
        });
    }

    private static void fill(FxRobot robot, String id, String text) {
        robot.interact(() -> robot.lookup(id).queryAs(TextField.class).setText(text));
    }
}

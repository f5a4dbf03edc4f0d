package io.handover.ui.cutover;

import static io.handover.ui.FakeMigration.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.CutoverReport;
import io.handover.model.CutoverReport.Outcome;
import io.handover.model.Eta;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.HookRun;
import io.handover.model.LagView;
import io.handover.model.Lsn;
import io.handover.model.Overriding;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.SlotLag;
import io.handover.model.SlotReading;
import io.handover.model.Stage;
import io.handover.model.TimelineEntry;
import io.handover.ui.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

class CutoverPageTest extends CutoverPageFixture {

    @Start
    void start(javafx.stage.Stage stage) {
        show(stage);
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

    /// What was read of the stream there was before the cutover is no bad news of the way back, until it is old.
    @Test
    void beforeTheFirstLookAtTheWayBackNobodyIsFrightened(FxRobot robot) throws Exception {
        cutover(Stage.REVERSE_OPEN, Side.TARGET, report(Outcome.DONE, Optional.of(84), Optional.empty()));
        assertTrue(robot.lookup("The way back is being looked at").tryQuery().isPresent());
        frame.pictures(robot, "cutover-unread");

        robot.interact(() -> ui.tick(Duration.ofSeconds(11)));
        WaitForAsyncUtils.waitForFxEvents();
        assertTrue(robot.lookup("The way back is not open at the moment")
                .tryQuery()
                .isPresent());
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

    /// It runs on without any lag; what it has left out meanwhile nobody knows.
    @Test
    void aWayBackThatHasLeftSomethingOutIsNotSaidToLoseNothing(FxRobot robot) throws Exception {
        cutover(Stage.REVERSE_OPEN, Side.TARGET, report(Outcome.DONE, Optional.of(84), Optional.empty()));
        reverse(true);
        for (var shut : List.of(
                shut("unaltered", "No table was altered", "on the target shop.orders"),
                shut("unbroken", "The stream was left alone", "the slot was made anew"))) {
            migration.gates().set(new GatesView(NOON, List.of(shut), Duration.ZERO));
            WaitForAsyncUtils.waitForFxEvents();

            assertTrue(robot.lookup("Rolling back now may lose rows").tryQuery().isPresent());
            assertFalse(
                    robot.lookup("Rolling back now loses nothing").tryQuery().isPresent());
        }
        frame.pictures(robot, "cutover-doubt");
    }

    private static GateReading shut(String id, String title, String detail) {
        return new GateReading(id, false, title, detail, "Verify again.", new Overriding.Never("Rows may be missing."));
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
}

package io.handover.ui.cutover;

import static io.handover.ui.FakeMigration.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.CutoverReport;
import io.handover.model.CutoverReport.Outcome;
import io.handover.model.Eta;
import io.handover.model.LagView;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.SlotReading;
import io.handover.model.Stage;
import io.handover.model.TimelineEntry;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageStage;
import io.handover.ui.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/// What the page says when a hand-over did not end well: never that all is well.
@ExtendWith(ApplicationExtension.class)
class CutoverTroubleTest {

    private final FakeMigration migration = new FakeMigration(Stage.STREAMING);
    private PageStage frame;

    @Start
    void start(javafx.stage.Stage stage) {
        frame = PageStage.show(stage, new CutoverPage(FakeUi.with(migration).context()));
    }

    @Test
    void rowsWrittenLateStandInFrontOfTheGoodNews(FxRobot robot) throws Exception {
        migration.refuse(Command.Retry.class, "There is nothing to do again");
        publish(Stage.REVERSE_OPEN, Outcome.DONE, Optional.of(Samples.lateWrites()));
        migration.publish(now -> Samples.troubled(now, Samples.lateWrites()));
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(List.of(Samples.lateWrites().what()), titles(robot).subList(0, 1));
        assertEquals(
                1,
                titles(robot).stream()
                        .filter(Samples.lateWrites().what()::equals)
                        .count(),
                "once");
        String text = shown(robot, ".banner-text").getFirst();
        assertTrue(text.contains("pg_logical_slot_peek_binary_changes"), text);
        assertTrue(text.endsWith("The target owns the data; writes paused for 84 ms."), text);
        robot.interact(() -> robot.lookup(".banner-more").queryAllAs(Hyperlink.class).stream()
                .filter(CutoverTroubleTest::visible)
                .findFirst()
                .orElseThrow()
                .fire());
        frame.pictures(robot, "cutover-late-writes");
    }

    @Test
    void aHandOverThatStandsStillSaysWhyAndGoesOnByRetry(FxRobot robot) throws Exception {
        publish(Stage.CUT_OVER, Outcome.CONFIRMED, Optional.of(noWayBack()));
        migration.publish(now -> Samples.failed(now, Stage.CUT_OVER, noWayBack()));
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(noWayBack().what(), titles(robot).getFirst());
        frame.pictures(robot, "cutover-stopped");
        robot.interact(
                () -> robot.lookup("#cutover-trouble-retry").queryButton().fire());
        assertEquals(List.of(new Command.Retry()), migration.asked());
    }

    @Test
    void oneThatNobodyKnowsTheOutcomeOfIsNotCalledUnderWay(FxRobot robot) {
        publish(Stage.FENCING, Outcome.RUNNING, Optional.empty());
        migration.publish(now -> Samples.failed(now, Stage.FENCING, Samples.problem()));
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(List.of(Samples.problem().what()), titles(robot));
    }

    @Test
    void aLostSlotIsNoWayBackThatOneCouldWaitFor(FxRobot robot) throws Exception {
        publish(Stage.REVERSE_OPEN, Outcome.DONE, Optional.empty());
        migration
                .lag()
                .set(new LagView(
                        NOON,
                        Side.TARGET,
                        new SlotReading.Lost("handover_0badcafe_rev"),
                        0,
                        0,
                        0,
                        new Eta.Done(),
                        0,
                        "",
                        List.of()));
        WaitForAsyncUtils.waitForFxEvents();

        assertTrue(titles(robot).contains("There is no way back any more"), () -> "" + titles(robot));
        assertFalse(titles(robot).contains("The way back is not open at the moment"));
        frame.pictures(robot, "cutover-no-way-back");
    }

    private static Problem noWayBack() {
        return new Problem(
                "no-way-back",
                "The target owns the data and takes writes, but the source does not follow it: the connection was refused.",
                "Nothing is lost. Until this is mended there is no way back.",
                "Retry to build it again. See that the target can be reached from the source, by the address in the plan.",
                "08006 could not connect to the publisher");
    }

    private void publish(Stage stage, Outcome outcome, Optional<Problem> problem) {
        var report = new CutoverReport(
                Side.SOURCE,
                NOON.minusSeconds(600),
                Optional.of(NOON.minusSeconds(599)),
                Optional.empty(),
                outcome,
                outcome == Outcome.RUNNING ? Optional.empty() : Optional.of(Duration.ofMillis(84)),
                List.of(new TimelineEntry("lock tables", 0, 13.2, true, "203 tables")),
                List.of(),
                problem,
                problem.stream()
                        .map(one -> "ATTENTION: " + one.what() + " " + one.details())
                        .toList());
        migration.publish(now -> Samples.cutOver(
                now,
                stage,
                outcome == Outcome.RUNNING ? Side.SOURCE : Side.TARGET,
                report,
                Optional.of(NOON.plus(Duration.ofHours(48)))));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static List<String> titles(FxRobot robot) {
        return shown(robot, ".banner-title");
    }

    private static List<String> shown(FxRobot robot, String selector) {
        return robot.lookup(selector).queryAllAs(Label.class).stream()
                .filter(CutoverTroubleTest::visible)
                .map(Label::getText)
                .toList();
    }

    private static boolean visible(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
    }
}

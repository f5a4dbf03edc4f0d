package io.handover.ui.cutover;

import static io.handover.ui.FakeMigration.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.CutoverReport;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.Navigation;
import io.handover.ui.PageId;
import io.handover.ui.PageStage;
import io.handover.ui.Samples;
import io.handover.ui.StepState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/// What has to be seen at once is where one looks, in a window of the usual size.
@ExtendWith(ApplicationExtension.class)
class CutoverPlacesTest {

    private final FakeMigration migration = new FakeMigration(Stage.STREAMING);
    private PageStage frame;

    @Start
    void start(javafx.stage.Stage stage) {
        frame = PageStage.show(stage, new CutoverPage(FakeUi.with(migration).context()));
    }

    @Test
    void rollBackIsSeenWithoutScrolling(FxRobot robot) throws Exception {
        ends(Stage.REVERSE_OPEN, Side.SOURCE, Side.TARGET);

        inSight(robot, "#rollback-go");
        assertTrue(below(robot, "#gates") > below(robot, "#rollback-go"), "above the gates");
        assertTrue(
                robot.lookup("Gates of the roll back").tryQuery().isPresent(),
                "closed gates are no news about the cutover that has just gone well");
        frame.pictures(robot, "cutover-window-order");
    }

    @Test
    void optionsThatAreOpenedAreSeen(FxRobot robot) {
        robot.interact(() -> robot.lookup("#options-edit").queryButton().fire());
        WaitForAsyncUtils.waitForFxEvents();

        inSight(robot, "#option-deadline");
        inSight(robot, "#options-summary");
    }

    @Test
    void rolledBackTheCutoverIsNotTickedOff() {
        ends(Stage.REVERSE_OPEN, Side.SOURCE, Side.TARGET);
        assertEquals(
                StepState.DONE,
                Navigation.step(PageId.CUTOVER, Optional.of(migration.state().get())));

        ends(Stage.STREAMING, Side.TARGET, Side.SOURCE);
        assertEquals(
                StepState.OPEN,
                Navigation.step(PageId.CUTOVER, Optional.of(migration.state().get())));
    }

    private void ends(Stage stage, Side from, Side owner) {
        var report = new CutoverReport(
                from,
                NOON.minusSeconds(600),
                Optional.of(NOON.minusSeconds(599)),
                Optional.empty(),
                CutoverReport.Outcome.DONE,
                Optional.of(Duration.ofMillis(84)),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        migration.publish(
                now -> Samples.cutOver(now, stage, owner, report, Optional.of(NOON.plus(Duration.ofHours(48)))));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static double below(FxRobot robot, String id) {
        Node node = robot.lookup(id).query();
        return node.localToScene(node.getLayoutBounds()).getMinY();
    }

    private static void inSight(FxRobot robot, String id) {
        Node page = robot.lookup(".page-scroll").queryAs(ScrollPane.class);
        Node node = robot.lookup(id).query();
        var seen = page.localToScene(page.getLayoutBounds());
        var where = node.localToScene(node.getLayoutBounds());
        assertTrue(seen.contains(where), id + " at " + where + ", seen is " + seen);
    }
}

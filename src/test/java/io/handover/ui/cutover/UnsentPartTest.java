package io.handover.ui.cutover;

import static io.handover.ui.FakeMigration.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.CutoverReport;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.model.UnsentChanges;
import io.handover.model.UnsentChanges.Change;
import io.handover.model.UnsentChanges.InTable;
import io.handover.model.UnsentChanges.Kind;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageStage;
import io.handover.ui.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.TableView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
class UnsentPartTest {

    private static final TableRef ORDERS = new TableRef("shop", "orders");

    private final FakeMigration migration = new FakeMigration(Stage.STREAMING);
    private PageStage frame;

    @Start
    void start(javafx.stage.Stage stage) {
        var ui = FakeUi.with(migration);
        frame = PageStage.show(stage, new CutoverPage(ui.context()));
        var report = new CutoverReport(
                Side.SOURCE,
                NOON.minusSeconds(3),
                Optional.of(NOON.minusSeconds(2)),
                Optional.empty(),
                CutoverReport.Outcome.DONE,
                Optional.of(Duration.ofMillis(84)),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        migration.publish(now -> Samples.cutOver(
                now, Stage.REVERSE_OPEN, Side.TARGET, report, Optional.of(NOON.plus(Duration.ofHours(47)))));
    }

    @Test
    void nothingIsShownBeforeSomebodyHasAskedAndThenWhatIsMissing(FxRobot robot) throws Exception {
        assertFalse(robot.lookup("#unsent").queryLabeled().getParent().isVisible());
        migration.unsent(new UnsentChanges(
                Side.TARGET,
                NOON,
                List.of(
                        new InTable(new TableRef(Samples.LONG_NAME, Samples.LONG_NAME), 0, 0, 0, 1),
                        new InTable(ORDERS, 2, 1, 0, 0)),
                List.of(
                        new Change(ORDERS, Kind.INSERT, "id=80001", "id=80001, customer=Ada\nLovelace, total=12.50"),
                        new Change(ORDERS, Kind.UPDATE, "id=4", "id=4, customer=NULL, total=0.00"),
                        new Change(new TableRef(Samples.LONG_NAME, Samples.LONG_NAME), Kind.TRUNCATE, "", "")),
                false,
                ""));

        ask(robot);

        assertEquals(
                "At least 4 changes have not reached the source; they would be lost if it were opened as it stands. "
                        + new TableRef(Samples.LONG_NAME, Samples.LONG_NAME).display()
                        + ": 0 came, 0 changed, 1 went; shop.orders: 2 came, 1 changed, 0 went.",
                robot.lookup("#unsent").queryLabeled().getText());
        assertEquals(
                3,
                robot.lookup("#unsent-rows").queryAs(TableView.class).getItems().size());
        frame.pictures(robot, "cutover-unsent");
    }

    @Test
    void thatNothingIsMissingIsSaidWithoutATable(FxRobot robot) {
        ask(robot);
        assertTrue(robot.lookup("#unsent").queryLabeled().getText().startsWith("The source has everything"));
        assertFalse(robot.lookup("#unsent-rows").queryAs(TableView.class).isVisible());
    }

    @Test
    void aLostSlotIsNotTakenForNothingMissing(FxRobot robot) {
        migration.unsent(UnsentChanges.unknown(Side.TARGET, NOON, "The slot is gone."));
        ask(robot);
        assertEquals(
                "The slot is gone. The log cannot tell any more; only a comparison of both databases can.",
                robot.lookup("#unsent").queryLabeled().getText());
    }

    private static void ask(FxRobot robot) {
        robot.interact(
                () -> robot.lookup("#cutover-unsent").queryAs(Hyperlink.class).fire());
        WaitForAsyncUtils.waitForFxEvents();
    }
}

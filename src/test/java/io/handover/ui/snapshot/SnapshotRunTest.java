package io.handover.ui.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.CopyProgress;
import io.handover.model.Eta;
import io.handover.model.MigrationState;
import io.handover.model.Problem;
import io.handover.model.Stage;
import io.handover.model.TableProgress;
import io.handover.model.TableProgress.Phase;
import io.handover.model.Task;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageStage;
import io.handover.ui.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
class SnapshotRunTest {

    private final FakeMigration migration = new FakeMigration(Stage.CHECKED).withTables(SnapshotSamples.shop());
    private SnapshotPage page;
    private PageStage frame;

    @Start
    void start(javafx.stage.Stage stage) {
        page = new SnapshotPage(FakeUi.with(migration).context());
        frame = PageStage.show(stage, page);
    }

    @Test
    void theNumbersOfARunningCopy(FxRobot robot) throws Exception {
        copying("", SnapshotSamples.half());

        assertEquals("1.7 GB", text(robot, "#snapshot-copied-value"));
        assertEquals("of 3.3 GB", text(robot, "#snapshot-copied-hint"));
        assertEquals("88.4 MB/s", text(robot, "#snapshot-speed-value"));
        assertEquals("3 min 20 s", text(robot, "#snapshot-eta-value"));
        assertEquals("3 of 14", text(robot, "#snapshot-indexes-value"));
        assertEquals("212 MB", text(robot, "#snapshot-cost-value"));
        assertEquals("snapshot 12 min", text(robot, "#snapshot-cost-hint"));
        assertEquals(
                0.5, robot.lookup("#snapshot-bar").queryAs(ProgressBar.class).getProgress(), 1e-9);
        assertTrue(page.primary().getValue().isEmpty());
        frame.pictures(robot, "snapshot-running");
    }

    @Test
    void nothingMeasuredIsADashAndNeverZero(FxRobot robot) throws Exception {
        copying("", CopyProgress.none(FakeMigration.NOON));

        for (String figure : List.of("copied", "speed", "eta", "indexes", "cost")) {
            assertEquals("–", text(robot, "#snapshot-" + figure + "-value"), figure);
        }
        assertEquals("–", text(robot, "#snapshot-percent"));
        frame.pictures(robot, "snapshot-begun");
    }

    @Test
    void whatItWaitsForIsSaid(FxRobot robot) throws Exception {
        copying("an open transaction of pid 4711 (batch, 3 min)", SnapshotSamples.half());

        assertEquals(
                "Waiting for an open transaction of pid 4711 (batch, 3 min)",
                text(robot, ".banner:warn .banner-title"));
        frame.pictures(robot, "snapshot-waiting");
    }

    @Test
    void stopAsksTheEngine(FxRobot robot) {
        copying("", SnapshotSamples.half());

        robot.clickOn("#snapshot-stop");

        assertEquals(List.of(new Command.Stop()), migration.asked());
    }

    @Test
    void oneTableIsToldToWaitAndLetGoOn(FxRobot robot) throws Exception {
        copying("", SnapshotSamples.half());
        assertTrue(robot.lookup("#snapshot-hold").query().isDisabled(), "no table is chosen");
        robot.interact(() -> table(robot).getSelectionModel().select(3));
        var chosen = table(robot).getSelectionModel().getSelectedItem().table();
        assertFalse(robot.lookup("#snapshot-hold").query().isDisabled());

        robot.clickOn("#snapshot-hold");

        assertEquals(new Command.HoldTable(chosen, true), migration.asked().getLast());
        var now = new ArrayList<>(SnapshotSamples.half().tables());
        now.replaceAll(row -> row.table().equals(chosen)
                ? new TableProgress(chosen, Phase.HELD, row.bytes(), row.rows(), row.copiedRows(), row.copiedBytes())
                : row);
        copying("", tables(now));
        assertEquals(
                "Go on with it", robot.lookup("#snapshot-hold").queryButton().getText());
        frame.pictures(robot, "snapshot-held-table");
        robot.clickOn("#snapshot-hold");
        assertEquals(new Command.HoldTable(chosen, false), migration.asked().getLast());
        robot.interact(() -> table(robot).getSelectionModel().select(4));
        assertTrue(robot.lookup("#snapshot-hold").query().isDisabled(), "all of it is there");
    }

    @Test
    void tablesThatMoveStandOnTop(FxRobot robot) {
        copying("", SnapshotSamples.half());

        assertEquals(
                List.of(Phase.COPYING, Phase.COPYING, Phase.INDEXING, Phase.WAITING, Phase.DONE),
                table(robot).getItems().stream().map(TableProgress::phase).toList());
    }

    @Test
    void moreRowsThanEstimatedAreNotAllOfThem() {
        var row = SnapshotSamples.progress("shop", "orders", Phase.COPYING, 8192, 10, 400);

        assertTrue(ProgressCell.fraction(row) < 1, "only the phase says that all is there");
    }

    @Test
    void aChosenRowStaysChosenThroughAReading(FxRobot robot) {
        copying("", SnapshotSamples.half());
        robot.interact(() -> table(robot).getSelectionModel().select(4));

        var now = new ArrayList<>(SnapshotSamples.half().tables());
        now.set(3, SnapshotSamples.progress("shop", "order_lines", Phase.COPYING, 8192, 18_204_113, 9_500_000));
        copying("", tables(now));

        assertEquals(
                "customers",
                table(robot).getSelectionModel().getSelectedItem().table().name());
    }

    @Test
    void tenThousandTablesHaveFewRowsOnScreen(FxRobot robot) {
        var many = new ArrayList<TableProgress>();
        for (int i = 0; i < 10_000; i++) {
            many.add(SnapshotSamples.progress("public", "t" + i, Phase.WAITING, 8192, 10, 0));
        }
        many.set(7_777, SnapshotSamples.progress("public", "t7777", Phase.COPYING, 8192, 10, 5));
        copying("", tables(many));

        assertEquals("t7777", table(robot).getItems().getFirst().table().name());
        int rows = robot.lookup(node -> node instanceof TableRow<?>).queryAll().size();
        assertTrue(rows < 60, rows + " rows have cells");
    }

    @Test
    void aHiddenPageIsNotRenewed(FxRobot robot) {
        robot.interact(page::leave);
        copying("", SnapshotSamples.half());
        assertEquals("–", text(robot, "#snapshot-copied-value"));

        robot.interact(page::enter);

        assertEquals("1.7 GB", text(robot, "#snapshot-copied-value"));
    }

    @Test
    void aFailureSaysWhatToDoAndRetries(FxRobot robot) throws Exception {
        fail();

        assertEquals("The target's disk is full.", text(robot, ".banner:bad .banner-title"));
        frame.pictures(robot, "snapshot-failed");
        robot.clickOn("#snapshot-retry");

        assertEquals(List.of(new Command.Retry()), migration.asked());
    }

    @ParameterizedTest
    @EnumSource(names = {"CATCHING_UP", "STREAMING", "REVERSE_OPEN"})
    void whatFailsAfterTheCopyIsNoFailureOfTheCopy(Stage at, FxRobot robot) throws Exception {
        migration.publish(now -> Samples.failed(
                MigrationState.draft(now.plan()),
                at,
                new Problem(
                        "leftovers",
                        "2 objects of Handover could not be removed.",
                        "The data is complete on its owner; a forgotten slot would keep the log and fill the disk.",
                        "Retry, or run the SQL that is listed.",
                        "")));
        WaitForAsyncUtils.waitForFxEvents();

        assertTrue(page.subtitle().getValue().startsWith("The first copy is complete"), page.subtitle()::getValue);
        assertTrue(robot.lookup("#snapshot-retry").queryButton().isVisible());
        if (at == Stage.STREAMING) {
            frame.pictures(robot, "snapshot-failed-later");
        }
    }

    @Test
    void aCopyThatFailsSaysSo() {
        fail();

        assertTrue(page.subtitle().getValue().contains("not ended"), page.subtitle()::getValue);
    }

    @Test
    void discardAsksFirst(FxRobot robot) throws Exception {
        fail();

        robot.clickOn("#snapshot-discard");

        assertTrue(robot.lookup("#snapshot-discard-question").query().isVisible());
        assertEquals(List.of(), migration.asked());
        frame.pictures(robot, "snapshot-discard");
        robot.clickOn("#snapshot-discard-confirm");
        assertEquals(List.of(new Command.Discard()), migration.asked());
    }

    @Test
    void discardCanBeThoughtBetterOf(FxRobot robot) {
        fail();

        robot.clickOn("#snapshot-discard").clickOn("#snapshot-discard-keep");

        assertFalse(robot.lookup("#snapshot-discard-question").query().isVisible());
        assertEquals(List.of(), migration.asked());
    }

    @Test
    void aWholeBaselineIsSummedUp(FxRobot robot) throws Exception {
        migration.copy().set(SnapshotSamples.whole());
        migration.publish(Stage.STREAMING);
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals("2", text(robot, "#snapshot-done-tables-value"));
        assertEquals("121,435", text(robot, "#snapshot-done-rows-value"));
        assertTrue(page.canGoNext().getValue());
        frame.pictures(robot, "snapshot-done");
    }

    @Test
    void aCopyIsPausedAndGoesOn(FxRobot robot) throws Exception {
        copying("", SnapshotSamples.half());
        robot.clickOn("#snapshot-pause");
        assertEquals(List.of(new Command.Pause(true)), migration.asked());

        migration.publish(
                now -> now.doing(Optional.of(new Task("Copying rows", FakeMigration.NOON, -1, "", true, true))));
        WaitForAsyncUtils.waitForFxEvents();
        assertTrue(text(robot, "#snapshot-phase").endsWith("· paused"));
        assertEquals(
                "While it is paused the source still keeps 212 MB of WAL for it, and vacuum is held back by a snapshot"
                        + " from 12 min ago. TRUNCATE and ALTER TABLE of tables on their way wait as long, and so does"
                        + " everybody behind them.",
                text(robot, "#snapshot-held-cost"));
        frame.pictures(robot, "snapshot-paused");
        robot.clickOn("#snapshot-pause");
        assertEquals(List.of(new Command.Pause(true), new Command.Pause(false)), migration.asked());
    }

    @Test
    void afterARestartTheSumIsUnknownAndNotZero(FxRobot robot) {
        migration.publish(Stage.STREAMING);
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals("–", text(robot, "#snapshot-done-rows-value"));
    }

    private void copying(String waitsFor, CopyProgress progress) {
        migration.copy().set(progress);
        migration.publish(now -> now.in(Stage.COPYING)
                .doing(Optional.of(new Task("Copying rows", FakeMigration.NOON, -1, waitsFor, true))));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private void fail() {
        migration.copy().set(SnapshotSamples.half());
        migration.publish(
                now -> Samples.failed(
                        MigrationState.draft(now.plan()),
                        Stage.COPYING,
                        new Problem(
                                "53100",
                                "The target's disk is full.",
                                "Nothing is lost on the source. Tables that are whole stay on the target.",
                                "Make room on the target, then retry.",
                                "ERROR: could not extend file \"base/16384/24576\": No space left on device (SQLSTATE 53100)")));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static CopyProgress tables(List<TableProgress> tables) {
        return new CopyProgress(
                FakeMigration.NOON, "", tables, 1, 2, 3, 4, new Eta.Measuring(), 0, 0, Duration.ZERO, -1);
    }

    private static TableView<TableProgress> table(FxRobot robot) {
        return robot.lookup("#snapshot-progress").queryTableView();
    }

    private static String text(FxRobot robot, String query) {
        return robot.lookup(query).queryLabeled().getText();
    }
}

package io.handover.ui.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Archive;
import io.handover.model.Command;
import io.handover.model.CopyMethod;
import io.handover.model.Problem;
import io.handover.model.Scope;
import io.handover.model.Stage;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.model.Waves;
import io.handover.ui.FakeDesk;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageStage;
import io.handover.ui.Samples;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javafx.scene.control.CheckBox;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeTableRow;
import javafx.scene.control.TreeTableView;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
class SnapshotChooseTest {

    private final FakeMigration migration = new FakeMigration(Stage.CHECKED).withTables(SnapshotSamples.shop());
    private FakeUi ui;
    private SnapshotPage page;
    private PageStage frame;

    @Start
    void start(javafx.stage.Stage stage) {
        ui = FakeUi.with(migration);
        page = new SnapshotPage(ui.context());
        frame = PageStage.show(stage, page);
    }

    @Test
    void theTreeHasSchemasTablesAndPartitions(FxRobot robot) throws Exception {
        var schemas = tree(robot).getRoot().getChildren();

        assertEquals(List.of("audit", "shop"), names(schemas));
        assertTrue(names(schemas.getLast().getChildren()).contains("events"));
        assertEquals(
                "8 of 8 tables move: 5.3 GB, about 39,515,358 rows. 1 was never analysed, its rows are not counted in.",
                text(robot, "#snapshot-totals"));
        frame.pictures(robot, "snapshot-choose");
    }

    @Test
    void aSchemaWithOneTableOutIsNeitherTickedNorEmpty(FxRobot robot) throws Exception {
        robot.clickOn(box(robot, "log"));
        WaitForAsyncUtils.waitForFxEvents();

        assertTrue(box(robot, "audit").isIndeterminate());
        assertTrue(text(robot, "#snapshot-totals").startsWith("7 of 8 tables move"));
        frame.pictures(robot, "snapshot-partly");
    }

    @Test
    void theForecastComesBeforeTheStartAndSaysWhatItCostsTheSource(FxRobot robot) throws Exception {
        assertEquals("", text(robot, "#snapshot-forecast"));
        robot.clickOn("#snapshot-method-2").clickOn("#snapshot-forecast-ask");
        WaitForAsyncUtils.waitForFxEvents();

        // 90 GB at 40 MB/s: 38.4 min for one, half of it for two workers, twice for rows and indexes by one
        String forecast = text(robot, "#snapshot-forecast");
        assertTrue(forecast.startsWith("Between 19 min 12 s and 1 h 16 min for 90.0 GB"), forecast);
        assertTrue(forecast.contains("max_slot_wal_keep_size of 1.0 GB"), forecast);
        frame.pictures(robot, "snapshot-forecast");
    }

    @Test
    void theForecastOfAnArchiveAndOfWavesSaysWhatEachTakes(FxRobot robot) throws Exception {
        robot.clickOn("#snapshot-method-3");
        robot.interact(() -> robot.lookup("#snapshot-archive-folder")
                .queryAs(javafx.scene.control.TextField.class)
                .setText("/backup/moves"));
        robot.doubleClickOn("#snapshot-waves-number").write("3");
        robot.clickOn("#snapshot-forecast-ask");
        WaitForAsyncUtils.waitForFxEvents();

        String forecast = text(robot, "#snapshot-forecast");
        assertTrue(forecast.contains("\nWave 3: 50.0 GB, its rows between 10 min 40 s and 21 min 20 s."), forecast);
        assertTrue(forecast.contains("about 20.0 GB of /backup/moves, where 11.0 GB are free. That is not"), forecast);
        frame.pictures(robot, "snapshot-forecast-waves");

        robot.clickOn("#snapshot-method-1");
        WaitForAsyncUtils.waitForFxEvents();
        assertEquals("", text(robot, "#snapshot-forecast"), "it was of another plan");
    }

    @Test
    void anArchiveIsKeptWhereTheUserSaysAndCompressedAsPgDumpKnows(FxRobot robot) throws Exception {
        ui.picking(java.nio.file.Path.of("/backup/moves"));
        robot.clickOn("#snapshot-method-3").clickOn("#snapshot-archive-choose");
        robot.doubleClickOn("#snapshot-archive-compression").write("best");
        WaitForAsyncUtils.waitForFxEvents();

        String refusal = page.primary().getValue().orElseThrow().refusal().orElseThrow();
        assertTrue(refusal.startsWith("The archive's compression must be"), refusal);
        robot.doubleClickOn("#snapshot-archive-compression").write("zstd:3").clickOn("#snapshot-archive-format-2");
        frame.pictures(robot, "snapshot-archive");
        start(robot);

        var plan = Samples.plan()
                .with(CopyMethod.ARCHIVE)
                .with(new Archive("/backup/moves", Archive.Format.CUSTOM, "zstd:3"));
        assertEquals(List.of(new Command.ChangePlan(plan), new Command.Start()), migration.asked());
    }

    @Test
    void wavesAreListedBeforeTheStartAndCanBeChosenByHand(FxRobot robot) throws Exception {
        assertEquals("", waves(robot), "all at once");
        robot.doubleClickOn("#snapshot-waves-number").write("3");
        WaitForAsyncUtils.waitForFxEvents();
        assertEquals(3, waves(robot).lines().count(), waves(robot));

        robot.clickOn("audit").clickOn("#snapshot-waves-own");
        robot.clickOn("#snapshot-waves-by-2")
                .doubleClickOn("#snapshot-waves-size")
                .write("3");
        WaitForAsyncUtils.waitForFxEvents();
        assertTrue(
                waves(robot).startsWith("Wave 1: 2 tables, 952 MB: audit.log, audit.logins\nWave 2: "), waves(robot));
        frame.pictures(robot, "snapshot-waves");
        start(robot);

        var named = List.of(List.of(new TableRef("audit", "log"), new TableRef("audit", "logins")));
        var plan = Samples.plan().with(new Waves(named, 0, 3));
        assertEquals(List.of(new Command.ChangePlan(plan), new Command.Start()), migration.asked());
    }

    private static String waves(FxRobot robot) {
        var list = robot.lookup("#snapshot-waves-list").queryAs(javafx.scene.control.Label.class);
        return list.isVisible() ? list.getText() : "";
    }

    @Test
    void startHandsTheChangedPlanOverAndThenStarts(FxRobot robot) {
        robot.clickOn(box(robot, "audit"));
        robot.doubleClickOn("#snapshot-workers").write("8").clickOn("#snapshot-owners");

        start(robot);

        var plan = Samples.plan()
                .with(new Scope(Set.of("audit"), Set.of()))
                .withWorkers(8)
                .withOwnership(true, false);
        assertEquals(List.of(new Command.ChangePlan(plan), new Command.Start()), migration.asked());
    }

    @Test
    void anUnchangedPlanIsNotHandedOverAgain(FxRobot robot) {
        start(robot);

        assertEquals(List.of(new Command.Start()), migration.asked());
    }

    @Test
    void nothingTickedIsNothingToStart(FxRobot robot) {
        robot.clickOn(box(robot, "audit"));
        robot.clickOn(box(robot, "shop"));

        assertEquals(
                Optional.of("No table is ticked."),
                page.primary().getValue().orElseThrow().refusal());
    }

    @Test
    void theEnginesRefusalIsTheReason(FxRobot robot) {
        migration.refuse(Command.Start.class, "The preflight found a blocker");
        robot.interact(() -> migration.publish(Stage.DRAFT));
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(
                Optional.of("The preflight found a blocker"),
                page.primary().getValue().orElseThrow().refusal());
    }

    @Test
    void spaceTakesTheChosenRowsOut(FxRobot robot) {
        robot.interact(() -> {
            tree(robot).requestFocus();
            tree(robot).getSelectionModel().select(0);
        });
        robot.type(KeyCode.SPACE);

        start(robot);

        assertEquals(
                new Command.ChangePlan(Samples.plan().with(new Scope(Set.of("audit"), Set.of()))),
                migration.asked().getFirst());
    }

    @Test
    void theSearchLeavesWhatMatches(FxRobot robot) throws Exception {
        robot.clickOn("#snapshot-search").write("ORDER_");

        assertEquals(
                List.of("order_lines"),
                names(tree(robot).getRoot().getChildren().getFirst().getChildren()));
        frame.pictures(robot, "snapshot-search");
    }

    @Test
    void workersThatAreNoNumberAreIgnored(FxRobot robot) {
        robot.doubleClickOn("#snapshot-workers").write("99");
        robot.clickOn("#snapshot-search");

        start(robot);

        assertTrue(
                migration.asked().stream()
                        .noneMatch(asked -> asked instanceof Command.ChangePlan(var plan) && plan.workers() > 64),
                "at most 64");
    }

    @Test
    void leavingThePageKeepsWhatWasChosen(FxRobot robot) {
        robot.clickOn(box(robot, "log"));
        robot.interact(page::leave);

        var plan = Samples.plan().with(new Scope(Set.of(), Set.of(new TableRef("audit", "log"))));
        assertEquals(List.of(new Command.ChangePlan(plan)), migration.asked());
    }

    @Test
    void tenThousandTablesHaveFewRowsOnScreen(FxRobot robot) {
        migration.withTables(SnapshotSamples.many(10_000));
        robot.clickOn("#snapshot-reload");
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(10_001, tree(robot).getExpandedItemCount());
        int rows =
                robot.lookup(node -> node instanceof TreeTableRow<?>).queryAll().size();
        assertTrue(rows < 60, rows + " rows have cells");
    }

    @Test
    void tablesThatCannotBeReadSayWhyAndCanBeReadAgain(FxRobot robot) throws Exception {
        migration.withTables(FakeDesk.<List<TableInfo>>failed(
                new Problem("08006", "The source does not answer.", "Nothing was changed.", "Try again.", "")));
        robot.clickOn("#snapshot-reload");
        WaitForAsyncUtils.waitForFxEvents();
        assertEquals("The source does not answer.", text(robot, ".banner-title"));
        frame.pictures(robot, "snapshot-unread");

        migration.withTables(SnapshotSamples.shop());
        robot.clickOn("#snapshot-reload");
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(2, tree(robot).getRoot().getChildren().size());
    }

    @Test
    void anAnswerThatComesLateIsShownWhenItComes(FxRobot robot) {
        var late = new CompletableFuture<List<TableInfo>>();
        migration.withTables(late);
        robot.clickOn("#snapshot-reload");
        WaitForAsyncUtils.waitForFxEvents();
        assertEquals("Reading the tables of the source …", text(robot, "#snapshot-tree .table-nothing"));

        late.complete(SnapshotSamples.shop());
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(2, tree(robot).getRoot().getChildren().size());
    }

    private void start(FxRobot robot) {
        robot.interact(() -> page.primary().getValue().orElseThrow().run().run());
    }

    /// The box in the row of that name; the row must be on screen.
    private static CheckBox box(FxRobot robot, String name) {
        var cell = robot.lookup(node -> node instanceof ScopeCheckCell c && !c.isEmpty() && name.equals(c.getText()))
                .queryAs(ScopeCheckCell.class);
        return robot.from(cell).lookup(".check-box").queryAs(CheckBox.class);
    }

    private static TreeTableView<ScopeNode> tree(FxRobot robot) {
        return robot.lookup("#snapshot-tree").query();
    }

    private static List<String> names(List<TreeItem<ScopeNode>> items) {
        return items.stream().map(item -> item.getValue().name()).toList();
    }

    private static String text(FxRobot robot, String query) {
        return robot.lookup(query).queryLabeled().getText();
    }
}

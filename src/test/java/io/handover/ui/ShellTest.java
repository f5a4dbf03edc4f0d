package io.handover.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.model.Stage;
import io.handover.model.Task;
import io.handover.testkit.Pictures;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
class ShellTest {

    private final Map<PageId, StubPage> made = new EnumMap<>(PageId.class);
    private FakeUi ui;
    private Shell shell;
    private Scene scene;

    @Start
    void show(javafx.stage.Stage window) {
        ui = new FakeUi();
        shell = new Shell(ui.context(), StubPage.makers(made));
        scene = new Scene(shell, 990, 740);
        Theme.LIGHT.dress(scene);
        window.setScene(scene);
        window.setX(0);
        window.setY(0);
        window.setWidth(990);
        window.setHeight(740);
        window.show();
    }

    @Test
    void beginsWithConnectAndMakesNoOtherPage() {
        assertEquals(PageId.CONNECT, shell.current().get());
        assertEquals(Set.of(PageId.CONNECT), made.keySet());
    }

    @Test
    void withoutAMigrationNoOtherStepCanBeReached(FxRobot robot) {
        for (PageId page : PageId.STEPS.subList(1, 6)) {
            assertTrue(row(robot, page).isDisabled(), page + " is locked");
        }
        robot.press(KeyCode.CONTROL, KeyCode.DIGIT4).release(KeyCode.DIGIT4, KeyCode.CONTROL);
        assertEquals(PageId.CONNECT, shell.current().get());
    }

    @Test
    void aMigrationThatIsFoundOpensItsOwnPage(FxRobot robot) {
        open(robot, new FakeMigration(Stage.STREAMING));

        assertEquals(PageId.REPLICATE, shell.current().get());
        assertEquals("The page REPLICATE", text(robot, "#page-title"));
        assertFalse(row(robot, PageId.RETIRE).isDisabled(), "the migration can be given up there");
    }

    @Test
    void clickingAStepShowsItsPageAndTellsBoth(FxRobot robot) {
        open(robot, new FakeMigration(Stage.STREAMING));

        robot.clickOn("#step-verify");

        assertEquals(PageId.VERIFY, shell.current().get());
        assertEquals(List.of("enter", "leave"), made.get(PageId.REPLICATE).events);
        assertEquals(List.of("enter"), made.get(PageId.VERIFY).events);
    }

    @Test
    void altAndArrowsWalkThroughTheSteps(FxRobot robot) {
        open(robot, new FakeMigration(Stage.STREAMING));

        robot.press(KeyCode.ALT, KeyCode.RIGHT).release(KeyCode.RIGHT, KeyCode.ALT);
        assertEquals(PageId.VERIFY, shell.current().get());
        robot.press(KeyCode.ALT, KeyCode.LEFT).release(KeyCode.LEFT, KeyCode.ALT);
        assertEquals(PageId.REPLICATE, shell.current().get());
    }

    @Test
    void nextWaitsForThePagesLeave(FxRobot robot) {
        open(robot, new FakeMigration(Stage.STREAMING));
        robot.interact(() -> made.get(PageId.REPLICATE).mayGoOn.set(false));

        assertTrue(robot.lookup("#next").queryButton().isDisabled());
        robot.press(KeyCode.ALT, KeyCode.RIGHT).release(KeyCode.RIGHT, KeyCode.ALT);
        assertEquals(PageId.REPLICATE, shell.current().get());
    }

    @Test
    void aRefusedActionSaysWhy(FxRobot robot) {
        robot.interact(() -> made.get(PageId.CONNECT)
                .action
                .set(Optional.of(PrimaryAction.of("Check", Optional.of("The host is missing."), () -> {}))));

        assertTrue(robot.lookup("#primary").queryButton().isDisabled());
        assertEquals("The host is missing.", text(robot, "#why-not"));
    }

    @Test
    void enterInAFieldPressesThePrimaryButtonButNotADangerousOne(FxRobot robot) {
        var pressed = new AtomicInteger();
        var action = PrimaryAction.ready("Go", pressed::incrementAndGet);
        robot.interact(() -> made.get(PageId.CONNECT).action.set(Optional.of(action)));
        robot.clickOn(".text-field").type(KeyCode.ENTER);
        assertEquals(1, pressed.get());

        robot.interact(() -> made.get(PageId.CONNECT).action.set(Optional.of(action.dangerous())));
        robot.type(KeyCode.ENTER);
        assertEquals(1, pressed.get());
        robot.press(KeyCode.CONTROL, KeyCode.ENTER).release(KeyCode.ENTER, KeyCode.CONTROL);
        assertEquals(2, pressed.get(), "asked for by its own keys");
    }

    @Test
    void f1ShowsTheKeysAndEscapeHidesThem(FxRobot robot) {
        robot.type(KeyCode.F1);
        assertTrue(robot.lookup("#help").query().isVisible());
        robot.type(KeyCode.ESCAPE);
        assertFalse(robot.lookup("#help").query().isVisible());
    }

    @Test
    void theDrawerShowsWhatRanAndReplacesWhatEnded(FxRobot robot) {
        var migration = new FakeMigration(Stage.COPYING);
        open(robot, migration);
        migration.ran(record(1, "create publication p", SqlRecord.Status.RUNNING));
        migration.ran(record(2, "select 2", SqlRecord.Status.DONE));
        migration.ran(record(1, "create publication p", SqlRecord.Status.DONE));
        robot.press(KeyCode.CONTROL, KeyCode.L).release(KeyCode.L, KeyCode.CONTROL);
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(
                List.of(SqlRecord.Status.DONE, SqlRecord.Status.DONE),
                statements(robot).stream().map(SqlRecord::status).toList());

        robot.clickOn("#drawer-filter").write("PUBLICATION");
        assertEquals(
                List.of(1L), statements(robot).stream().map(SqlRecord::number).toList());

        robot.type(KeyCode.ESCAPE);
        assertTrue(robot.lookup("#drawer-table").tryQuery().isEmpty(), "Escape closes the drawer");
    }

    @Test
    void theDrawerShowsWhatWillRun(FxRobot robot) {
        open(
                robot,
                new FakeMigration(Stage.CHECKED)
                        .withPlanned(List.of(record(1, "create schema handover", SqlRecord.Status.RUNNING))));
        robot.clickOn("#status-sql");
        settle(robot);
        robot.clickOn("#drawer-which-2");

        assertEquals("create schema handover", statements(robot).getFirst().sql());
    }

    @Test
    void theStatusBarShowsTheTaskAndStopsIt(FxRobot robot) {
        var migration = new FakeMigration(Stage.COPYING);
        open(robot, migration);
        migration.publish(now -> now.doing(Optional.of(
                new Task("Copying orders", FakeMigration.NOON.minusSeconds(60), 0.25, "pid 4711 (ada)", true))));
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals("Copying orders", text(robot, "#status-title"));
        assertEquals(
                0.25,
                robot.lookup("#status-progress").queryAs(ProgressBar.class).getProgress(),
                1e-9);
        assertEquals("1 min so far, about 3 min left", text(robot, "#status-time"));
        assertEquals("pid 4711 (ada)", text(robot, "#status-waits"));

        robot.clickOn("#status-stop");
        assertEquals(List.of(new Command.Stop()), migration.asked());
    }

    @Test
    void theWindowStaysOpenDuringACutoverAndSaysWhy(FxRobot robot) {
        var migration = new FakeMigration(Stage.FENCING);
        open(robot, migration);

        assertFalse(mayClose(robot));
        assertTrue(robot.lookup("#notice").query().isVisible());

        migration.publish(Stage.STREAMING);
        WaitForAsyncUtils.waitForFxEvents();
        assertTrue(mayClose(robot));
    }

    @Test
    void aRefusedCommandShowsItsReasonAboveThePage(FxRobot robot) throws Exception {
        var migration = new FakeMigration(Stage.STREAMING).refuse(Command.Verify.class, "A comparison runs already.");
        open(robot, migration);

        robot.interact(() -> ui.context().submit(new Command.Verify()));

        assertEquals(
                "A comparison runs already.",
                robot.from(robot.lookup("#notice"))
                        .lookup(".banner-title")
                        .<Label>query()
                        .getText());
        Pictures.save(scene, "shell-notice");
        robot.clickOn("#notice-close");
        assertFalse(robot.lookup("#notice").query().isVisible());
    }

    @Test
    void bothServersAreNamedWithTheirEnvironment(FxRobot robot) {
        open(robot, new FakeMigration(Stage.STREAMING));

        var tag = robot.from(robot.lookup("#pair-source")).lookup(".env-tag").<Label>query();
        assertEquals("PRODUCTION", tag.getText());
        assertTrue(robot.lookup(".pair-owns").queryAllAs(Labeled.class).stream()
                .anyMatch(label -> label.isVisible()
                        && label.getParent().getParent().getParent().getId().equals("pair-source")));
    }

    @Test
    void aMigrationThatIsGivenUpLeavesItsPages(FxRobot robot) {
        var migration = new FakeMigration(Stage.STREAMING);
        open(robot, migration);

        migration.publish(Stage.FINISHED);
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(PageId.CONNECT, shell.current().get());
    }

    @Test
    void nothingIsPaintedBeyondAButton(FxRobot robot) throws Exception {
        open(robot, new FakeMigration(Stage.STREAMING)); // Next leads now
        var next = robot.lookup("#next").queryButton();
        assertTrue(next.getStyleClass().contains("accent"));

        var pixels = WaitForAsyncUtils.asyncFx(() -> scene.snapshot(null)).get().getPixelReader();
        var at = next.localToScene(next.getBoundsInLocal());
        int middle = (int) at.getCenterX();
        int beside = (int) at.getMinX() - 3; // the bar behind
        for (int y : new int[] {(int) at.getMinY() - 1, (int) at.getMaxY()}) {
            assertEquals(pixels.getColor(beside, y), pixels.getColor(middle, y), "outside, at " + y);
        }
        assertFalse(pixels.getColor(middle, (int) at.getMinY()).equals(pixels.getColor(beside, (int) at.getMinY())));
    }

    private void open(FxRobot robot, FakeMigration migration) {
        robot.interact(() -> ui.context().open(migration));
        settle(robot);
    }

    /// A click needs things to be where they will be.
    private void settle(FxRobot robot) {
        WaitForAsyncUtils.waitForFxEvents();
        robot.interact(() -> {
            scene.getRoot().applyCss();
            scene.getRoot().layout();
        });
    }

    private boolean mayClose(FxRobot robot) {
        var answer = new boolean[1];
        robot.interact(() -> answer[0] = shell.mayClose());
        return answer[0];
    }

    private static List<SqlRecord> statements(FxRobot robot) {
        WaitForAsyncUtils.waitForFxEvents();
        TableView<SqlRecord> table = robot.lookup("#drawer-table").queryTableView();
        return List.copyOf(table.getItems());
    }

    private static SqlRecord record(long number, String sql, SqlRecord.Status status) {
        return new SqlRecord(number, FakeMigration.NOON, Side.SOURCE, sql, Duration.ofMillis(12), status, "");
    }

    private static Button row(FxRobot robot, PageId page) {
        return robot.lookup("#step-" + page.name().toLowerCase(java.util.Locale.ROOT))
                .queryButton();
    }

    private static String text(FxRobot robot, String query) {
        return robot.lookup(query).queryAs(Labeled.class).getText();
    }
}

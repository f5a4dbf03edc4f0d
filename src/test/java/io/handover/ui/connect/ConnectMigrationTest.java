package io.handover.ui.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.Desk;
import io.handover.engine.Migration;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.ui.FakeDesk;
import io.handover.ui.FakeMigration;
import io.handover.ui.PageId;
import io.handover.ui.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javafx.scene.control.Labeled;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

/// From the page on which one connects to a migration: begun, joined, gone on with, checked.
class ConnectMigrationTest extends ConnectPageFixture {

    @Start
    void start(javafx.stage.Stage window) throws IOException {
        show(window);
    }

    @Test
    void checkBeginsAMigrationWithTypedAndPgpassPasswordsAndChecks(FxRobot robot) {
        var begun = new FakeMigration(Stage.DRAFT);
        desk.beginning(_ -> CompletableFuture.completedFuture(begun));
        choose(robot, Side.SOURCE, "Orders production");
        choose(robot, Side.TARGET, "Orders on 18");
        type(robot, "#source-password", "typed");
        fire(robot, "#primary");

        assertEquals(Samples.source(), desk.begun().getFirst().source());
        assertEquals(Samples.target(), desk.begun().getFirst().target());
        assertEquals(
                new Credentials(Secret.of("typed"), Secret.of("from pgpass")),
                desk.credentials().getFirst());
        assertEquals(List.of(new Command.Check()), begun.asked());
    }

    @Test
    void aMigrationThatRunsBetweenThemIsJoined(FxRobot robot) {
        var running = new FakeMigration(Stage.STREAMING);
        desk.withRunning(running);
        choose(robot, Side.SOURCE, "Orders production");
        choose(robot, Side.TARGET, "Orders on 18");
        fire(robot, "#primary");

        assertEquals(List.of(), desk.begun());
        assertEquals(Optional.<Migration>of(running), ui.context().migration().get());
        assertEquals(List.of(), running.asked(), "nothing is checked in the middle of a migration");
    }

    @Test
    void aSavedMigrationGoesOnByOneButton(FxRobot robot) {
        var running = new FakeMigration(Stage.STREAMING);
        desk.withSaved(saved(Stage.STREAMING), saved(Stage.DRAFT))
                .resuming(_ -> CompletableFuture.completedFuture(running));
        robot.interact(() -> ui.context().letGo());
        reenter(robot);

        assertTrue(robot.lookup("#continue-1").tryQuery().isEmpty(), "a draft is not under way");
        fire(robot, "#continue-0");

        assertEquals(List.of(new MigrationId("0badcafe")), desk.resumed());
        assertEquals(Secret.of("from pgpass"), desk.credentials().getFirst().target());
        assertEquals(Optional.<Migration>of(running), ui.context().migration().get());
    }

    @Test
    void aMigrationThatCannotGoOnSaysWhyAndShowsItsServers(FxRobot robot) {
        desk.withSaved(saved(Stage.STREAMING)).resuming(_ -> FakeDesk.failed(ConnectSamples.wrongPassword()));
        reenter(robot);
        fire(robot, "#continue-0");

        assertTrue(robot.lookup("#connect-problem").query().isVisible());
        assertEquals("orders-prod.example.com", value(robot, "#source-host"));
        assertFalse(robot.lookup("#continue-0").query().isDisabled(), "one can try again with a password");
    }

    @Test
    void blockersAreUnfoldedAndFixedByTheirButton(FxRobot robot) {
        var migration = checked(robot);

        assertEquals(
                List.of("Preflight", "1 blocker", "2 warnings", "1 note", "5 checks passed"),
                robot.from(robot.lookup("#preflight-summary")).lookup(".label").queryAllAs(Labeled.class).stream()
                        .map(Labeled::getText)
                        .limit(5)
                        .toList());
        assertTrue(robot.lookup("#finding-head-0").queryAs(ToggleButton.class).isSelected());
        assertFalse(robot.lookup("#finding-head-1").queryAs(ToggleButton.class).isSelected());

        fire(robot, "#finding-0-fix");
        assertEquals(List.of(new Command.Fix(ConnectSamples.report().findings().getFirst())), migration.asked());
    }

    @Test
    void theDetailsOfAWarningUnfoldByTheKeyboard(FxRobot robot) {
        checked(robot);
        robot.interact(() -> robot.lookup("#finding-head-1").query().requestFocus());
        robot.type(KeyCode.SPACE);

        assertTrue(robot.from(robot.lookup("#finding-1"))
                .lookup(".finding-why")
                .query()
                .isVisible());
    }

    @Test
    void checkingAgainAndChoosingOtherServers(FxRobot robot) {
        var migration = checked(robot);
        fire(robot, "#primary");
        assertEquals(List.of(new Command.Check()), migration.asked());

        fire(robot, "#change");
        assertTrue(migration.isClosed());
        assertEquals("orders-prod.example.com", value(robot, "#source-host"), "the forms are still filled in");
    }

    private FakeMigration checked(FxRobot robot) {
        var migration =
                new FakeMigration(Samples.checked(MigrationState.draft(Samples.plan()), ConnectSamples.report()));
        robot.interact(() -> ui.context().open(migration));
        settle(robot);
        return migration;
    }

    private void reenter(FxRobot robot) {
        robot.interact(() -> {
            shell.go(PageId.SETTINGS);
            new ConnectPage(ui.context());
        });
        robot.interact(() -> {
            var page = new ConnectPage(ui.context());
            scene.setRoot(new javafx.scene.layout.StackPane(page.node()));
            page.enter();
        });
        settle(robot);
    }

    private static Desk.Saved saved(Stage stage) {
        return new Desk.Saved(
                new MigrationId("0badcafe"),
                Samples.source(),
                Samples.target(),
                stage,
                FakeMigration.NOON.minus(Duration.ofMinutes(5)));
    }
}

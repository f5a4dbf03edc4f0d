package io.handover.ui.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.Desk;
import io.handover.engine.Migration;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.Environment;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TlsMode;
import io.handover.store.Profiles;
import io.handover.ui.FakeDesk;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageId;
import io.handover.ui.Samples;
import io.handover.ui.Shell;
import io.handover.ui.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
class ConnectPageTest {

    @TempDir
    static Path root;

    private static int folders;

    private final FakeDesk desk = new FakeDesk();
    private Path folder;
    private FakeUi ui;
    private Shell shell;
    private Scene scene;

    @Start
    void show(javafx.stage.Stage window) throws IOException {
        folder = Files.createDirectory(root.resolve("f" + folders++));
        var profiles = new Profiles(folder.resolve("profiles.json"));
        profiles.save(Samples.source());
        profiles.save(Samples.target());
        Files.writeString(folder.resolve(".pgpass"), "orders-pg18.example.com:*:*:handover:from pgpass\n");
        Files.setPosixFilePermissions(folder.resolve(".pgpass"), PosixFilePermissions.fromString("rw-------"));
        ui = new FakeUi(desk, folder);
        shell = new Shell(ui.context(), Map.of(PageId.CONNECT, () -> new ConnectPage(ui.context())));
        scene = new Scene(shell, 990, 740);
        Theme.LIGHT.dress(scene);
        window.setScene(scene);
        window.setX(0);
        window.setY(0);
        window.setWidth(990);
        window.setHeight(740);
        window.show();
        shell.go(PageId.CONNECT);
    }

    @Test
    void aPastedUriFillsTheFieldsAndItsPasswordIsNotSeen(FxRobot robot) {
        paste(robot, "#source-uri", "postgres://ada:s%40crt@db.example.com:6543/orders?sslmode=verify-full");

        assertEquals("db.example.com", value(robot, "#source-host"));
        assertEquals("6543", value(robot, "#source-port"));
        assertEquals("orders", value(robot, "#source-database"));
        assertEquals("ada", value(robot, "#source-user"));
        assertEquals("s@crt", value(robot, "#source-password"));
        assertEquals(
                TlsMode.VERIFY_FULL, robot.lookup("#source-tls").queryComboBox().getValue());
        assertEquals("", value(robot, "#source-uri"), "a password would stand in it");
    }

    @Test
    void aParameterThatIsPassedOverIsCalledWhatItIs(FxRobot robot) {
        paste(robot, "#source-uri", "postgresql://ada:s@h/d?connect_timeout=5");
        assertTrue(wrong(robot).contains("Not needed and passed over: connect_timeout"), wrong(robot));

        paste(robot, "#source-uri", "postgresql://ada:s@h/d?sslcert=/x&connect_timeout=5");
        assertTrue(wrong(robot).contains("cannot obey sslcert"), wrong(robot));

        paste(robot, "#source-uri", "postgresql://ada@h/d?password=a&piece=of-it");
        assertTrue(wrong(robot).contains("misspelled") && !wrong(robot).contains("piece"), wrong(robot));
    }

    private static String wrong(FxRobot robot) {
        return robot.lookup(".field-wrong").queryAllAs(Labeled.class).stream()
                .filter(Labeled::isVisible)
                .map(Labeled::getText)
                .reduce("", (a, b) -> a + "\n" + b);
    }

    @Test
    void aWrongUriStaysAndSaysWhy(FxRobot robot) {
        paste(robot, "#source-uri", "postgresql://a,b/d");

        assertEquals("postgresql://a,b/d", value(robot, "#source-uri"));
        assertTrue(robot.lookup(".field-wrong").queryAllAs(Labeled.class).stream()
                .anyMatch(label -> label.isVisible() && label.getText().contains("more than one host")));
    }

    @Test
    void choosingAProfileFillsTheForm(FxRobot robot) {
        choose(robot, Side.SOURCE, "Orders production");

        assertEquals("orders-prod.example.com", value(robot, "#source-host"));
        assertEquals(
                Environment.PRODUCTION,
                robot.lookup("#source-environment").queryComboBox().getValue());
    }

    @Test
    void checkingSaysWhatIsMissing(FxRobot robot) {
        choose(robot, Side.SOURCE, "Orders production");

        assertTrue(primary(robot).isDisabled());
        assertEquals(
                "Target: the host is missing",
                robot.lookup("#why-not").queryLabeled().getText());
    }

    @Test
    void aTestShowsVersionLatencyTlsAndRole(FxRobot robot) {
        desk.testing(_ -> CompletableFuture.completedFuture(ConnectSamples.info()));
        choose(robot, Side.SOURCE, "Orders production");
        type(robot, "#source-password", "geheim");
        fire(robot, "#source-test");

        assertEquals(
                "PostgreSQL 16.4 answered in 3 ms",
                robot.lookup("#source-result-headline").queryLabeled().getText());
        assertEquals(
                List.of("TLSv1.3", "handover, may replicate", "412 GB", "wal_level logical", "UTF8"),
                robot.from(robot.lookup("#source-result")).lookup(".chip").queryAllAs(Labeled.class).stream()
                        .map(Labeled::getText)
                        .toList());
        assertEquals(Secret.of("geheim"), desk.tested().getFirst().password());
    }

    @Test
    void aChangeOfTheFormMakesTheResultVoid(FxRobot robot) {
        desk.testing(_ -> CompletableFuture.completedFuture(ConnectSamples.info()));
        choose(robot, Side.SOURCE, "Orders production");
        fire(robot, "#source-test");

        type(robot, "#source-host", "elsewhere");

        assertFalse(robot.lookup("#source-result-headline").query().isVisible());
    }

    @Test
    void aFailedTestIsExplained(FxRobot robot) {
        desk.testing(_ -> FakeDesk.failed(ConnectSamples.wrongPassword()));
        choose(robot, Side.SOURCE, "Orders production");
        fire(robot, "#source-test");

        var banner = robot.lookup("#source-problem").query();
        assertTrue(banner.isVisible());
        assertTrue(banner.getAccessibleText().contains("The server refused the password."));
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

    @Test
    void aRememberedPasswordSurvivesEncryptedAndOnlyWhenAsked(FxRobot robot) throws IOException {
        desk.testing(_ -> CompletableFuture.completedFuture(ConnectSamples.info()));
        choose(robot, Side.SOURCE, "Orders production");
        type(robot, "#source-password", "geheim");
        fire(robot, "#source-test");
        assertFalse(Files.exists(folder.resolve("secrets.bin")), "nobody asked for it");

        robot.clickOn("#source-remember");
        type(robot, "#vault-master", "master");
        fire(robot, "#vault-open");
        fire(robot, "#source-test");

        var again = new io.handover.store.Secrets(folder.resolve("secrets.bin"));
        assertTrue(again.unlock("master".toCharArray()));
        assertEquals(Optional.of(Secret.of("geheim")), again.find(Samples.source()));
        assertFalse(Files.readString(folder.resolve("profiles.json")).contains("geheim"));
    }

    @Test
    void exportAskForAFileAndHoldsNoPassword(FxRobot robot) throws IOException {
        var file = folder.resolve("for-colleagues.json");
        ui.picking(file);
        choose(robot, Side.SOURCE, "Orders production");
        type(robot, "#source-password", "geheim");
        robot.interact(() -> robot.lookup("#source-more")
                .queryAs(javafx.scene.control.MenuButton.class)
                .getItems()
                .getLast()
                .fire());

        assertEquals(2, new Profiles(file).all().size());
        assertFalse(Files.readString(file).contains("geheim"));
    }

    @Test
    void aSavedProfileIsThereAtTheNextStart(FxRobot robot) {
        paste(robot, "#target-uri", "postgresql://ada:s@new.example.com/orders");
        type(robot, "#target-name", "Brand_new");
        fire(robot, "#target-save");

        var saved = new Profiles(folder.resolve("profiles.json")).named("Brand_new");
        assertEquals("new.example.com:5432/orders", saved.orElseThrow().address());
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

    private void choose(FxRobot robot, Side side, String name) {
        robot.interact(() -> {
            ComboBox<ProfileShelf.Entry> box =
                    robot.lookup("#" + side.word() + "-profiles").queryComboBox();
            box.setValue(box.getItems().stream()
                    .filter(entry -> entry.name().equals(name))
                    .findFirst()
                    .orElseThrow());
        });
    }

    private void paste(FxRobot robot, String query, String text) {
        robot.interact(() -> {
            var content = new ClipboardContent();
            content.putString(text);
            Clipboard.getSystemClipboard().setContent(content);
            TextInputControl field = robot.lookup(query).queryTextInputControl();
            field.requestFocus();
            field.paste();
        });
        settle(robot);
    }

    private void type(FxRobot robot, String query, String text) {
        robot.interact(() -> robot.lookup(query).queryTextInputControl().setText(text));
        settle(robot);
    }

    private void fire(FxRobot robot, String query) {
        robot.interact(() -> robot.lookup(query).queryAs(Button.class).fire());
        settle(robot);
    }

    private static Button primary(FxRobot robot) {
        return robot.lookup("#primary").queryButton();
    }

    private static String value(FxRobot robot, String query) {
        return robot.lookup(query).queryTextInputControl().getText();
    }

    private void settle(FxRobot robot) {
        WaitForAsyncUtils.waitForFxEvents();
        robot.interact(() -> {
            scene.getRoot().applyCss();
            scene.getRoot().layout();
        });
    }
}

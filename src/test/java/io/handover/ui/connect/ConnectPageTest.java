package io.handover.ui.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Environment;
import io.handover.model.Secret;
import io.handover.model.Side;
import io.handover.model.TlsMode;
import io.handover.store.Profiles;
import io.handover.ui.FakeDesk;
import io.handover.ui.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javafx.scene.control.Labeled;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

class ConnectPageTest extends ConnectPageFixture {

    @Start
    void start(javafx.stage.Stage window) throws IOException {
        show(window);
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
}

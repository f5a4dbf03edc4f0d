package io.handover.ui.connect;

import io.handover.model.Side;
import io.handover.store.Profiles;
import io.handover.ui.FakeDesk;
import io.handover.ui.FakeUi;
import io.handover.ui.PageId;
import io.handover.ui.Samples;
import io.handover.ui.Shell;
import io.handover.ui.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.util.WaitForAsyncUtils;

/// The page on which one connects, with two profiles, and what its tests do with it.
@ExtendWith(ApplicationExtension.class)
abstract class ConnectPageFixture {

    @TempDir
    static Path root;

    private static int folders;

    final FakeDesk desk = new FakeDesk();
    Path folder;
    FakeUi ui;
    Shell shell;
    Scene scene;

    /// Called by each test's own `@Start`, which TestFX does not look for in a class above.
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

    void choose(FxRobot robot, Side side, String name) {
        robot.interact(() -> {
            ComboBox<ProfileShelf.Entry> box =
                    robot.lookup("#" + side.word() + "-profiles").queryComboBox();
            box.setValue(box.getItems().stream()
                    .filter(entry -> entry.name().equals(name))
                    .findFirst()
                    .orElseThrow());
        });
    }

    void paste(FxRobot robot, String query, String text) {
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

    void type(FxRobot robot, String query, String text) {
        robot.interact(() -> robot.lookup(query).queryTextInputControl().setText(text));
        settle(robot);
    }

    void fire(FxRobot robot, String query) {
        robot.interact(() -> robot.lookup(query).queryAs(Button.class).fire());
        settle(robot);
    }

    static Button primary(FxRobot robot) {
        return robot.lookup("#primary").queryButton();
    }

    static String value(FxRobot robot, String query) {
        return robot.lookup(query).queryTextInputControl().getText();
    }

    void settle(FxRobot robot) {
        WaitForAsyncUtils.waitForFxEvents();
        robot.interact(() -> {
            scene.getRoot().applyCss();
            scene.getRoot().layout();
        });
    }
}

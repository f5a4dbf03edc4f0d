package io.handover.ui.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.store.Settings;
import io.handover.store.SettingsFile;
import io.handover.ui.FakeDesk;
import io.handover.ui.FakeUi;
import io.handover.ui.PageStage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class SettingsPageTest {

    @TempDir
    private static Path folder;

    private javafx.stage.Stage stage;
    private PageStage frame;

    @Start
    void start(javafx.stage.Stage window) {
        stage = window;
        var context = new FakeUi(new FakeDesk(), folder).context();
        frame = PageStage.show(window, new SettingsPage(context, Path.of("/var/log/handover"), "0.1.0"));
    }

    @Test
    void theThemeCountsAtOnceAndIsSaved(FxRobot robot) {
        robot.clickOn("#settings-look-3");

        assertTrue(stage.getScene().getStylesheets().stream().anyMatch(sheet -> sheet.endsWith("tokens-dark.css")));
        assertEquals(
                Settings.Look.DARK,
                new SettingsFile(folder.resolve("settings.json")).get().look());
    }

    @Test
    void theLogsFolderCanBeCopied(FxRobot robot) throws Exception {
        assertEquals(
                Path.of("/var/log/handover").toString(),
                robot.lookup("#settings-log").queryTextInputControl().getText());
        frame.pictures(robot, "settings");
    }
}

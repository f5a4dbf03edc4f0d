package io.handover.ui.cutover;

import static io.handover.ui.FakeMigration.NOON;

import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.Stage;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageStage;
import io.handover.ui.PrimaryAction;
import java.time.Duration;
import java.util.List;
import javafx.scene.control.TextField;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.util.WaitForAsyncUtils;

/// The cutover page of a migration that streams, and what its tests do with it.
@ExtendWith(ApplicationExtension.class)
abstract class CutoverPageFixture {

    final FakeMigration migration = new FakeMigration(Stage.STREAMING);
    FakeUi ui;
    CutoverPage page;
    PageStage frame;

    /// Called by each test's own `@Start`, which TestFX does not look for in a class above.
    void show(javafx.stage.Stage stage) {
        ui = FakeUi.with(migration);
        page = new CutoverPage(ui.context());
        frame = PageStage.show(stage, page);
    }

    void gates(boolean all) {
        migration
                .gates()
                .set(new GatesView(
                        NOON,
                        List.of(
                                new GateReading("lag", true, "The target keeps up", "0.2 s behind, 1.2 MB of log", ""),
                                new GateReading(
                                        "verified",
                                        true,
                                        "Both sides were compared",
                                        "every row equal 4 min ago at 16/B374D848",
                                        ""),
                                new GateReading(
                                        "transactions",
                                        all,
                                        "No long transaction writes",
                                        all ? "the oldest is 0.1 s" : "pid 4714 (batch from 10.0.4.9) writes for 180 s",
                                        all
                                                ? ""
                                                : "Wait for it, or end it: select pg_terminate_backend(4714); pid 4714"),
                                new GateReading("prepared", true, "No prepared transaction", "none", ""),
                                new GateReading(
                                        "reverse", true, "The way back can be built", "wal_level is logical", "")),
                        Duration.ofMillis(84)));
        WaitForAsyncUtils.waitForFxEvents();
    }

    PrimaryAction primary() {
        return page.primary().getValue().orElseThrow();
    }

    static void type(FxRobot robot, String text) {
        robot.interact(() -> {
            var field = robot.lookup("#cutover-confirm").queryAs(TextField.class);
            field.setText(text);
            field.requestFocus();
        });
    }

    static void fill(FxRobot robot, String id, String text) {
        robot.interact(() -> robot.lookup(id).queryAs(TextField.class).setText(text));
    }
}

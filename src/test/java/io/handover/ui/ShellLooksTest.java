package io.handover.ui;

import io.handover.model.Environment;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.model.Stage;
import io.handover.model.Task;
import io.handover.model.TlsMode;
import io.handover.testkit.Looks;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Optional;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// The frame with everything in it at once, in both themes, large and small.
@ExtendWith(ApplicationExtension.class)
class ShellLooksTest {

    private FakeUi ui;
    private javafx.stage.Stage window;

    @Start
    void show(javafx.stage.Stage stage) {
        ui = new FakeUi();
        window = stage;
        var made = new EnumMap<PageId, StubPage>(PageId.class);
        stage.setScene(new Scene(new Shell(ui.context(), StubPage.makers(made)), 990, 740));
        stage.show();
    }

    @Test
    void nothingIsCutOffWithLongNamesAndTheDrawerOpen(FxRobot robot) throws Exception {
        var far = new Profile(
                Samples.LONG_NAME,
                "a-very-long-host-name-in-a-cloud.eu-central-1.example.com",
                5432,
                Samples.LONG_NAME,
                "u",
                TlsMode.REQUIRE,
                "",
                Environment.TEST);
        var plan = io.handover.model.Plan.of(Samples.plan().id(), Samples.source(), far);
        var migration = new FakeMigration(
                Samples.planned(new FakeMigration(Stage.COPYING).state().get(), plan));
        migration.publish(now -> now.doing(Optional.of(new Task(
                "Copying " + Samples.LONG_NAME,
                FakeMigration.NOON.minusSeconds(600),
                0.43,
                "pid 4711 (ada, psql from 10.0.0.7), 312 s",
                true))));
        for (int i = 0; i < 40; i++) {
            migration.ran(new SqlRecord(
                    i,
                    FakeMigration.NOON.plusSeconds(i),
                    i % 3 == 0 ? Side.TARGET : Side.SOURCE,
                    "create publication \"handover_0badcafe_fwd\"\n  for table \"public\".\"orders\", \"public\".\"order_lines\"",
                    Duration.ofMillis(7 + i * 91L),
                    i == 39 ? SqlRecord.Status.RUNNING : i == 20 ? SqlRecord.Status.FAILED : SqlRecord.Status.DONE,
                    i == 20 ? "42P07: relation exists already" : "1,204 rows"));
        }
        robot.interact(() -> ui.context().open(migration));
        Looks.look(window, "shell");

        robot.press(KeyCode.CONTROL, KeyCode.L).release(KeyCode.L, KeyCode.CONTROL);
        Looks.look(window, "shell-drawer");

        robot.type(KeyCode.ESCAPE, KeyCode.F1);
        Looks.look(window, "shell-help");
    }
}

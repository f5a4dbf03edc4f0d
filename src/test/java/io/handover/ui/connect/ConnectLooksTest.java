package io.handover.ui.connect;

import io.handover.engine.Desk;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TlsMode;
import io.handover.testkit.Looks;
import io.handover.ui.FakeDesk;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageId;
import io.handover.ui.Samples;
import io.handover.ui.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
class ConnectLooksTest {

    @TempDir
    static Path folder;

    private final FakeDesk desk = new FakeDesk();
    private FakeUi ui;
    private javafx.stage.Stage window;
    private ConnectViewModel model;

    @Start
    void show(javafx.stage.Stage stage) {
        window = stage;
        ui = new FakeUi(desk, folder);
        model = new ConnectViewModel(ui.context());
        var shell = new Shell(
                ui.context(),
                Map.of(
                        PageId.CONNECT, () -> new ConnectPage(ui.context(), model),
                        PageId.SNAPSHOT, () -> new ConnectPage(ui.context(), model)));
        stage.setScene(new Scene(shell, 990, 740));
        shell.go(PageId.CONNECT);
        stage.show();
    }

    @Test
    void empty() throws Exception {
        Looks.look(window, "connect-empty");
    }

    @Test
    void filledTestedAndFailed(FxRobot robot) throws Exception {
        desk.testing(endpoint -> endpoint.profile().port() == 5432
                ? CompletableFuture.completedFuture(ConnectSamples.info())
                : FakeDesk.failed(ConnectSamples.wrongPassword()));
        desk.withSaved(new Desk.Saved(
                new MigrationId("0badcafe"),
                Samples.source(),
                Samples.target().named(Samples.LONG_NAME),
                Stage.STREAMING,
                FakeMigration.NOON.minus(Duration.ofMinutes(5))));
        robot.interact(() -> {
            model.form(Side.SOURCE).fill(Samples.source());
            model.form(Side.SOURCE).remember().set(true);
            model.form(Side.TARGET)
                    .fill(new Profile(
                            Samples.LONG_NAME,
                            "h-" + Samples.LONG_NAME.replaceAll("[^\\p{Alnum}]", "-"),
                            5433,
                            Samples.LONG_NAME,
                            Samples.LONG_NAME,
                            TlsMode.VERIFY_CA,
                            "/home/ada/a/long/path/to/certificates/ca.pem",
                            io.handover.model.Environment.TEST));
            model.enter();
            model.test(Side.SOURCE).run();
            model.test(Side.TARGET).run();
        });
        WaitForAsyncUtils.waitForFxEvents();
        Looks.look(window, "connect-filled");
        robot.interact(() -> {
            robot.lookup("#reach")
                    .queryAs(javafx.scene.control.TitledPane.class)
                    .setExpanded(true);
            robot.lookup(".page-scroll")
                    .queryAs(javafx.scene.control.ScrollPane.class)
                    .setVvalue(1);
        });
        Looks.look(window, "connect-filled-end");
    }

    @Test
    void findings(FxRobot robot) throws Exception {
        var far = Samples.target().named(Samples.LONG_NAME);
        var plan = Plan.of(new MigrationId("0badcafe"), Samples.source(), far);
        var migration = new FakeMigration(Samples.checked(MigrationState.draft(plan), ConnectSamples.report()));
        robot.interact(() -> ui.context().open(migration));
        Looks.look(window, "connect-findings");
    }

    @Test
    void allPassed(FxRobot robot) throws Exception {
        var report = new PreflightReport(
                FakeMigration.NOON, List.of(), ConnectSamples.report().passed());
        var migration = new FakeMigration(Samples.checked(MigrationState.draft(Samples.plan()), report));
        robot.interact(() -> ui.context().open(migration));
        robot.interact(() -> robot.lookup("#step-connect").queryAs(Button.class).fire());
        Looks.look(window, "connect-passed");
    }
}

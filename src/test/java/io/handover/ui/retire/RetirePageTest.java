package io.handover.ui.retire;

import static io.handover.ui.FakeMigration.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.CutoverReport;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageStage;
import io.handover.ui.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
class RetirePageTest {

    private final FakeMigration migration = new FakeMigration(Stage.STREAMING);
    private final List<String> written = new ArrayList<>();
    private RetirePage page;
    private PageStage frame;

    @Start
    void start(javafx.stage.Stage stage) {
        var ui = FakeUi.with(migration).picking(Path.of("record.html"));
        page = new RetirePage(ui.context(), Optional.of((state, kind, file) -> {
            written.add(kind + " " + state.stage() + " " + file);
            return CompletableFuture.completedFuture(file);
        }));
        frame = PageStage.show(stage, page);
    }

    @Test
    void retireWantsATick(FxRobot robot) throws Exception {
        window();
        assertTrue(page.primary().getValue().orElseThrow().refusal().isPresent());
        frame.pictures(robot, "retire-window");

        robot.clickOn("#retire-confirm");
        var primary = page.primary().getValue().orElseThrow();
        assertEquals(Optional.empty(), primary.refusal());
        assertTrue(primary.danger());
        robot.interact(primary.run());

        assertEquals(List.of(new Command.Retire()), migration.asked());
    }

    @Test
    void onWishTheOldDatabaseStaysReadOnly(FxRobot robot) {
        window();
        robot.clickOn("#retire-read-only").clickOn("#retire-confirm");
        robot.interact(page.primary().getValue().orElseThrow().run());
        assertEquals(List.of(new Command.Retire(true)), migration.asked());
    }

    @Test
    void whatGoesIsNamed(FxRobot robot) {
        window();

        var lines = robot.lookup(".line").queryAllAs(Label.class).stream()
                .map(Label::getText)
                .toList();
        assertTrue(lines.contains("replication slot handover_0badcafe_rev"), "" + lines);
        assertTrue(lines.contains("subscription handover_0badcafe_fwd"), "" + lines);
    }

    @Test
    void discardIsNotOfferedWhileTheTargetOwnsTheData(FxRobot robot) {
        window();

        assertFalse(robot.lookup("#discard-go").query().getParent().getParent().isVisible());
    }

    @Test
    void discardBeforeTheCutover(FxRobot robot) throws Exception {
        frame.pictures(robot, "retire-early");
        robot.interact(() -> robot.lookup("#discard-confirm")
                .queryAs(javafx.scene.control.TextField.class)
                .setText("orders"));

        robot.interact(() -> robot.lookup("#discard-go").queryButton().fire());

        assertEquals(List.of(new Command.Discard()), migration.asked());
    }

    @Test
    void theEndTellsHowItWent(FxRobot robot) throws Exception {
        window();
        migration.publish(now -> Samples.finished(now, List.of()));
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals("Nothing of Handover is left on either server", title(robot));
        assertEquals(Optional.empty(), page.primary().getValue());
        assertTrue(robot.lookup("#retrospect .label").queryAllAs(Label.class).stream()
                .anyMatch(label -> label.getText().startsWith("writes paused for 84 ms")));
        frame.pictures(robot, "retire-finished");

        robot.interact(
                () -> robot.lookup("#retire-record").queryAs(Hyperlink.class).fire());
        assertEquals(List.of("HTML FINISHED record.html"), written, "the record is filed here");
    }

    @Test
    void leftoversAreNotCalledAnEnd(FxRobot robot) throws Exception {
        window();
        migration.publish(now -> Samples.finished(
                now, List.of("slot on the source: select pg_drop_replication_slot('handover_0badcafe_fwd');")));
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals("Retired, but 1 thing is left on the servers", title(robot));
        assertTrue(robot.lookup("#leftovers").queryAs(TextArea.class).getText().contains("pg_drop_replication_slot"));
        frame.pictures(robot, "retire-left");
    }

    @Test
    void aSideThatCannotBeReachedIsSaidWithWhatIsLeftAndRetried(FxRobot robot) throws Exception {
        window();
        String left =
                "-- the source could not be asked (08001); look there for names that begin with handover_0badcafe";
        migration.publish(now -> Samples.left(
                Samples.failed(
                        now,
                        Stage.REVERSE_OPEN,
                        new Problem(
                                "half-removed",
                                "Everything is removed from the target, but the source could not be reached.",
                                "The data is complete on its owner. On the source a slot may be left that keeps its log"
                                        + " and fills its disk.",
                                "Retry when it runs again. If it is gone for good, nothing more is to be done.",
                                "08001 Connection to orders-prod.example.com:5432 refused.")),
                List.of(left)));
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(
                "Everything is removed from the target, but the source could not be reached.",
                robot.lookup("#retire-trouble .banner-title").queryLabeled().getText());
        assertEquals(left, robot.lookup("#leftovers").queryAs(TextArea.class).getText());
        assertEquals(Optional.empty(), page.primary().getValue(), "it has begun");
        assertFalse(robot.lookup("#retire-confirm").query().getParent().isVisible());
        assertFalse(
                robot.lookup("There is no window at the moment: the target owns the data")
                        .tryQuery()
                        .isPresent(),
                "that says nothing of what is left");
        frame.pictures(robot, "retire-unreachable");

        robot.interact(() -> robot.lookup("#retire-trouble-retry").queryButton().fire());
        assertEquals(List.of(new Command.Retry()), migration.asked());
    }

    @Test
    void rowsThatOnlyTheOldOwnerHasAreNamedBeforeTheirLogIsThrownAway(FxRobot robot) throws Exception {
        migration.refuse(Command.Retry.class, "There is nothing to do again");
        window(Optional.of(Samples.lateWrites()));

        assertEquals(Samples.lateWrites().what(), title(robot));
        assertTrue(robot.lookup(".banner-text").queryAllAs(Label.class).stream()
                .anyMatch(label -> label.getText().contains("handover_0badcafe_fwd")));
        frame.pictures(robot, "retire-late");
    }

    private void window() {
        window(Optional.empty());
    }

    private void window(Optional<Problem> problem) {
        var report = new CutoverReport(
                Side.SOURCE,
                NOON.minusSeconds(600),
                Optional.of(NOON.minusSeconds(599)),
                Optional.empty(),
                CutoverReport.Outcome.DONE,
                Optional.of(Duration.ofMillis(84)),
                List.of(),
                List.of(),
                problem,
                List.of());
        migration.publish(now -> Samples.cutOver(
                now, Stage.REVERSE_OPEN, Side.TARGET, report, Optional.of(NOON.plus(Duration.ofHours(48)))));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static String title(FxRobot robot) {
        return robot.lookup(".banner-title").queryAllAs(Label.class).stream()
                .filter(label -> label.getParent().getParent().isVisible())
                .findFirst()
                .orElseThrow()
                .getText();
    }
}

package io.handover.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.CopyProgress;
import io.handover.model.CountsView;
import io.handover.model.Eta;
import io.handover.model.Lsn;
import io.handover.model.ReplicaIdentity;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableCounts;
import io.handover.model.TableInfo;
import io.handover.model.TableProgress;
import io.handover.model.TableProgress.Phase;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.Task;
import io.handover.model.VerifyReport;
import io.handover.testkit.Looks;
import io.handover.ui.replicate.ReplicatePage;
import io.handover.ui.snapshot.SnapshotPage;
import io.handover.ui.verify.VerifyPage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/// Pages in the real frame with 2,000 tables, some of them with names that nobody wants, and in states that are rare.
@ExtendWith(ApplicationExtension.class)
class PagesLooksTest {

    private static final int MANY = 2_000;

    private FakeUi ui;
    private javafx.stage.Stage window;
    private Shell shell;

    @Start
    void show(javafx.stage.Stage stage) {
        window = stage;
        ui = new FakeUi();
        shell = new Shell(
                ui.context(),
                Map.of(
                        PageId.SNAPSHOT, () -> new SnapshotPage(ui.context()),
                        PageId.REPLICATE, () -> new ReplicatePage(ui.context()),
                        PageId.VERIFY, () -> new VerifyPage(ui.context(), Optional.empty())));
        stage.setScene(new Scene(shell, 990, 740));
        stage.show();
    }

    @Test
    void whatMovesWithManyTables(FxRobot robot) throws Exception {
        var migration = new FakeMigration(Stage.CHECKED).withTables(many(i -> {
            return new TableInfo(name(i), name(i), 8192L * i, i, ReplicaIdentity.PRIMARY_KEY, i % 7 == 0);
        }));
        open(robot, migration, PageId.SNAPSHOT);

        Looks.look(window, "many-choose");
    }

    @Test
    void aCopyThatIsCarriedOnByTheServers(FxRobot robot) throws Exception {
        var migration = new FakeMigration(Stage.COPYING);
        migration.publish(now -> now.doing(
                Optional.of(new Task("Carrying the copy on", FakeMigration.NOON.minusSeconds(75), 0.4, "", true))));
        migration.copy().set(carriedOn());
        open(robot, migration, PageId.SNAPSHOT);

        assertEquals(
                "The servers copy the remaining tables",
                robot.lookup("#snapshot-phase").queryLabeled().getText());
        Looks.look(window, "many-carried-on");

        robot.interact(() -> migration.publish(Stage.STREAMING));
        robot.interact(() -> shell.go(PageId.SNAPSHOT));
        assertEquals(
                "not counted",
                robot.lookup("#snapshot-done-rows-hint").queryLabeled().getText());
        Looks.look(window, "many-carried-on-done");
    }

    @Test
    void aCopyThatFailedAndKeepsItsTables(FxRobot robot) throws Exception {
        var migration = new FakeMigration(Stage.COPYING);
        migration.copy().set(carriedOn());
        var problem = Samples.problem();
        migration.publish(now -> Samples.failed(
                now,
                Stage.COPYING,
                new io.handover.model.Problem(
                        "table-sync-fails",
                        "The servers have been trying to copy the remaining tables for 90 s and get nowhere.",
                        "Nothing is lost on the source, and they go on trying. The tables that are copied are kept. For them the"
                                + " replication slot handover_0badcafe_fwd keeps the source's WAL until you retry or"
                                + " discard.",
                        "The target's server log says why: a row it refuses, no connection to the source, no free worker"
                                + " (max_logical_replication_workers, max_sync_workers_per_subscription). Mend it, then"
                                + " retry.",
                        problem.details())));
        open(robot, migration, PageId.SNAPSHOT);

        Looks.look(window, "many-failed");
    }

    @Test
    void countsAndVerdictsOfManyTables(FxRobot robot) throws Exception {
        var migration = new FakeMigration(Stage.STREAMING);
        open(robot, migration, PageId.REPLICATE);
        assertEquals(
                "Counting has not begun.",
                robot.lookup("#counts .table-nothing").queryLabeled().getText());
        Looks.look(window, "many-uncounted");

        migration
                .counts()
                .set(new CountsView(
                        FakeMigration.NOON,
                        many(i -> new TableCounts(
                                name(i), OptionalLong.of(i * 90_001L), OptionalLong.of(i * 90_001L - i % 3), i < 99))));
        WaitForAsyncUtils.waitForFxEvents();
        var shown = robot.lookup(node -> node instanceof TableCell<?, ?> cell && !cell.isEmpty()).queryAll().stream()
                .map(node -> String.valueOf(((TableCell<?, ?>) node).getText()))
                .toList();
        assertTrue(
                shown.stream().anyMatch(text -> text.startsWith("shop.a\"b'c\\nd\\te\\r")),
                () -> "one line each: " + shown);
        Looks.look(window, "many-counts");

        migration.publish(now -> Samples.verified(now, verdicts()));
        robot.interact(() -> shell.go(PageId.VERIFY));
        assertTrue(robot.lookup(".banner-text").queryAllAs(Label.class).stream()
                .anyMatch(label ->
                        label.getText().contains("d\\te\\r") && !label.getText().contains("\n")));
        Looks.look(window, "many-verdicts");
    }

    private static CopyProgress carriedOn() {
        return new CopyProgress(
                FakeMigration.NOON,
                "The servers copy the remaining tables",
                many(i -> i < 2
                        ? new TableProgress(name(i), Phase.COPYING, 9_000_000, 40_000, 17_000, 4_000_000)
                        : i < 1_000
                                ? new TableProgress(
                                        name(i), Phase.DONE, 9_000_000, 40_000, i % 2 == 0 ? 40_002 : -1, -1)
                                : new TableProgress(name(i), Phase.WAITING, 9_000_000, 40_000, 0, 0)),
                9_000_000_000L,
                18_000_000_000L,
                39_000_000,
                -1,
                new Eta.Measuring(),
                0,
                0,
                Duration.ZERO,
                12_000_000);
    }

    private static VerifyReport verdicts() {
        return new VerifyReport(
                FakeMigration.NOON.minusSeconds(90),
                Duration.ofMillis(2140),
                true,
                Side.SOURCE,
                "every row by its hash, while writes went on",
                new Lsn(0x16_B374D848L),
                Duration.ofMillis(240),
                many(i -> new TableVerdict(
                        name(i),
                        TableVerdict.Verdict.EQUAL,
                        i * 90_001L,
                        i * 90_001L,
                        "4000:17",
                        "4000:17",
                        0,
                        0,
                        List.of(),
                        "")),
                List.of(name(1).display() + " is unlogged: its rows are copied again at the cutover."));
    }

    private void open(FxRobot robot, FakeMigration migration, PageId page) {
        robot.interact(() -> {
            ui.context().open(migration);
            shell.go(page);
        });
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static <T> List<T> many(IntFunction<T> make) {
        return IntStream.range(0, MANY).mapToObj(make).toList();
    }

    private static TableRef name(int number) {
        return switch (number) {
            case 0 -> new TableRef("shop", Samples.LONG_NAME);
            case 1 -> new TableRef("shop", Samples.HOSTILE_NAME);
            default -> new TableRef("shop", "orders_of_the_day_" + number);
        };
    }
}

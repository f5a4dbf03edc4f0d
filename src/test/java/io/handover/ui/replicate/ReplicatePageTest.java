package io.handover.ui.replicate;

import static io.handover.ui.FakeMigration.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.CountsView;
import io.handover.model.Eta;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.LagSample;
import io.handover.model.LagView;
import io.handover.model.Lsn;
import io.handover.model.Session;
import io.handover.model.Side;
import io.handover.model.SlotLag;
import io.handover.model.SlotReading;
import io.handover.model.Stage;
import io.handover.model.TableCounts;
import io.handover.model.TableRef;
import io.handover.ui.FakeMigration;
import io.handover.ui.FakeUi;
import io.handover.ui.PageStage;
import io.handover.ui.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import javafx.scene.control.TableView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
class ReplicatePageTest {

    private static final long MB = 1024 * 1024;

    private final FakeMigration migration = new FakeMigration(Stage.STREAMING);
    private FakeUi ui;
    private ReplicatePage page;
    private PageStage frame;

    @Start
    void start(javafx.stage.Stage stage) {
        ui = FakeUi.with(migration);
        page = new ReplicatePage(ui.context());
        frame = PageStage.show(stage, page);
    }

    @Test
    void theNumbersOfALiveStream(FxRobot robot) throws Exception {
        busy(robot);

        assertEquals("1.2 MB", text(robot, "#figure-behind-value"));
        assertEquals("or 400 ms", text(robot, "#figure-behind-hint"));
        assertEquals("12 s", text(robot, "#figure-caught-up-value"));
        assertEquals("≈ 84 ms", text(robot, "#figure-pause-value"));
        assertEquals("3.4 MB/s", text(robot, "#figure-rates-value"));
        assertEquals("3.5 MB/s applied", text(robot, "#figure-rates-hint"));
        assertEquals("212 MB", text(robot, "#figure-kept-value"));
        assertEquals("Streaming", text(robot, "#stream-state"));
        frame.pictures(robot, "replicate");
    }

    @Test
    void nothingReadYetIsADashAndNeverZero(FxRobot robot) throws Exception {
        for (String figure : List.of("behind", "caught-up", "pause", "rates", "kept")) {
            assertEquals("–", text(robot, "#figure-" + figure + "-value"), figure);
        }
        frame.pictures(robot, "replicate-empty");
    }

    @Test
    void aLostSlotSaysWhatItMeansAndWhatToDo(FxRobot robot) throws Exception {
        busy(robot);
        lag(new SlotReading.Lost("handover_0badcafe_fwd"), "");

        assertEquals("Slot lost", text(robot, "#stream-state"));
        assertEquals("–", text(robot, "#figure-behind-value"));
        var banner = robot.lookup(".banner-text").queryLabeled().getText();
        assertTrue(banner.contains("discard and start again"), banner);
        frame.pictures(robot, "replicate-lost");
    }

    @Test
    void aMissingSlotIsNotALostOne(FxRobot robot) {
        lag(new SlotReading.Missing("handover_0badcafe_fwd"), "");

        assertEquals("Slot missing", text(robot, "#stream-state"));
        assertTrue(text(robot, ".banner-title").contains("does not exist"));
    }

    @Test
    void anUnreachableSourceSaysNothingAboutTheStream(FxRobot robot) {
        lag(new SlotReading.Unreachable(NOON.minusSeconds(42), "connection refused"), "");

        assertTrue(text(robot, ".banner-title").contains("42 s ago"), text(robot, ".banner-title"));
        assertTrue(text(robot, ".banner-text").contains("says nothing"));
    }

    @Test
    void anOldReadingIsNotShownAsIfItWereNew(FxRobot robot) {
        busy(robot);

        robot.interact(() -> ui.tick(Duration.ofSeconds(30)));

        assertEquals("No recent reading", text(robot, "#stream-state"));
        assertEquals("–", text(robot, "#figure-behind-value"));
        assertEquals("–", text(robot, "#figure-pause-value"));
    }

    @Test
    void aStoppedApplyWorkerShowsWhyAndWhatToDo(FxRobot robot) throws Exception {
        var error = "duplicate key value violates unique constraint \"orders_pkey\" (SQLSTATE 23505)";
        lag(live(), error);

        assertEquals("Apply stopped", text(robot, "#stream-state"));
        robot.clickOn(".banner-more");
        assertEquals(error, text(robot, ".banner-details"));
        frame.pictures(robot, "replicate-apply");
    }

    @Test
    void countsStandSideBySideAndDifferencesCanBeSingledOut(FxRobot robot) {
        busy(robot);
        TableView<TableCounts> table = robot.lookup("#counts").queryTableView();
        assertEquals(5, table.getItems().size());

        robot.clickOn("#counts-only-differences");

        assertEquals(
                List.of("order_lines", "unknown"),
                table.getItems().stream().map(row -> row.table().name()).toList(),
                "equal ones are gone, unknown ones stay: they are not equal");
    }

    @Test
    void tablesAreFoundByPartsOfTheirNames(FxRobot robot) {
        busy(robot);

        robot.clickOn("#counts-filter").write("LINES");

        assertEquals(1, robot.lookup("#counts").queryTableView().getItems().size());
    }

    @Test
    void tenThousandTablesAreSortedByDifference(FxRobot robot) {
        var many = new ArrayList<TableCounts>();
        for (int i = 0; i < 10_000; i++) {
            many.add(counts("t" + i, i, i + (i == 7777 ? -500 : i % 3), true));
        }
        robot.interact(() -> migration.counts().set(new CountsView(NOON, many)));
        WaitForAsyncUtils.waitForFxEvents();
        TableView<TableCounts> table = robot.lookup("#counts").queryTableView();

        robot.interact(() -> {
            var difference = table.getColumns().getLast();
            difference.setSortType(javafx.scene.control.TableColumn.SortType.DESCENDING);
            table.getSortOrder().add(difference);
        });

        assertEquals("t7777", table.getItems().getFirst().table().name());
    }

    @Test
    void whoIsWriting(FxRobot robot) throws Exception {
        busy(robot);

        robot.clickOn("#below-2");

        assertEquals(2, robot.lookup("#writers").queryTableView().getItems().size());
        assertFalse(robot.lookup("#counts").query().isVisible());
        frame.pictures(robot, "replicate-writers");
    }

    @Test
    void theChartIsNotDrawnWhileThePageIsHidden(FxRobot robot) {
        robot.interact(page::leave);
        busy(robot);
        var chart = robot.lookup("#lag-chart").query();
        assertTrue(chart.getAccessibleText().contains("No reading yet"), chart.getAccessibleText());

        robot.interact(page::enter);
        WaitForAsyncUtils.waitForFxEvents();

        assertTrue(chart.getAccessibleText().contains("Bytes behind: now"), chart.getAccessibleText());
    }

    @Test
    void theRightAxisCanShowRows(FxRobot robot) {
        busy(robot);

        robot.clickOn("#lag-beside-2");
        WaitForAsyncUtils.waitForFxEvents();

        var said = robot.lookup("#lag-chart").query().getAccessibleText();
        assertTrue(said.contains("Row difference") && !said.contains("Seconds behind"), said);
    }

    private void busy(FxRobot robot) {
        var random = new Random(4);
        for (int i = 300; i > 0; i--) {
            boolean gap = i < 140 && i > 118;
            double bytes = MB * (1 + 24 * Math.exp(-(300 - i) / 60.0) + random.nextDouble() * 0.7);
            migration
                    .lagHistory()
                    .add(
                            gap
                                    ? LagSample.gap(NOON.minusSeconds(i))
                                    : new LagSample(
                                            NOON.minusSeconds(i), (long) bytes, bytes / MB / 3.4, random.nextInt(9)));
        }
        lag(live(), "");
        robot.interact(() -> {
            migration
                    .gates()
                    .set(new GatesView(
                            NOON,
                            List.of(new GateReading("lag", true, "The target keeps up", "0.4 s behind", "")),
                            Duration.ofMillis(84)));
            migration
                    .counts()
                    .set(new CountsView(
                            NOON,
                            List.of(
                                    counts("customers", 120_433, 120_433, true),
                                    counts("order_lines", 18_204_113, 18_204_101, true),
                                    counts("orders", 4_120_332, 4_120_332, false),
                                    counts(Samples.LONG_NAME, 12, 12, true),
                                    new TableCounts(
                                            new TableRef("shop", "unknown"),
                                            OptionalLong.of(4),
                                            OptionalLong.empty(),
                                            true))));
        });
        WaitForAsyncUtils.waitForFxEvents();
    }

    private void lag(SlotReading reading, String applyProblem) {
        migration
                .lag()
                .set(new LagView(
                        NOON,
                        Side.SOURCE,
                        reading,
                        0.4,
                        3.4 * MB,
                        3.5 * MB,
                        new Eta.Ready(Duration.ofSeconds(12)),
                        0,
                        applyProblem,
                        List.of(
                                new Session(
                                        4711,
                                        "shop",
                                        "checkout",
                                        "10.0.4.17",
                                        "active",
                                        Duration.ofMillis(120),
                                        true,
                                        "insert into shop.orders (customer, placed_at) values ($1, $2) returning id"),
                                new Session(
                                        4714,
                                        "batch",
                                        "",
                                        "10.0.4.9",
                                        "idle in transaction",
                                        Duration.ofMinutes(3),
                                        true,
                                        "update shop.stock set on_hand = on_hand - 1"))));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static SlotReading live() {
        return new SlotReading.Live(new SlotLag(
                "handover_0badcafe_fwd",
                NOON,
                new Lsn(1_000_000_000),
                new Lsn(1_000_000_000 + 12 * MB / 10),
                212 * MB,
                OptionalLong.of(1800 * MB),
                true));
    }

    private static TableCounts counts(String name, long source, long target, boolean exact) {
        return new TableCounts(new TableRef("shop", name), OptionalLong.of(source), OptionalLong.of(target), exact);
    }

    private static String text(FxRobot robot, String query) {
        return robot.lookup(query).queryLabeled().getText();
    }
}

package io.handover.ui.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.testkit.Pictures;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.scene.paint.Color;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
class TimeChartTest {

    private static final long NOON = Instant.parse("2025-06-15T12:00:00Z").toEpochMilli();
    private static final int DAY = 86_400;

    private TimeChart chart;
    private Scene scene;

    @Start
    void start(Stage stage) {
        chart = new TimeChart(
                DAY,
                ZoneId.of("UTC"),
                Texts.of(Locale.ENGLISH),
                List.of(
                        new TimeChart.Series("Bytes", ChartUnit.BYTES),
                        new TimeChart.Series("Seconds", ChartUnit.SECONDS),
                        new TimeChart.Series("Rows", ChartUnit.ROWS)));
        scene = new Scene(new StackPane(chart), 800, 400);
        stage.setScene(scene);
        stage.setWidth(800);
        stage.setHeight(400);
        stage.show();
    }

    @Test
    void aDayOfSamplesCostsRectanglesByColumnsAndNotByPoints(FxRobot robot) throws Exception {
        var random = new Random(1);
        robot.interact(() -> {
            chart.spanProperty().set(TimeChart.Span.HOURS_24);
            for (int i = 0; i < DAY; i++) {
                chart.add(NOON + i * 1000L, 1e6 * (2 + random.nextDouble()), random.nextDouble(), 3);
            }
        });
        WaitForAsyncUtils.waitForFxEvents();

        int columns = chart.plot().orElseThrow().columns().getFirst().count();
        assertTrue(columns > 500 && columns < 800, "" + columns);
        assertTrue(chart.rectangles() > 2 * columns, "both series and the area: " + chart.rectangles());
        assertTrue(chart.rectangles() <= 3 * columns, "" + chart.rectangles());
        Pictures.save(scene, "chart-day");
    }

    @Test
    void aGapShowsNothingOfTheSeries(FxRobot robot) throws Exception {
        robot.interact(() -> {
            chart.shownProperty(1).set(false);
            chart.shownProperty(2).set(false);
            for (int i = 0; i < 300; i++) {
                boolean gap = i >= 100 && i < 200;
                chart.add(NOON + i * 1000L, gap ? Double.NaN : 50_000, 0, 0);
            }
        });
        WaitForAsyncUtils.waitForFxEvents();

        var at = chart.plot().orElseThrow();
        var image = WaitForAsyncUtils.asyncFx(() -> scene.snapshot(null)).get();
        var line = Color.web("#0969da");
        int middle = (int) at.x(NOON + 150_000);
        for (int y = 0; y < image.getHeight(); y++) {
            assertFalse(line.equals(image.getPixelReader().getColor(middle, y)), "in the gap, at " + y);
        }
        int known = (int) at.x(NOON + 50_000);
        int height = (int) Math.round(at.y(0, 50_000));
        assertEquals(line, image.getPixelReader().getColor(known, height), "and the line beside it");
    }

    @Test
    void theMouseReadsASample(FxRobot robot) {
        fill(robot);
        var at = chart.plot().orElseThrow();

        robot.moveTo(chart.localToScreen(at.x(NOON + 200_000), 100));
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals("12:03:20", label(robot, "#chart-clock"));
        assertEquals("Bytes  200 kB", label(robot, "#chart-value-1"));
        assertEquals("Seconds  2.0 s", label(robot, "#chart-value-2"));
    }

    @Test
    void arrowKeysMoveTheReadOut(FxRobot robot) {
        fill(robot);
        robot.interact(chart::requestFocus);

        robot.type(KeyCode.END, KeyCode.LEFT, KeyCode.LEFT);

        assertEquals("12:04:57", label(robot, "#chart-clock"));
        assertTrue(chart.getAccessibleHelp().contains("12:04:57"), chart.getAccessibleHelp());

        robot.type(KeyCode.ESCAPE);

        assertFalse(robot.lookup("#chart-clock")
                .queryLabeled()
                .getParent()
                .getParent()
                .isVisible());
    }

    @Test
    void theReadOutOfAGapSaysSo(FxRobot robot) {
        fill(robot);
        robot.interact(() -> {
            chart.add(NOON + 300_000, Double.NaN, Double.NaN, Double.NaN);
            chart.requestFocus();
        });

        robot.type(KeyCode.END);

        assertEquals("Bytes  not read", label(robot, "#chart-value-1"));
    }

    @Test
    void onlyOneSeriesHasTheRightAxis(FxRobot robot) {
        fill(robot);
        robot.interact(() -> chart.shownProperty(1).set(false));
        WaitForAsyncUtils.waitForFxEvents();

        assertTrue(chart.getAccessibleText().contains("Rows: now"), chart.getAccessibleText());
        assertFalse(chart.getAccessibleText().contains("Seconds"), chart.getAccessibleText());
    }

    @Test
    void wordsTellWhatTheChartShows(FxRobot robot) {
        assertTrue(chart.getAccessibleText().contains("No reading yet"), chart.getAccessibleText());

        fill(robot);
        WaitForAsyncUtils.waitForFxEvents();

        assertEquals(
                "The last 5 minutes. Bytes: now 299 kB, highest 299 kB. Seconds: now 2.9 s, highest 2.9 s",
                chart.getAccessibleText());
    }

    @Test
    void theScaleFollowsWhatCanBeSeen(FxRobot robot) {
        robot.interact(() -> {
            for (int i = 0; i < 1000; i++) {
                chart.add(NOON + i * 1000L, i < 100 ? 1e9 : 1e6, 0, 0);
            }
        });
        WaitForAsyncUtils.waitForFxEvents();
        assertTrue(chart.plot().orElseThrow().tops().getFirst() < 3e6);

        robot.interact(() -> chart.spanProperty().set(TimeChart.Span.HOUR_1));
        WaitForAsyncUtils.waitForFxEvents();

        assertTrue(chart.plot().orElseThrow().tops().getFirst() >= 1e9, "the past is in view again");
    }

    private void fill(FxRobot robot) {
        robot.interact(() -> {
            for (int i = 0; i < 300; i++) {
                chart.add(NOON + i * 1000L, i * 1024.0, i / 100.0, i % 7);
            }
        });
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static String label(FxRobot robot, String id) {
        return robot.lookup(id).queryLabeled().getText();
    }
}

package io.handover.ui.control;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// The line, dots and box that tell the values of one sample. It lies over the canvas, so that moving it draws
/// nothing anew.
final class ChartReadout extends Pane {

    private static final double DOT = 9;
    private static final double AWAY = 14;

    private final ChartSamples samples;
    private final List<TimeChart.Series> series;
    private final ZoneId zone;
    private final Texts texts;
    private final Region cursor = new Region();
    private final Label clock = new Label();
    private final VBox box = new VBox(clock);
    private final List<Label> values = new ArrayList<>();
    private final List<HBox> rows = new ArrayList<>();
    private final List<Region> dots = new ArrayList<>();
    private long time = -1;

    ChartReadout(ChartSamples samples, List<TimeChart.Series> series, ZoneId zone, Texts texts) {
        this.samples = samples;
        this.series = series;
        this.zone = zone;
        this.texts = texts;
        setMouseTransparent(true);
        setVisible(false);
        cursor.getStyleClass().add("chart-cursor");
        clock.getStyleClass().add("chart-clock");
        clock.setId("chart-clock");
        box.getStyleClass().add("chart-readout");
        getChildren().add(cursor);
        for (int i = 0; i < series.size(); i++) {
            var dot = new Region();
            dot.getStyleClass().addAll("chart-dot", "chart-series-" + (i + 1));
            dot.setPrefSize(DOT, DOT);
            dots.add(dot);
            var swatch = new Region();
            swatch.getStyleClass().addAll("chart-swatch", "chart-series-" + (i + 1));
            var value = new Label();
            value.getStyleClass().add("chart-value");
            value.setId("chart-value-" + (i + 1));
            values.add(value);
            var row = new HBox(8, swatch, value);
            row.getStyleClass().add("chart-row");
            rows.add(row);
        }
        box.getChildren().addAll(rows);
        getChildren().addAll(dots);
        getChildren().add(box);
    }

    /// The sample it tells of; empty while it is put away.
    OptionalInt index() {
        int nearest = time < 0 ? -1 : samples.nearest(time);
        return nearest < 0 ? OptionalInt.empty() : OptionalInt.of(nearest);
    }

    void show(long moment) {
        time = moment;
    }

    void hide() {
        time = -1;
        setVisible(false);
    }

    /// What it says, in one line; empty while it is put away.
    String spoken() {
        if (!isVisible()) {
            return "";
        }
        var said = new StringBuilder(clock.getText());
        for (int i = 0; i < series.size(); i++) {
            if (rows.get(i).isVisible()) {
                said.append(", ").append(values.get(i).getText());
            }
        }
        return said.toString();
    }

    /// Puts it where its sample is now.
    ///
    /// @param shown which series can be seen
    void place(ChartPainter.Layout at, List<Boolean> shown) {
        var index = index();
        setVisible(index.isPresent());
        if (index.isEmpty()) {
            return;
        }
        int sample = index.getAsInt();
        double x = at.x(samples.time(sample));
        if (x < at.left() || x > at.left() + at.width() + 1) {
            setVisible(false);
            return;
        }
        clock.setText(ChartTimes.clock(samples.time(sample), zone));
        cursor.resizeRelocate(Math.rint(x), ChartPainter.TOP, 1, at.height());
        for (int i = 0; i < series.size(); i++) {
            double value = samples.value(i, sample);
            boolean known = !Double.isNaN(value);
            rows.get(i).setVisible(shown.get(i));
            rows.get(i).setManaged(shown.get(i));
            dots.get(i).setVisible(shown.get(i) && known);
            var words = known ? series.get(i).unit().format(value) : texts.get("chart.gap");
            values.get(i).setText(series.get(i).name() + "  " + words);
            if (known) {
                dots.get(i).resizeRelocate(Math.rint(x) - DOT / 2 + 0.5, at.y(i, value) - DOT / 2, DOT, DOT);
            }
        }
        box.applyCss();
        double width = Math.ceil(box.prefWidth(-1));
        boolean room = x + AWAY + width < at.left() + at.width();
        box.resizeRelocate(
                room ? x + AWAY : Math.max(0, x - AWAY - width), ChartPainter.TOP + 8, width, box.prefHeight(-1));
    }
}

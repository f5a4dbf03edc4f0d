package io.handover.ui.control;

import java.time.ZoneId;
import java.util.List;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import javafx.scene.text.TextAlignment;

/// Draws a chart: one filled rectangle a series and column of device pixels. No path and no curve: smoothing
/// their edges is what costs when the computer's processor draws.
final class ChartPainter {

    static final double LEFT = 66;
    static final double TOP = 12;
    static final double BOTTOM = 26;
    private static final double RIGHT = 62;
    private static final double RIGHT_WITHOUT_AXIS = 18;
    private static final double LINE = 2;
    private static final double TICK_EVERY_X = 86;
    private static final double TICK_EVERY_Y = 52;

    /// The colours, from the theme.
    record Colours(List<Paint> series, Paint grid, Paint text, Paint gap) {}

    /// What lies where: between the paint and the read-out.
    ///
    /// @param left    left edge of the plot
    /// @param width   its width
    /// @param height  its height
    /// @param steps   how many steps both axes have
    /// @param tops    the value at the upper edge, one a series
    /// @param columns one a series; empty for what is not shown
    record Layout(double left, double width, double height, int steps, List<Double> tops, List<ChartColumns> columns) {

        double x(long time) {
            ChartColumns any = columns.getFirst();
            double begin = any.start(0);
            return left + width * (time - begin) / (any.start(any.count()) - begin);
        }

        long time(double x) {
            ChartColumns any = columns.getFirst();
            double begin = any.start(0);
            return Math.round(begin + (x - left) / width * (any.start(any.count()) - begin));
        }

        double y(int series, double value) {
            return TOP + height * (1 - value / tops.get(series));
        }
    }

    private final GraphicsContext g;
    private final double pixel;
    private int rectangles;

    /// @param scale device pixels a pixel
    ChartPainter(GraphicsContext g, double scale) {
        this.g = g;
        this.pixel = 1 / scale;
    }

    /// How many rectangles the series have cost.
    int rectangles() {
        return rectangles;
    }

    /// How wide the plot is in a chart of this width.
    static double plotWidth(double width, boolean rightAxis) {
        return width - LEFT - (rightAxis ? RIGHT : RIGHT_WITHOUT_AXIS);
    }

    /// How many steps fit.
    static int steps(double height) {
        return Math.max(2, (int) (height / TICK_EVERY_Y));
    }

    /// The value at the upper edge of an axis with `steps` steps that has to hold `value`.
    static double top(ChartUnit unit, double value, int steps) {
        return unit.step(Math.max(value * 1.05, unit.least()) / steps) * steps;
    }

    /// Grid and labels; the right axis has the same steps as the left one, so that one grid serves both.
    ///
    /// @param right the series on the right; 0 for none
    void axes(Layout at, List<TimeChart.Series> series, int right, Colours colours) {
        g.setTextBaseline(VPos.CENTER);
        for (int i = 0; i <= at.steps; i++) {
            double y = Math.round(TOP + at.height * (1 - (double) i / at.steps));
            g.setFill(colours.grid);
            g.fillRect(at.left, y, at.width, pixel);
            g.setFill(colours.text);
            g.setTextAlign(TextAlignment.RIGHT);
            g.fillText(label(at, series, 0, i), at.left - 10, y);
            if (right > 0) {
                g.setTextAlign(TextAlignment.LEFT);
                g.fillText(label(at, series, right, i), at.left + at.width + 10, y);
            }
        }
    }

    private static String label(Layout at, List<TimeChart.Series> series, int index, int i) {
        double step = at.tops.get(index) / at.steps;
        return series.get(index).unit().tick(step * i, step);
    }

    void times(Layout at, ZoneId zone, Colours colours) {
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.CENTER);
        ChartColumns columns = at.columns.getFirst();
        long from = (long) columns.start(0);
        long to = (long) columns.start(columns.count());
        int most = Math.max(2, (int) (at.width / TICK_EVERY_X));
        for (var tick : ChartTimes.between(from, to, most, zone)) {
            double x = Math.round(at.x(tick.time()));
            g.setFill(colours.grid);
            g.fillRect(x, TOP + at.height, pixel, 5);
            g.setFill(colours.text);
            g.fillText(tick.label(), x, TOP + at.height + 16);
        }
    }

    /// Shades the time from the first sample to the last in which the first series is not known.
    void gaps(Layout at, Paint paint) {
        ChartColumns columns = at.columns.getFirst();
        g.setFill(paint);
        int known = columns.from() - 1; // the last known column so far
        for (int c = columns.from(); c <= columns.to() + 1; c++) {
            boolean end = c > columns.to();
            if (end || !columns.isEmpty(c)) {
                if (c > known + 1) {
                    g.fillRect(at.left + (known + 1) * pixel, TOP, (c - known - 1) * pixel, at.height);
                }
                known = c;
            }
        }
    }

    void series(Layout at, int series, Paint paint) {
        ChartColumns columns = at.columns.get(series);
        g.setFill(paint);
        for (int c = 0; c < columns.count(); c++) {
            if (columns.isEmpty(c)) {
                continue;
            }
            double top = snap(at.y(series, columns.high(c)));
            double bottom = snap(at.y(series, columns.low(c)));
            // A flat line has the thickness of a line, resting on its value, so that 0 stands on the axis.
            double height = Math.max(LINE, bottom - top + LINE);
            g.fillRect(at.left + c * pixel, bottom + LINE / 2 - height, pixel, height);
            rectangles++;
        }
    }

    /// A hint of the area under a series.
    void area(Layout at, int series, Paint paint) {
        ChartColumns columns = at.columns.get(series);
        if (!(paint instanceof Color colour)) {
            return;
        }
        g.setFill(colour.deriveColor(0, 1, 1, 0.10));
        for (int c = 0; c < columns.count(); c++) {
            if (!columns.isEmpty(c)) {
                double top = snap(at.y(series, columns.high(c)));
                g.fillRect(at.left + c * pixel, top, pixel, TOP + at.height - top);
                rectangles++;
            }
        }
    }

    private double snap(double y) {
        return Math.round(y / pixel) * pixel;
    }
}

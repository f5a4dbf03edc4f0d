package io.handover.ui.control;

import java.util.Arrays;

/// One series thinned to the screen: the lowest and the highest value in each column of device pixels.
///
/// Columns are multiples of their width since 1970, so that a sample stays in its column while time goes on and
/// the picture moves without shimmering.
final class ChartColumns {

    private final long first;
    private final double width;
    private final double[] low;
    private final double[] high;
    private int from;
    private int to = -1;

    /// Empty columns that end with the one of `end`.
    ///
    /// @param width milliseconds a column
    /// @param end   the newest moment, milliseconds since 1970
    ChartColumns(int columns, double width, long end) {
        this.width = width;
        this.first = (long) Math.floor(end / width) - columns + 1;
        low = new double[columns];
        high = new double[columns];
        Arrays.fill(low, Double.NaN);
        Arrays.fill(high, Double.NaN);
    }

    /// Fills in a series. Two samples further apart than `gap` are not joined: nothing is known between them.
    void fill(ChartSamples samples, int series, long gap) {
        long lastTime = 0;
        double last = Double.NaN;
        if (samples.size() > 0) {
            from = Math.max(0, column(samples.time(0)));
            to = Math.min(low.length - 1, column(samples.time(samples.size() - 1)));
        }
        for (int i = Math.max(0, samples.firstFrom((long) start(0)) - 1); i < samples.size(); i++) {
            long time = samples.time(i);
            double value = samples.value(series, i);
            if (!Double.isNaN(value)) {
                if (Double.isNaN(last) || time - lastTime > gap) {
                    include(column(time), value);
                } else {
                    join(lastTime, last, time, value);
                }
            }
            last = value;
            lastTime = time;
        }
    }

    private void join(long t1, double v1, long t2, double v2) {
        int from = column(t1);
        int to = column(t2);
        if (from == to) {
            include(to, v1);
            include(to, v2);
            return;
        }
        for (int c = Math.max(0, from); c <= Math.min(to, low.length - 1); c++) {
            double slope = (v2 - v1) / (t2 - t1);
            include(c, v1 + slope * (Math.max((double) t1, start(c)) - t1));
            include(c, v1 + slope * (Math.min((double) t2, start(c + 1)) - t1));
        }
    }

    private void include(int column, double value) {
        if (column < 0 || column >= low.length) {
            return;
        }
        // Written so that the NaN of an empty column gives way.
        if (!(value >= low[column])) {
            low[column] = value;
        }
        if (!(value <= high[column])) {
            high[column] = value;
        }
    }

    int count() {
        return low.length;
    }

    /// The column of the oldest sample, known or not.
    int from() {
        return from;
    }

    /// The column of the newest sample, known or not; below `from` if there is none.
    int to() {
        return to;
    }

    boolean isEmpty(int column) {
        return Double.isNaN(low[column]);
    }

    double low(int column) {
        return low[column];
    }

    double high(int column) {
        return high[column];
    }

    /// The highest value of all; 0 if there is none.
    double top() {
        double top = 0;
        for (double value : high) {
            if (value > top) {
                top = value;
            }
        }
        return top;
    }

    /// The moment at which `column` begins.
    double start(int column) {
        return (first + column) * width;
    }

    /// The column of `time`; may lie outside.
    int column(long time) {
        return (int) ((long) Math.floor(time / width) - first);
    }
}

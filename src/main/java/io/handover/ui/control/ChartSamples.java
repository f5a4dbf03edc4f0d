package io.handover.ui.control;

/// A ring of samples, each a moment and one value a series; `NaN` is a value that could not be read.
final class ChartSamples {

    private final long[] times;
    private final double[][] values;
    private int start;
    private int size;

    ChartSamples(int capacity, int series) {
        times = new long[capacity];
        values = new double[series][capacity];
    }

    /// Adds a sample; the oldest is forgotten when the ring is full.
    ///
    /// @param time  milliseconds since 1970. A clock that was set back takes away what lies at or after the new
    ///              moment: two samples cannot share a place on the axis
    /// @param sample one value a series
    void add(long time, double... sample) {
        while (size > 0 && time(size - 1) >= time) {
            size--;
        }
        if (size == times.length) {
            start = (start + 1) % times.length;
            size--;
        }
        int place = (start + size) % times.length;
        times[place] = time;
        for (int i = 0; i < values.length; i++) {
            values[i][place] = sample[i];
        }
        size++;
    }

    void clear() {
        start = 0;
        size = 0;
    }

    int size() {
        return size;
    }

    /// The moment of sample `index`; 0 is the oldest.
    long time(int index) {
        return times[(start + index) % times.length];
    }

    /// The value of sample `index`.
    double value(int series, int index) {
        return values[series][(start + index) % times.length];
    }

    /// The first sample at or after `time`; `size()` if there is none.
    int firstFrom(long time) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (time(middle) < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// The sample nearest to `time`; -1 if there is none at all.
    int nearest(long time) {
        int after = firstFrom(time);
        if (after == size) {
            return size - 1;
        }
        boolean before = after > 0 && time - time(after - 1) < time(after) - time;
        return before ? after - 1 : after;
    }
}

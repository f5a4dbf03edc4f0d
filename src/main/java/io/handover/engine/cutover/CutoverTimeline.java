package io.handover.engine.cutover;

import io.handover.model.TimelineEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What was done when, in milliseconds from the freeze. Any thread.
final class CutoverTimeline {

    private final List<TimelineEntry> earlier;
    private final List<Line> lines = new ArrayList<>();
    private OptionalLong freeze = OptionalLong.empty();
    private boolean paused;

    /// One act; times of `System.nanoTime`.
    private record Line(String name, long start, long end, boolean paused, String note) {}

    /// Goes on after what was done before a restart.
    CutoverTimeline(List<TimelineEntry> earlier) {
        this.earlier = List.copyOf(earlier);
    }

    /// Begins an act.
    ///
    /// @return its number
    synchronized int begin(String name) {
        lines.add(new Line(name, System.nanoTime(), -1, paused, ""));
        return lines.size() - 1;
    }

    /// Ends it.
    synchronized void end(int number, String note) {
        Line line = lines.get(number);
        lines.set(number, new Line(line.name(), line.start(), System.nanoTime(), line.paused(), note));
    }

    /// Writes are stopped since `nanos`.
    synchronized void frozen(long nanos) {
        freeze = OptionalLong.of(nanos);
        paused = true;
    }

    /// Writes are possible again.
    synchronized void open() {
        paused = false;
    }

    /// Before the freeze everything lies before now.
    synchronized List<TimelineEntry> entries() {
        long zero = freeze.orElse(System.nanoTime());
        var entries = new ArrayList<TimelineEntry>(earlier);
        for (Line line : lines) {
            entries.add(new TimelineEntry(
                    line.name(),
                    (line.start() - zero) / 1e6,
                    line.end() < 0 ? -1 : (line.end() - line.start()) / 1e6,
                    line.paused(),
                    line.note()));
        }
        return entries;
    }
}

package io.handover.engine;

import io.handover.model.Eta;
import io.handover.model.Lsn;
import io.handover.model.SlotLag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// What follows from the positions of the last minutes: how many seconds the follower trails, how fast both
/// sides go, when it will have caught up. Not thread-safe.
final class LagSeries {

    private static final Duration RATE_OVER = Duration.ofSeconds(10);
    private static final Duration RATE_FROM = Duration.ofSeconds(2);
    private static final double CAUGHT_UP_SECONDS = 2;
    private static final int KEPT = 86_400;

    /// The owner's head and when it was first and last seen there.
    private record Head(Lsn at, Instant last) {}

    private record Point(Instant at, Lsn head, Lsn confirmed) {}

    private final Deque<Head> heads = new ArrayDeque<>();
    private final Deque<Point> points = new ArrayDeque<>();

    /// Forgets everything: the stream is another one now.
    void clear() {
        heads.clear();
        points.clear();
    }

    /// Takes a reading.
    ///
    /// @param now this computer's clock
    void add(Instant now, SlotLag lag) {
        if (!heads.isEmpty() && !lag.head().reached(heads.getLast().at())) {
            clear(); // the log went back: another server, or one restored from a backup
        }
        if (!heads.isEmpty() && heads.getLast().at().equals(lag.head())) {
            heads.removeLast();
        }
        heads.addLast(new Head(lag.head(), now));
        if (heads.size() > KEPT) {
            heads.removeFirst();
        }
        points.addLast(new Point(now, lag.head(), lag.confirmed()));
        while (Duration.between(points.getFirst().at(), now).compareTo(RATE_OVER) > 0) {
            points.removeFirst();
        }
    }

    /// Age of the newest head that the follower has confirmed; 0 if it has confirmed all, -1 while unknown.
    double secondsBehind(Instant now, SlotLag lag) {
        if (lag.confirmed().reached(lag.head())) {
            return 0;
        }
        // What lies before the newest confirmed head is not needed again: a follower never goes back.
        Head newest = null;
        while (!heads.isEmpty() && lag.confirmed().reached(heads.getFirst().at())) {
            newest = heads.removeFirst();
        }
        if (newest == null) {
            return -1;
        }
        heads.addFirst(newest);
        return Math.max(0, Duration.between(newest.last(), now).toMillis() / 1000.0);
    }

    /// Bytes of log a second the owner writes; -1 while unknown.
    double walPerSecond() {
        return rate(true);
    }

    /// Bytes of log a second the follower confirms; -1 while unknown.
    double applyPerSecond() {
        return rate(false);
    }

    /// When the follower will have caught up if both go on as in the last seconds.
    Eta caughtUpIn(SlotLag lag, double secondsBehind) {
        boolean close = secondsBehind >= 0 && secondsBehind < CAUGHT_UP_SECONDS;
        if (lag.bytesBehind() == 0 || close) {
            return new Eta.Done();
        }
        double gain = applyPerSecond() - walPerSecond();
        if (applyPerSecond() < 0 || walPerSecond() < 0 || gain <= 0) {
            return new Eta.Measuring();
        }
        return new Eta.Ready(Duration.ofMillis(Math.round(lag.bytesBehind() / gain * 1000)));
    }

    private double rate(boolean ofHead) {
        if (points.isEmpty()) {
            return -1;
        }
        Point first = points.getFirst();
        Point last = points.getLast();
        Duration time = Duration.between(first.at(), last.at());
        if (time.compareTo(RATE_FROM) < 0) {
            return -1;
        }
        long bytes = ofHead ? last.head().minus(first.head()) : last.confirmed().minus(first.confirmed());
        return Math.max(0, bytes) / (time.toMillis() / 1000.0);
    }
}

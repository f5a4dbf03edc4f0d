package io.handover.engine.cutover;

import io.handover.flow.StoppedException;
import io.handover.model.Session;
import io.handover.pg.ApplyStop;
import io.handover.pg.Fence;
import io.handover.pg.Sessions;
import io.handover.pg.SubscriptionReading;
import io.handover.pg.Subscriptions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The stream from the old owner to the new one, from just before the freeze to its end: that it is not behind, that it
/// has brought everything, that it has stopped.
final class ForwardStream {

    /// A stream that has nothing to catch up with needs a few milliseconds, on a busy machine some more.
    private static final Duration AT_ONCE = Duration.ofMillis(50);

    private static final Duration CALM = Duration.ofSeconds(10);
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final Attempt attempt;
    private OptionalLong errorsBefore = OptionalLong.empty();
    private OptionalLong patience = OptionalLong.empty();
    private @Nullable Fence planted;

    ForwardStream(Attempt attempt) {
        this.attempt = attempt;
    }

    /// Before the freeze: a fence must arrive now, or it would not in the pause either. It is tried again until it
    /// arrives at once, within reason: the pause lasts as long as the stream is behind. Remembers how often the
    /// apply worker had failed until then. May be called again, when writers were held up meanwhile; the patience
    /// is for all calls together.
    void tryOut() throws Setback, InterruptedException, StoppedException {
        if (patience.isEmpty()) {
            patience = OptionalLong.of(System.nanoTime() + CALM.toNanos());
        }
        while (tried().compareTo(AT_ONCE) > 0 && System.nanoTime() - patience.getAsLong() < 0) {
            attempt.with.gate().pause(BETWEEN.toMillis());
        }
    }

    private Duration tried() throws Setback, InterruptedException {
        return attempt.act("Stream tried", "trying the stream", attempt.to, () -> {
            errorsBefore = sound().errors();
            Duration limit = attempt.untilFrozen();
            long planted = System.nanoTime();
            if (!Fence.plant(attempt.lines.owner()).arrives(attempt.lines.follower(), limit)) {
                throw new Setback(CutoverProblems.fenceLate(limit, whyLate()));
            }
            return Duration.ofNanos(System.nanoTime() - planted);
        });
    }

    /// Sends the row that proves, once it arrives, that the new owner has all that was committed on the old.
    void plantFence() throws Setback, InterruptedException {
        planted = attempt.act(Point.FENCE_PLANTED, attempt.from, () -> Fence.plant(attempt.lines.owner()));
    }

    /// Waits for that row. Then the stream has nothing left to bring.
    void fenceArrives() throws Setback, InterruptedException {
        Fence fence = Objects.requireNonNull(planted, "no fence was planted");
        attempt.act(Point.FENCE_ARRIVED, attempt.to, () -> {
            String position = Fence.position(attempt.lines.owner()); // while it may be on its way
            if (!fence.arrives(attempt.lines.follower(), attempt.leftOrLate("waiting for the fence"))) {
                throw new Setback(CutoverProblems.fenceLate(attempt.with.plan().deadline(), whyLate()));
            }
            SubscriptionReading.Present stream = sound();
            if (!stream.errors().equals(errorsBefore)) {
                throw new Setback(CutoverProblems.streamUnsound("its apply worker has failed meanwhile"));
            }
            attempt.passengers().orElseThrow().fenced();
            // it ends while other things are done
            ApplyStop.begin(attempt.lines.follower(), attempt.forward(), stream.worker());
            return "everything up to " + position + " of the " + attempt.from.word();
        });
    }

    /// Waits until the stream has stopped, which it was told when the fence had arrived.
    void stop() throws Setback, InterruptedException {
        attempt.act(Point.FORWARD_OFF, attempt.to, () -> {
            Duration left = attempt.leftOrLate("stopping the stream");
            if (!ApplyStop.ended(attempt.lines.follower(), attempt.forward(), left)) {
                throw new Setback(CutoverProblems.late(attempt.with.plan().deadline(), "the apply worker was ending"));
            }
            return "";
        });
    }

    /// The stream, if all its tables follow.
    SubscriptionReading.Present sound() throws SQLException, Setback {
        var state = Subscriptions.stateInBrief(attempt.lines.follower().jdbc(), attempt.forward());
        if (!(state instanceof SubscriptionReading.Present present)) {
            throw new Setback(CutoverProblems.streamUnsound("the subscription is not there"));
        }
        if (!present.enabled()) {
            throw new Setback(CutoverProblems.streamUnsound("the subscription is disabled"));
        }
        if (!present.tables().keySet().equals(Map.of("r", 0).keySet())) {
            throw new Setback(CutoverProblems.streamUnsound("not all tables follow: " + present.tables()));
        }
        return present;
    }

    private String whyLate() throws SQLException {
        var follower = attempt.lines.follower().jdbc();
        if (!(Subscriptions.state(follower, attempt.forward()) instanceof SubscriptionReading.Present present)) {
            return "The subscription is gone.";
        }
        if (present.worker().isEmpty()) {
            return "The apply worker does not run; the server's log says why.";
        }
        List<Session> blockers = Sessions.blockersOf(follower, present.worker().getAsInt());
        return blockers.isEmpty()
                ? "The apply worker runs (pid " + present.worker().getAsInt() + "), it is just not there yet."
                : "The apply worker waits for "
                        + String.join(
                                "; ", blockers.stream().map(Session::display).toList());
    }
}

package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Lsn;
import io.handover.model.Side;
import io.handover.model.SlotLag;
import io.handover.model.SlotReading;
import io.handover.pg.SlotCatalog;
import io.handover.pg.StreamEnd;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiPredicate;

/// Waits until the follower is close enough to be compared: the less lies between both snapshots, the shorter is the
/// hold and the fewer keys are unsettled.
final class VerifyStream {

    private static final long CLOSE_BYTES = 16L * 1024 * 1024;
    private static final Duration STANDS = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final long FENCE_LOOK_MILLIS = 20;

    private final StepContext with;
    private final Side owner;
    private static final Duration SAY_EVERY = Duration.ofSeconds(1);
    private static final long MEGABYTE = 1024L * 1024;
    private static final long TROUBLE_BYTES = 1024 * MEGABYTE;
    private static final long CALM_BYTES = 256 * MEGABYTE;

    private final SlotCatalog catalog = new SlotCatalog();
    private Lsn reached = new Lsn(0);

    VerifyStream(StepContext with, Side owner) {
        this.with = with;
        this.owner = owner;
    }

    /// The next wait is for the follower to have applied this as well, if that does not take long: what it has not
    /// applied yet is among the keys that may differ, so a round without it is exact but settles less.
    void expect(Lsn position) {
        reached = position;
    }

    /// Waits.
    void awaitClose() throws SQLException, VerifyFailed, InterruptedException, StoppedException {
        long patient = System.nanoTime() + PATIENCE.toNanos();
        await(
                (lag, applied) -> lag.active()
                        && lag.head().minus(applied) <= CLOSE_BYTES
                        && (applied.reached(reached) || System.nanoTime() >= patient),
                LOOK_EVERY_MILLIS,
                Duration.ZERO,
                true);
    }

    /// Waits until the follower shows all that was committed before `position`, however long the stream takes for it.
    void awaitApplied(Lsn position) throws SQLException, VerifyFailed, InterruptedException, StoppedException {
        await((_, applied) -> applied.reached(position), FENCE_LOOK_MILLIS, SAY_EVERY, false);
    }

    /// @param quiet         how long not to say that it waits
    /// @param withoutStream whether there need be no stream: the hold says so in better words
    private void await(BiPredicate<SlotLag, Lsn> enough, long lookEveryMillis, Duration quiet, boolean withoutStream)
            throws SQLException, VerifyFailed, InterruptedException, StoppedException {
        long stands = System.nanoTime() + STANDS.toNanos();
        long say = System.nanoTime() + quiet.toNanos();
        while (true) {
            List<StreamEnd> ends = ends();
            boolean close = !ends.isEmpty() || withoutStream;
            boolean active = !ends.isEmpty();
            for (StreamEnd end : ends) {
                SlotLag lag = lag(end.slot());
                Lsn applied = applied(end, lag);
                active &= lag.active();
                if (!enough.test(lag, applied)) {
                    close = false;
                    if (System.nanoTime() >= say) { // each is a line on somebody's screen
                        say = System.nanoTime() + SAY_EVERY.toNanos();
                        long behind = Math.max(0, lag.head().minus(applied));
                        with.progress(
                                -1,
                                "the " + owner.other().word() + " to catch up, " + (behind + 1023) / 1024
                                        + " kB behind");
                    }
                }
            }
            if (close) {
                with.progress(-1, "");
                return;
            }
            if (active) {
                stands = System.nanoTime() + STANDS.toNanos();
            } else if (System.nanoTime() > stands) {
                throw VerifyFailed.standsStill(owner.other());
            }
            with.gate().pause(lookEveryMillis);
        }
    }

    /// When to rest: while the follower is far behind, or so far that the owner could soon drop the log it needs.
    Rest rest() {
        return new Rest(this::trouble);
    }

    private String trouble(boolean resting) throws SQLException {
        try {
            for (StreamEnd end : ends()) {
                SlotLag lag = lag(end.slot());
                long behind = Math.max(0, lag.head().minus(applied(end, lag)));
                long safe = Math.max(0, lag.safe().orElse(Long.MAX_VALUE / 4));
                boolean scarce = safe < (safe + lag.retained()) / (resting ? 2 : 4);
                if (behind > (resting ? CALM_BYTES : TROUBLE_BYTES) || (scarce && behind > CLOSE_BYTES)) {
                    return "the " + owner.other().word() + " to catch up, over " + rounded(behind, 100) + " MB behind"
                            + (scarce
                                    ? "; the " + owner.word() + " drops its log after about " + rounded(safe, 10)
                                            + " MB more"
                                    : "");
                }
            }
            return "";
        } catch (VerifyFailed e) {
            return ""; // the next round says so; the snapshots are good as long as they are there
        }
    }

    /// So that it does not change at every look.
    private static long rounded(long bytes, int step) {
        return bytes / MEGABYTE / step * step;
    }

    private static Lsn applied(StreamEnd end, SlotLag lag) {
        return end.applied()
                .filter(position -> position.reached(lag.confirmed()))
                .orElse(lag.confirmed());
    }

    private List<StreamEnd> ends() throws SQLException {
        try (Connection follower = with.server(owner.other()).monitor()) {
            return StreamEnd.read(follower, with.plan().id().subscription(owner)).stream()
                    .filter(end -> !end.slot().isEmpty())
                    .toList();
        }
    }

    private SlotLag lag(String slot) throws SQLException, VerifyFailed {
        SlotReading reading;
        try (Connection connection = with.server(owner).monitor()) {
            reading = catalog.lag(connection, slot);
        }
        return switch (reading) {
            case SlotReading.Live(var lag) -> lag;
            case SlotReading.Missing _ -> throw VerifyFailed.slotGone(slot, owner, false);
            case SlotReading.Lost _ -> throw VerifyFailed.slotGone(slot, owner, true);
            case SlotReading.Unreachable _ -> throw new IllegalStateException("only a sampler says so");
        };
    }
}

package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Lsn;
import io.handover.model.Side;
import io.handover.model.SlotReading;
import io.handover.pg.ApplyHold;
import io.handover.pg.SlotCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// Waits until the follower is close enough to be compared: the less lies between both snapshots, the shorter is the
/// hold and the fewer keys are unsettled.
final class VerifyStream {

    private static final long CLOSE_BYTES = 16L * 1024 * 1024;
    private static final Duration STANDS = Duration.ofMinutes(1);
    private static final long LOOK_EVERY_MILLIS = 100;

    private final StepContext with;
    private final Side owner;
    private final SlotCatalog catalog = new SlotCatalog();
    private Lsn reached = new Lsn(0);

    VerifyStream(StepContext with, Side owner) {
        this.with = with;
        this.owner = owner;
    }

    /// The next wait is for the follower to have confirmed this as well.
    void expect(Lsn position) {
        reached = position;
    }

    /// Waits.
    void awaitClose() throws SQLException, VerifyFailed, InterruptedException, StoppedException {
        List<String> slots;
        try (Connection follower = with.server(owner.other()).monitor()) {
            slots = ApplyHold.slots(follower, with.plan().id().subscription(owner));
        }
        for (String slot : slots) {
            await(slot);
        }
        with.progress(-1, "");
    }

    private void await(String slot) throws SQLException, VerifyFailed, InterruptedException, StoppedException {
        long stands = System.nanoTime() + STANDS.toNanos();
        while (true) {
            SlotReading reading;
            try (Connection connection = with.server(owner).monitor()) {
                reading = catalog.lag(connection, slot);
            }
            switch (reading) {
                case SlotReading.Live(var lag) -> {
                    if (lag.active()
                            && lag.bytesBehind() <= CLOSE_BYTES
                            && lag.confirmed().reached(reached)) {
                        return;
                    }
                    if (lag.active()) {
                        stands = System.nanoTime() + STANDS.toNanos();
                    } else if (System.nanoTime() > stands) {
                        throw VerifyFailed.standsStill(owner.other());
                    }
                    with.progress(
                            -1,
                            "the " + owner.other().word() + " to catch up, " + (lag.bytesBehind() + 1023) / 1024
                                    + " kB behind");
                }
                case SlotReading.Missing _ -> throw VerifyFailed.slotGone(slot, owner, false);
                case SlotReading.Lost _ -> throw VerifyFailed.slotGone(slot, owner, true);
                case SlotReading.Unreachable _ -> throw new IllegalStateException("only a sampler says so");
            }
            with.gate().pause(LOOK_EVERY_MILLIS);
        }
    }
}

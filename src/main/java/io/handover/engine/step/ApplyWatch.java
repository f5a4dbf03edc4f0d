package io.handover.engine.step;

import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.Server;
import io.handover.pg.Slots;
import io.handover.pg.SubscriptionReading;
import io.handover.pg.Subscriptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Watches the follower's apply worker while it catches up: how far it is, and why it does not run.
final class ApplyWatch {

    private static final Duration SAY_AFTER = Duration.ofSeconds(3);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final StepContext with;
    private final Side owner;
    private final Duration patience;
    private final String name;
    private long seenRunning = System.nanoTime();
    private long looked = System.nanoTime() - LOOK_EVERY.toNanos();
    private long mostBehind;

    /// @param patience how long the worker may be absent
    ApplyWatch(StepContext with, Side owner, Duration patience) {
        this.with = with;
        this.owner = owner;
        this.patience = patience;
        this.name = with.plan().id().subscription(owner);
    }

    /// Looks, at most twice a second, and shows what it sees.
    ///
    /// @throws StepFailed if the worker has been absent for too long
    void look(Connection follower) throws SQLException, StepFailed {
        long now = System.nanoTime();
        if (now - looked < LOOK_EVERY.toNanos()) {
            return;
        }
        looked = now;
        switch (Subscriptions.state(follower, name)) {
            case SubscriptionReading.Missing _ -> throw new StepFailed(gone());
            case SubscriptionReading.Present present
            when present.worker().isPresent() -> {
                seenRunning = now;
                showLag();
            }
            case SubscriptionReading.Present present -> absent(present, Duration.ofNanos(now - seenRunning));
        }
    }

    private void showLag() {
        Server server = with.server(owner);
        try (Connection monitor = server.monitor()) {
            long behind = Slots.bytesBehind(monitor, with.plan().id().slot(owner));
            mostBehind = Math.max(mostBehind, behind);
            with.progress(
                    behind < 0 || mostBehind == 0 ? -1 : 1 - (double) behind / mostBehind,
                    behind < 0 ? "" : "the target, which is " + behind / 1024 + " kB behind");
        } catch (SQLException _) {
            with.progress(-1, "the source, which does not answer");
        }
    }

    private void absent(SubscriptionReading.Present present, Duration since) throws StepFailed {
        if (since.compareTo(patience) > 0) {
            throw new StepFailed(notRunning(present, since));
        }
        if (since.compareTo(SAY_AFTER) > 0) {
            with.progress(-1, why(present, since));
        }
    }

    private static String why(SubscriptionReading.Present present, Duration since) {
        String errors = present.errors().isPresent() && present.errors().getAsLong() > 0
                ? " and has failed " + present.errors().getAsLong() + " times"
                : "";
        return present.enabled()
                ? "the apply worker of the target, which has not run for " + since.toSeconds() + " s" + errors
                        + "; the target's server log says why"
                : "the subscription, which somebody has disabled";
    }

    private Problem notRunning(SubscriptionReading.Present present, Duration since) {
        return new Problem(
                "apply-worker-absent",
                "The " + owner.other().word() + " does not follow: " + why(present, since) + ".",
                "Nothing is lost: the slot keeps all changes. It keeps WAL on the source's disk as well.",
                "Read the target's server log, mend the cause, then retry. Usual causes: no free worker"
                        + " (max_logical_replication_workers), a row that is there twice, a missing column or table.",
                name);
    }

    private Problem gone() {
        return new Problem(
                "subscription-missing",
                "Somebody has dropped the subscription " + name + ".",
                "Nothing is lost: as long as the slot is there, it keeps all changes.",
                "Retry: the subscription is made again.",
                name);
    }
}

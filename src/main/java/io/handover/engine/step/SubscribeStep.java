package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.pg.DbSession;
import io.handover.pg.Fence;
import io.handover.pg.Publications;
import io.handover.pg.Server;
import io.handover.pg.Slots;
import io.handover.pg.SubscriptionReading;
import io.handover.pg.Subscriptions;
import java.sql.SQLException;
import java.time.Duration;

/// Lets the target follow the source: the subscription on the slot of the baseline, then the wait until it
/// has caught
/// up, proved by a fence that makes the way in a few seconds.
///
/// Run again it takes the subscription that is there.
public final class SubscribeStep implements Step {

    private static final Duration LOOK = Duration.ofMillis(250);

    /// A fence that makes the way in this time shows that no backlog is left.
    private static final Duration CAUGHT_UP = Duration.ofSeconds(5);

    private final Side owner;
    private final Duration patience;

    /// The other side follows `owner`.
    public SubscribeStep(Side owner) {
        this(owner, Duration.ofSeconds(90));
    }

    /// @param patience how long the follower's worker may be absent before that is a failure
    SubscribeStep(Side owner, Duration patience) {
        this.owner = owner;
        this.patience = patience;
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        with.enter(Stage.CATCHING_UP);
        Server from = with.server(owner);
        Server to = with.server(owner.other());
        Side side = owner;
        try (DbSession source = from.open("subscribe")) {
            side = owner.other();
            try (DbSession target = to.open("subscribe")) {
                subscribe(with, source, target);
                catchUp(with, source, target);
            }
            with.enter(Stage.STREAMING);
            return new StepOutcome.Done();
        } catch (StoppedException _) {
            return new StepOutcome.Stopped();
        } catch (StepFailed e) {
            return new StepOutcome.Failed(e.problem());
        } catch (SQLException e) {
            return new StepOutcome.Failed(Problems.of(e, side, "subscribing"));
        }
    }

    private void subscribe(StepContext with, DbSession source, DbSession target) throws SQLException, StepFailed {
        String name = with.plan().id().subscription(owner);
        String slot = with.plan().id().slot(owner);
        if (Slots.reader(source.jdbc(), slot) instanceof Slots.Reader.NoSlot) {
            throw new StepFailed(slotMissing(slot));
        }
        switch (Subscriptions.state(target.jdbc(), name)) {
            case SubscriptionReading.Missing _ -> Subscribing.create(with, owner, target);
            case SubscriptionReading.Present present -> {
                if (!present.enabled()) {
                    Subscriptions.enable(target, name);
                }
            }
        }
        int published = Publications.tables(source.jdbc(), with.plan().id().publication(owner))
                .size();
        if (Subscriptions.state(target.jdbc(), name) instanceof SubscriptionReading.Present present
                && present.tableCount() != published) {
            throw new StepFailed(otherTables(present.tableCount(), published));
        }
    }

    private void catchUp(StepContext with, DbSession source, DbSession target)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        var watch = new ApplyWatch(with, owner, patience);
        Fence.sweep(source);
        while (true) {
            Fence fence = Fence.plant(source);
            long planted = System.nanoTime();
            while (!fence.arrives(target, LOOK)) {
                with.gate().pause(0); // throws if stop was asked
                watch.look(target.jdbc());
            }
            if (System.nanoTime() - planted <= CAUGHT_UP.toNanos()) {
                with.progress(1, "");
                return;
            }
        }
    }

    private static Problem slotMissing(String slot) {
        return new Problem(
                "slot-missing",
                "The replication slot " + slot + " is no longer on the source.",
                "The source goes on unharmed. What was written since the baseline cannot be streamed any more.",
                "Find out who dropped it, then start the baseline anew.",
                slot);
    }

    private static Problem otherTables(int subscribed, int published) {
        return new Problem(
                "subscription-differs",
                "The subscription has " + subscribed + " tables, the publication " + published + ".",
                "Changes of the tables that are missing would be skipped in silence, so the stream is not used.",
                "See that the target reaches the very database you chose as the source, not another one under the"
                        + " same address; then discard and start anew.",
                "");
    }
}

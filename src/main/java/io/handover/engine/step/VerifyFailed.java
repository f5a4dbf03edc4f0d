package io.handover.engine.step;

import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.HoldFailed;

/// A comparison cannot go on, in words for people.
final class VerifyFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    VerifyFailed(Problem problem) {
        super(problem.what());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }

    /// The slot cannot feed the follower any more.
    static VerifyFailed slotGone(String slot, Side owner, boolean lost) {
        return new VerifyFailed(new Problem(
                lost ? "slot-lost" : "slot-missing",
                "The replication slot " + slot + " on the " + owner.word()
                        + (lost ? " has lost its log." : " is gone."),
                "The " + owner.other().word() + " no longer follows; what it has got so far stays.",
                "Discard this migration and take a new snapshot.",
                ""));
    }

    /// Nobody reads from the slot.
    static VerifyFailed standsStill(Side follower) {
        return new VerifyFailed(new Problem(
                "stream-stands",
                "The stream stands still: no apply worker on the " + follower.word() + " is connected.",
                "Nothing is lost: the log is kept until it goes on.",
                "See the " + follower.word()
                        + "'s server log for why its apply worker fails, mend it, then compare again.",
                ""));
    }

    /// The follower's apply could not be held, or not be let go.
    static VerifyFailed of(HoldFailed e, Side follower, String subscription) {
        String details = String.valueOf(e.getMessage());
        return new VerifyFailed(
                switch (e.reason()) {
                    case NO_STREAM ->
                        new Problem(
                                "no-stream",
                                "There is no stream to compare by: " + details + ".",
                                "Nothing was changed.",
                                "Enable the subscription on the " + follower.word() + ", then compare again.",
                                details);
                    case LATER ->
                        new Problem(
                                "too-busy",
                                "Both sides could not be compared now: " + details + ".",
                                "Nothing was changed; the stream goes on.",
                                "Compare again when less is being written.",
                                details);
                    case REFUSED ->
                        new Problem(
                                "hold-refused",
                                "The " + follower.word() + "'s apply could not be held: " + details + ".",
                                "Nothing was changed; the stream goes on.",
                                "Rows can be compared without holding it, but not repaired: that takes the owner of "
                                        + subscription + " on the " + follower.word()
                                        + " and the right to read replication slots on the "
                                        + follower.other().word() + ".",
                                details);
                    case STILL_HELD ->
                        new Problem(
                                "apply-held",
                                "The " + follower.word() + " could not be reached to let its apply go on.",
                                "Nothing is lost, but it does not follow, and the other server keeps its log for it.",
                                "Handover lets it go on at the next comparison or start; or run: alter subscription "
                                        + subscription + " enable",
                                details);
                });
    }
}

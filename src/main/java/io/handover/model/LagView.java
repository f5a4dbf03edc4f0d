package io.handover.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The stream at one moment, made for a screen and for the cutover gates.
///
/// @param at             when it was read, this machine's clock
/// @param owner          the server that is being followed
/// @param reading        what the look at the slot found
/// @param secondsBehind  -1 while unknown
/// @param walPerSecond   bytes of WAL the owner writes a second; -1 while unknown
/// @param applyPerSecond bytes of WAL the follower confirms a second; -1 while unknown
/// @param caughtUpIn     when the follower will have caught up at this rate
/// @param applyErrors    errors of the apply worker so far (`pg_stat_subscription_stats`, 15 or later); -1 if
/// the server does not say
/// @param applyProblem   why the apply worker is not running, in words; empty while it runs
/// @param writers        who is writing on the owner now, busiest first
public record LagView(
        Instant at,
        Side owner,
        SlotReading reading,
        double secondsBehind,
        double walPerSecond,
        double applyPerSecond,
        Eta caughtUpIn,
        long applyErrors,
        String applyProblem,
        List<Session> writers) {

    /// Copies the list.
    public LagView {
        writers = List.copyOf(writers);
    }

    /// Nothing read yet; counts as bad wherever a decision is made.
    public static LagView none(Instant at) {
        return new LagView(
                at,
                Side.SOURCE,
                new SlotReading.Unreachable(at, "not read yet"),
                -1,
                -1,
                -1,
                new Eta.Measuring(),
                -1,
                "",
                List.of());
    }

    /// True if older than `limit`: a stale reading counts as bad.
    public boolean staleAt(Instant now, Duration limit) {
        return Duration.between(at, now).compareTo(limit) > 0;
    }
}

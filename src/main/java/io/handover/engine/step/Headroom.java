package io.handover.engine.step;

import java.util.ArrayDeque;
import java.util.Deque;

/// How many sessions may build indexes beside a copy. One thread.
///
/// How many processors the target has cannot be asked by SQL; how many sessions may work there was planned: as many as
/// the copy has workers. Of those the ones count that the target really works for. Where it is the source or the
/// network that bounds the copy, the target's sessions mostly wait for rows, and others may work in their stead; where
/// the target is the slowest, nothing is built beside. A build once begun goes on, whatever comes, so that no more
/// than half of the workers build.
final class Headroom {

    /// Looks that count: two seconds, at four a second.
    static final int LOOKS = 8;

    private final Deque<Integer> seen = new ArrayDeque<>();

    /// Notes a look.
    ///
    /// @param working sessions of the copy that the target works for
    void saw(int working) {
        seen.addLast(working);
        if (seen.size() > LOOKS) {
            seen.removeFirst();
        }
    }

    /// Forgets what was seen: nothing may be begun before the target was seen long enough again.
    void forget() {
        seen.clear();
    }

    /// How many may build now, those included that do already.
    ///
    /// @param workers of the plan, 1 or more
    int builders(int workers) {
        if (seen.size() < LOOKS) {
            return 0;
        }
        int sum = seen.stream().mapToInt(Integer::intValue).sum();
        int spare = (workers * LOOKS - sum) / LOOKS; // whole sessions only
        return Math.clamp(spare, 0, Math.max(1, workers / 2));
    }
}

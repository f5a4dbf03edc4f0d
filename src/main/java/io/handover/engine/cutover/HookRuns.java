package io.handover.engine.cutover;

import io.handover.model.Side;

/// The environment of an attempt's hooks.
final class HookRuns {

    private HookRuns() {}

    /// For a hook that runs while `owner` owns the data.
    static HookEnvironment environment(Attempt attempt, Side owner) {
        return HookEnvironment.of(
                attempt.id(),
                attempt.with.server(Side.SOURCE).endpoint(),
                attempt.with.server(Side.TARGET).endpoint(),
                attempt.from,
                owner);
    }
}

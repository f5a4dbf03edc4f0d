package io.handover.cli;

import io.handover.model.CutoverReport;
import io.handover.model.GateOverride;
import io.handover.model.LagView;
import io.handover.model.MigrationState;
import io.handover.model.Problem;
import io.handover.model.SlotReading;
import io.handover.model.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The shape of `--json` for a migration: its fields are a contract, so it is not the model itself.
///
/// @param migration      id
/// @param stage          its stage
/// @param owner          `source` or `target`
/// @param source         address
/// @param target         address
/// @param stream         `live`, `missing`, `lost` or `unknown`
/// @param lagBytes       absent while unknown
/// @param lagSeconds     absent while unknown
/// @param verified       how the last comparison ended; absent if there was none
/// @param cutovers       all, oldest first
/// @param overrides      all gates that were ever overridden, oldest first
/// @param windowEnds     until when one can roll back
/// @param problem        what is wrong
/// @param leftovers      what could not be removed
record StatusJson(
        String migration,
        String stage,
        String owner,
        String source,
        String target,
        String stream,
        OptionalLong lagBytes,
        OptionalDouble lagSeconds,
        Optional<Verified> verified,
        List<CutoverReport> cutovers,
        List<GateOverride> overrides,
        Optional<Instant> windowEnds,
        Optional<Problem> problem,
        List<String> leftovers) {

    /// A comparison in short.
    record Verified(boolean passed, boolean proved, long rows, long differences, long unsettled, Instant at) {}

    static StatusJson of(MigrationState state, LagView lag) {
        boolean over = state.stage() == Stage.FINISHED; // no window then, whatever there was last
        boolean live = lag.reading() instanceof SlotReading.Live;
        return new StatusJson(
                state.plan().id().value(),
                state.stage().name(),
                state.owner().word(),
                state.plan().source().address(),
                state.plan().target().address(),
                switch (lag.reading()) {
                    case SlotReading.Live _ -> "live";
                    case SlotReading.Missing _ -> "missing";
                    case SlotReading.Lost _ -> "lost";
                    case SlotReading.Unreachable _ -> "unknown";
                },
                lag.reading() instanceof SlotReading.Live(var slot)
                        ? OptionalLong.of(slot.bytesBehind())
                        : OptionalLong.empty(),
                live && lag.secondsBehind() >= 0 ? OptionalDouble.of(lag.secondsBehind()) : OptionalDouble.empty(),
                state.verification()
                        .map(v -> new Verified(
                                v.passed(), v.proved(), v.rows(), v.differences(), v.unsettled(), v.startedAt())),
                state.cutovers(),
                state.audit().overrides(),
                state.windowEnds().filter(_ -> !over),
                state.problem(),
                state.leftovers());
    }
}

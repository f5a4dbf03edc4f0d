package io.handover.engine;

import io.handover.model.MigrationState;
import io.handover.model.Problem;
import java.util.Optional;

/// The one change of a state that no journal line can carry: that the journal is broken.
///
/// @param from the state before
record MigrationStateChange(MigrationState from) {

    MigrationState problem(Problem problem) {
        return new MigrationState(
                from.plan(),
                from.stage(),
                from.failedStage(),
                from.owner(),
                Optional.empty(),
                Optional.of(problem),
                from.preflight(),
                from.copiedTables(),
                from.streamingSince(),
                from.verification(),
                from.cutovers(),
                from.windowEnds(),
                from.leftovers(),
                from.audit());
    }
}

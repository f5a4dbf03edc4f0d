package io.handover.ui.snapshot;

import io.handover.model.MigrationState;
import io.handover.model.Stage;
import java.util.Optional;

/// Which of its faces the page shows.
enum SnapshotMode {
    /// No migration.
    NONE,
    /// What moves is still to be chosen.
    CHOOSE,
    /// Schema, copy and indexes are under way.
    RUN,
    /// A step failed, was stopped, or left things unclear.
    FAILED,
    /// The baseline is complete.
    DONE;

    static SnapshotMode of(Optional<MigrationState> state) {
        return state.map(SnapshotMode::of).orElse(NONE);
    }

    private static SnapshotMode of(MigrationState state) {
        return switch (state.stage()) {
            case DRAFT -> CHOOSE;
            // The schema is written while the stage is still CHECKED.
            case CHECKED -> state.busy() ? RUN : CHOOSE;
            case SCHEMA_READY, COPYING, INDEXING -> RUN;
            case CATCHING_UP, STREAMING, VERIFYING, FENCING, SWITCHING, CUT_OVER, REVERSE_OPEN, REVERTING, FINISHED ->
                DONE;
            case FAILED, UNSURE ->
                state.streamingSince().isPresent()
                                && state.failedStage().map(Stage::isCutover).orElse(false)
                        ? DONE
                        : FAILED;
        };
    }
}

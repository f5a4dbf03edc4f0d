package io.handover.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A migration at one moment: immutable, folded from its journal, published by the engine.
///
/// @param plan        what it was told to do
/// @param stage       how far it is
/// @param failedStage the stage that failed, for `FAILED` and `UNSURE`; empty otherwise
/// @param owner       the side that owns the data
/// @param task        what runs now; empty if nothing does
/// @param problem     what is wrong; empty if nothing is, or only warnings
/// @param preflight   the last preflight; empty if none was run
/// @param copiedTables how many tables have been copied whole
/// @param streamingSince when the stream began; empty before
/// @param verification the last or the running comparison; empty if there was none since the stream began
/// @param cutovers    all cutovers and roll backs, oldest first; the last may be running
/// @param windowEnds  until when one can roll back; empty outside the window
/// @param leftovers   objects that retire or discard could not remove, with the SQL for each
/// @param audit       what was decided and what happened, by whom and when
public record MigrationState(
        Plan plan,
        Stage stage,
        Optional<Stage> failedStage,
        Side owner,
        Optional<Task> task,
        Optional<Problem> problem,
        Optional<PreflightReport> preflight,
        int copiedTables,
        Optional<Instant> streamingSince,
        Optional<VerifyReport> verification,
        List<CutoverReport> cutovers,
        Optional<Instant> windowEnds,
        List<String> leftovers,
        AuditTrail audit) {

    /// Copies the lists.
    public MigrationState {
        cutovers = List.copyOf(cutovers);
        leftovers = List.copyOf(leftovers);
    }

    /// A new migration.
    public static MigrationState draft(Plan plan) {
        return new MigrationState(
                plan,
                Stage.DRAFT,
                Optional.empty(),
                Side.SOURCE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                AuditTrail.none());
    }

    /// The last cutover or roll back, finished or not.
    public Optional<CutoverReport> lastCutover() {
        return cutovers.isEmpty() ? Optional.empty() : Optional.of(cutovers.getLast());
    }

    /// True while a step runs.
    public boolean busy() {
        return task.isPresent();
    }

    /// A copy in another stage.
    public MigrationState in(Stage newStage) {
        return new MigrationState(
                plan,
                newStage,
                failedStage,
                owner,
                task,
                problem,
                preflight,
                copiedTables,
                streamingSince,
                verification,
                cutovers,
                windowEnds,
                leftovers,
                audit);
    }

    /// A copy with another task.
    public MigrationState doing(Optional<Task> newTask) {
        return new MigrationState(
                plan,
                stage,
                failedStage,
                owner,
                newTask,
                problem,
                preflight,
                copiedTables,
                streamingSince,
                verification,
                cutovers,
                windowEnds,
                leftovers,
                audit);
    }

    /// A copy with another audit trail.
    public MigrationState with(AuditTrail newAudit) {
        return new MigrationState(
                plan,
                stage,
                failedStage,
                owner,
                task,
                problem,
                preflight,
                copiedTables,
                streamingSince,
                verification,
                cutovers,
                windowEnds,
                leftovers,
                newAudit);
    }
}

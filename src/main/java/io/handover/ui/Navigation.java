package io.handover.ui;

import io.handover.model.CutoverReport;
import io.handover.model.MigrationState;
import io.handover.model.Side;
import io.handover.model.Stage;
import java.util.Optional;

/// Which page belongs to which state of a migration. Pure.
public final class Navigation {

    private Navigation() {}

    /// The page on which `state` is at home: where the window begins when it finds a migration.
    public static PageId home(MigrationState state) {
        var stage = whereItIs(state);
        return switch (stage) {
            case DRAFT, FAILED, UNSURE -> PageId.CONNECT;
            case CHECKED, SCHEMA_READY, COPYING, INDEXING -> PageId.SNAPSHOT;
            case CATCHING_UP, STREAMING -> PageId.REPLICATE;
            case VERIFYING -> PageId.VERIFY;
            case FENCING, SWITCHING, CUT_OVER, REVERTING -> PageId.CUTOVER;
            case REVERSE_OPEN -> PageId.RETIRE;
            case FINISHED -> state.cutovers().isEmpty() ? PageId.CONNECT : PageId.RETIRE;
        };
    }

    /// Whether `page` has something to show.
    public static boolean reachable(PageId page, Optional<MigrationState> state) {
        if (page == PageId.CONNECT || page == PageId.SETTINGS) {
            return true;
        }
        return state.isPresent()
                && (page.compareTo(furthest(state.get())) <= 0 || (page == PageId.RETIRE && canGiveUp(state.get())));
    }

    /// Whether there is something on the servers that the last page could take away again.
    private static boolean canGiveUp(MigrationState state) {
        return !state.stage().leavesServersUntouched() && !state.stage().isCutover();
    }

    /// The step after `page`; empty after the last one and after what is no step.
    public static Optional<PageId> after(PageId page) {
        int next = PageId.STEPS.indexOf(page) + 1;
        return next == 0 || next == PageId.STEPS.size() ? Optional.empty() : Optional.of(PageId.STEPS.get(next));
    }

    /// The step before `page`; empty before the first one and before what is no step.
    public static Optional<PageId> before(PageId page) {
        int index = PageId.STEPS.indexOf(page);
        return index < 1 ? Optional.empty() : Optional.of(PageId.STEPS.get(index - 1));
    }

    /// How `step` stands.
    public static StepState step(PageId step, Optional<MigrationState> state) {
        if (!reachable(step, state)) {
            return StepState.LOCKED;
        }
        if (state.isEmpty()) {
            return StepState.OPEN;
        }
        var now = state.get();
        if (step == home(now)) {
            if (now.stage() == Stage.FAILED || now.stage() == Stage.UNSURE) {
                return StepState.PROBLEM;
            }
            if (now.busy()) {
                return StepState.RUNNING;
            }
        }
        return switch (step) {
            case CONNECT -> connect(now);
            case SNAPSHOT ->
                now.streamingSince().isPresent() || isPast(PageId.SNAPSHOT, now) ? StepState.DONE : StepState.OPEN;
            case REPLICATE -> whereItIs(now).isStreaming() ? StepState.RUNNING : StepState.DONE;
            case VERIFY -> verify(now);
            case CUTOVER -> cutover(now);
            case RETIRE ->
                now.stage() == Stage.FINISHED && now.leftovers().isEmpty()
                        ? StepState.DONE
                        : now.leftovers().isEmpty() ? StepState.OPEN : StepState.ATTENTION;
            case SETTINGS -> StepState.OPEN;
        };
    }

    private static StepState connect(MigrationState now) {
        if (whereItIs(now) != Stage.DRAFT) {
            return StepState.DONE;
        }
        return now.preflight().isPresent() && now.preflight().get().blocked() ? StepState.ATTENTION : StepState.OPEN;
    }

    private static StepState verify(MigrationState now) {
        return now.verification()
                .map(report -> !report.finished()
                        ? StepState.RUNNING
                        : report.proved() || report.passed() ? StepState.DONE : StepState.ATTENTION)
                .orElse(StepState.OPEN);
    }

    private static StepState cutover(MigrationState now) {
        return now.lastCutover()
                .map(report -> switch (report.outcome()) {
                    case RUNNING, CONFIRMED -> StepState.RUNNING;
                    case DONE -> done(now, report);
                    case UNDONE -> StepState.ATTENTION;
                })
                .orElse(StepState.OPEN);
    }

    private static StepState done(MigrationState now, CutoverReport report) {
        if (report.problem().isPresent()) {
            return StepState.ATTENTION;
        }
        return now.owner() == Side.TARGET ? StepState.DONE : StepState.OPEN; // rolled back, it is still to be done
    }

    private static boolean isPast(PageId step, MigrationState now) {
        return home(now).compareTo(step) > 0;
    }

    private static PageId furthest(MigrationState state) {
        return switch (whereItIs(state)) {
            case DRAFT, FAILED, UNSURE -> PageId.CONNECT;
            case CHECKED, SCHEMA_READY, COPYING, INDEXING -> PageId.SNAPSHOT;
            case CATCHING_UP, STREAMING, VERIFYING, FENCING -> tookPlace(state) ? PageId.RETIRE : PageId.CUTOVER;
            case SWITCHING, CUT_OVER, REVERSE_OPEN, REVERTING -> PageId.RETIRE;
            case FINISHED -> state.cutovers().isEmpty() ? PageId.CONNECT : PageId.RETIRE;
        };
    }

    private static boolean tookPlace(MigrationState state) {
        return state.cutovers().stream().anyMatch(report -> report.outcome() == CutoverReport.Outcome.DONE);
    }

    /// The stage, or the one that failed.
    private static Stage whereItIs(MigrationState state) {
        return state.failedStage().orElse(state.stage());
    }
}

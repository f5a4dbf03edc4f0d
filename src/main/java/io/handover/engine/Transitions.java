package io.handover.engine;

import io.handover.model.Command;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.RowDifference;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.model.Task;
import io.handover.model.Waves;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which command fits which state. Pure: the same answer for the window, the command line and the tests.
public final class Transitions {

    private static final Set<Stage> CAN_CHECK = EnumSet.of(Stage.DRAFT, Stage.CHECKED);
    private static final Set<Stage> SETTLED = EnumSet.of(Stage.STREAMING, Stage.REVERSE_OPEN);

    private static final int LONGEST_REASON = 1000;

    private Transitions() {}

    /// Why `command` is refused in `state`, for people; empty if it is accepted.
    public static Optional<String> refusal(MigrationState state, Command command) {
        if (command instanceof Command.Stop) {
            return stop(state);
        }
        if (command instanceof Command.Pause(boolean rest)) {
            boolean held = state.task().map(Task::held).orElse(false);
            return !rest && held ? Optional.empty() : pause(state);
        }
        if (command instanceof Command.HoldTable(TableRef table, boolean rest)) {
            return rest ? pause(state) : Optional.empty();
        }
        if (command instanceof Command.LimitReading) {
            return state.stage() == Stage.FINISHED ? Optional.of("It is over; nothing is read") : Optional.empty();
        }
        if (command instanceof Command.ChangeWorkers(int number)) {
            return workers(state, number);
        }
        if (state.busy()) {
            return Optional.of("Wait until this is done: "
                    + state.task().map(task -> task.title()).orElse(""));
        }
        return switch (command) {
            case Command.ChangePlan(Plan plan) -> changePlan(state, plan);
            case Command.Check ignored -> in(state, CAN_CHECK, "The checks belong before the start");
            case Command.Fix ignored -> in(state, CAN_CHECK, "Fixes belong before the start");
            case Command.Start ignored -> in(state, CAN_CHECK, "The migration has begun already");
            case Command.Stop ignored -> Optional.empty();
            case Command.Pause ignored -> Optional.empty();
            case Command.HoldTable ignored -> Optional.empty();
            case Command.LimitReading ignored -> Optional.empty();
            case Command.ChangeWorkers ignored -> Optional.empty();
            case Command.Retry ignored ->
                in(state, EnumSet.of(Stage.FAILED, Stage.UNSURE), "There is nothing to do again");
            case Command.Verify ignored -> in(state, SETTLED, "There is no steady stream to compare behind");
            case Command.Repair(TableRef table) ->
                in(state, SETTLED, "There is no steady stream to repair behind").or(() -> repair(state, table));
            case Command.Rehearse ignored -> in(state, SETTLED, "There is no steady stream to rehearse a hand-over of");
            case Command.OverrideGate(String gate, String reason) ->
                in(state, SETTLED, "There is no hand-over to override a gate for")
                        .or(() -> reason(reason));
            case Command.WithdrawOverride(String gate) ->
                state.audit().inForce(state.owner()).stream()
                                .anyMatch(o -> o.gate().equals(gate))
                        ? Optional.empty()
                        : Optional.of("This gate is not overridden");
            case Command.CutOver(String typed) ->
                in(state, EnumSet.of(Stage.STREAMING), "The target does not follow the source")
                        .or(() -> typed(typed, state.plan(), Side.TARGET));
            case Command.RollBack(String typed) ->
                in(state, EnumSet.of(Stage.REVERSE_OPEN), "There is no window to roll back in")
                        .or(() -> typed(typed, state.plan(), Side.SOURCE));
            case Command.Retire ignored -> in(state, SETTLED, "Only a steady migration can be retired");
            case Command.Discard ignored -> discard(state);
        };
    }

    private static Optional<String> reason(String reason) {
        if (reason.isBlank()) {
            return Optional.of("Say why the gate is overridden: it is kept for the record");
        }
        return reason.length() > LONGEST_REASON
                ? Optional.of("Say it in at most " + LONGEST_REASON + " characters")
                : Optional.empty();
    }

    private static Optional<String> repair(MigrationState state, TableRef table) {
        return repairable(state, table).isEmpty()
                ? Optional.of("The last comparison names no row of this table that could be repaired")
                : Optional.empty();
    }

    /// The keys of the rows of `table` that the last comparison has named.
    static List<String> repairable(MigrationState state, TableRef table) {
        return state.verification().stream()
                .filter(report -> report.finished() && report.owner() == state.owner())
                .flatMap(report -> report.tables().stream())
                .filter(verdict -> verdict.table().equals(table))
                .flatMap(verdict -> verdict.first().stream())
                .map(RowDifference::id)
                .filter(id -> !id.isEmpty())
                .toList();
    }

    private static Optional<String> stop(MigrationState state) {
        return state.task()
                .map(task -> task.stoppable()
                        ? Optional.<String>empty()
                        : Optional.of("This cannot be stopped now; it has a deadline of its own"))
                .orElse(Optional.of("Nothing is running"));
    }

    private static Optional<String> pause(MigrationState state) {
        if (!state.busy() || state.stage() != Stage.COPYING) {
            return Optional.of("Only a copy can be paused, and none runs");
        }
        return switch (state.plan().copyMethod()) {
            case THROUGH_HERE, ARCHIVE -> Optional.empty();
            // between two waves it can
            case SERVER_TO_SERVER ->
                state.plan().waves().equals(Waves.ONE)
                        ? Optional.of("The servers copy by themselves; they cannot be paused from here")
                        : Optional.empty();
        };
    }

    private static Optional<String> workers(MigrationState state, int number) {
        if (number < 1 || number > Plan.MOST_WORKERS) {
            return Optional.of("Workers must be 1 to " + Plan.MOST_WORKERS + ", not " + number);
        }
        return state.stage() == Stage.FINISHED ? Optional.of("It is over; nothing is copied") : Optional.empty();
    }

    private static Optional<String> changePlan(MigrationState state, Plan plan) {
        if (!plan.id().equals(state.plan().id())) {
            return Optional.of("This is another migration's plan");
        }
        if (CAN_CHECK.contains(state.stage())) {
            return Optional.empty();
        }
        Plan now = state.plan();
        Plan allowed = now.with(plan.freeze(), plan.deadline(), plan.window(), plan.hooks())
                .withFreezeRoles(plan.freezeRoles())
                .withPoolers(plan.poolers())
                .with(plan.readLimit());
        return allowed.equals(plan)
                ? Optional.empty()
                : Optional.of("Once it has begun, only the cutover's options can change");
    }

    private static Optional<String> discard(MigrationState state) {
        if (state.stage() == Stage.FINISHED) {
            return Optional.of("It is over; nothing is left to discard");
        }
        return state.owner() == Side.SOURCE
                ? Optional.empty()
                : Optional.of("The target owns the data: roll back first, or retire");
    }

    private static Optional<String> in(MigrationState state, Set<Stage> stages, String otherwise) {
        return stages.contains(state.stage()) ? Optional.empty() : Optional.of(otherwise);
    }

    private static Optional<String> typed(String text, Plan plan, Side side) {
        String database = plan.profile(side).database();
        return text.equals(database)
                ? Optional.empty()
                : Optional.of("Type the " + side.word() + "'s database name, " + database + ", to confirm");
    }
}

package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Command;
import io.handover.model.CopyMethod;
import io.handover.model.Environment;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Stage;
import io.handover.model.Task;
import io.handover.model.TlsMode;
import io.handover.model.Waves;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransitionsTest {

    private final Plan plan = Plan.of(new MigrationId("0000000a"), profile("shop"), profile("shop new"));

    @ParameterizedTest
    @EnumSource(Stage.class)
    void theStartIsOnlyPossibleWhileTheServersAreUntouched(Stage stage) {
        assertEquals(
                Set.of(Stage.DRAFT, Stage.CHECKED).contains(stage),
                Transitions.refusal(in(stage), new Command.Start()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void theCutoverNeedsAStreamAndTheTargetsNameTypedExactly(Stage stage) {
        boolean streaming = stage == Stage.STREAMING;
        assertEquals(
                streaming,
                Transitions.refusal(in(stage), new Command.CutOver("shop new")).isEmpty());
        assertFalse(
                Transitions.refusal(in(stage), new Command.CutOver("shop new ")).isEmpty());
        assertFalse(Transitions.refusal(in(stage), new Command.CutOver("")).isEmpty());
        assertFalse(
                Transitions.refusal(in(stage), new Command.CutOver("shop")).isEmpty(),
                "the source's name confirms nothing");
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void theRollBackNeedsTheWindowAndTheSourcesName(Stage stage) {
        assertEquals(
                stage == Stage.REVERSE_OPEN,
                Transitions.refusal(in(stage), new Command.RollBack("shop")).isEmpty());
        assertFalse(
                Transitions.refusal(in(stage), new Command.RollBack("shop new")).isEmpty());
    }

    @Test
    void nothingBeginsWhileAStepRuns() {
        var busy = in(Stage.STREAMING).doing(Optional.of(new Task("Comparing", Instant.EPOCH, -1, "", true)));
        assertFalse(Transitions.refusal(busy, new Command.CutOver("shop new")).isEmpty());
        assertFalse(Transitions.refusal(busy, new Command.Discard()).isEmpty());
        assertTrue(Transitions.refusal(busy, new Command.Stop()).isEmpty());
    }

    @Test
    void aCopyCanBePausedUnlessTheServersDoAllOfIt() {
        var task = Optional.of(new Task("Copying rows", Instant.EPOCH, -1, "", true));
        var copying = in(Stage.COPYING).doing(task);
        assertTrue(Transitions.refusal(copying, new Command.Pause(true)).isEmpty());
        assertTrue(Transitions.refusal(copying, new Command.Pause(false)).isEmpty());
        assertFalse(Transitions.refusal(in(Stage.INDEXING).doing(task), new Command.Pause(true))
                .isEmpty());
        assertFalse(
                Transitions.refusal(in(Stage.COPYING), new Command.Pause(true)).isEmpty());
        var held = Optional.of(new Task("Building", Instant.EPOCH, -1, "", true, true));
        assertTrue(
                Transitions.refusal(in(Stage.INDEXING).doing(held), new Command.Pause(false))
                        .isEmpty(),
                "whatever is held can go on");
        var byServers = MigrationState.draft(plan.with(CopyMethod.SERVER_TO_SERVER))
                .in(Stage.COPYING)
                .doing(task);
        assertFalse(Transitions.refusal(byServers, new Command.Pause(true)).isEmpty());
        var inWaves = plan.with(CopyMethod.SERVER_TO_SERVER).with(new Waves(List.of(), 2, 0));
        for (Plan pausable : List.of(inWaves, plan.with(CopyMethod.ARCHIVE))) {
            var state = MigrationState.draft(pausable).in(Stage.COPYING).doing(task);
            assertTrue(Transitions.refusal(state, new Command.Pause(true)).isEmpty());
        }
    }

    @Test
    void aCutoverCannotBeStoppedByTheStopButton() {
        var busy = in(Stage.FENCING).doing(Optional.of(new Task("Cutting over", Instant.EPOCH, -1, "", false)));
        assertFalse(Transitions.refusal(busy, new Command.Stop()).isEmpty());
    }

    @Test
    void onceBegunOnlyTheCutoversOptionsChange() {
        Plan hooks = plan.with(FreezeMethod.END_SESSIONS, Duration.ofSeconds(5), Duration.ofHours(1), Hooks.none());
        assertTrue(Transitions.refusal(in(Stage.STREAMING), new Command.ChangePlan(hooks))
                .isEmpty());
        assertFalse(Transitions.refusal(in(Stage.STREAMING), new Command.ChangePlan(plan.withWorkers(9)))
                .isEmpty());
        assertTrue(Transitions.refusal(in(Stage.DRAFT), new Command.ChangePlan(plan.withWorkers(9)))
                .isEmpty());
    }

    @Test
    void whatTheTargetOwnsIsNeverDiscarded() {
        for (Stage stage : EnumSet.allOf(Stage.class)) {
            var state = in(stage);
            boolean allowed = Transitions.refusal(state, new Command.Discard()).isEmpty();
            assertEquals(stage != Stage.FINISHED, allowed, "the source owns the data, stage " + stage);
            var owned = new MigrationState(
                    plan,
                    stage,
                    Optional.empty(),
                    io.handover.model.Side.TARGET,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    java.util.List.of(),
                    Optional.empty(),
                    java.util.List.of(),
                    io.handover.model.AuditTrail.none());
            assertFalse(
                    Transitions.refusal(owned, new Command.Discard()).isEmpty(), "the target owns the data, " + stage);
        }
    }

    private MigrationState in(Stage stage) {
        return MigrationState.draft(plan).in(stage);
    }

    private static Profile profile(String database) {
        return new Profile("p", "h", 5432, database, "u", TlsMode.PREFER, "", Environment.TEST);
    }
}

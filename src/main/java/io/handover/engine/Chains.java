package io.handover.engine;

import io.handover.engine.StepRunner.Named;
import io.handover.engine.step.BaselineStep;
import io.handover.engine.step.CheckStep;
import io.handover.engine.step.DiscardStep;
import io.handover.engine.step.EarlyIndexes;
import io.handover.engine.step.IndexStep;
import io.handover.engine.step.ReleaseStep;
import io.handover.engine.step.RepairStep;
import io.handover.engine.step.RetireStep;
import io.handover.engine.step.SchemaStep;
import io.handover.engine.step.Step;
import io.handover.engine.step.SubscribeStep;
import io.handover.journal.Entry;
import io.handover.journal.Folded;
import io.handover.model.Command;
import io.handover.model.MigrationState;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.pg.PgDump;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Which steps a command consists of, and with which a broken-off one goes on.
final class Chains {

    /// Titles of the steps that take Handover's own objects away: nothing may be written into them meanwhile.
    static final Set<String> ENDING = Set.of("Retiring", "Discarding");

    private final HandOvers handOvers;
    private final PgDump pgDump;

    Chains(HandOvers handOvers, PgDump pgDump) {
        this.handOvers = handOvers;
        this.pgDump = pgDump;
    }

    /// The journal's line before them.
    static Entry.Began began(Command command) {
        return new Entry.Began(name(command), typed(command));
    }

    /// By which `again` finds it after a restart.
    private static String name(Command command) {
        return command instanceof Command.Retire(boolean oldReadOnly) && oldReadOnly
                ? "RetireReadOnly"
                : command.getClass().getSimpleName();
    }

    private static String typed(Command command) {
        return switch (command) {
            case Command.CutOver(String confirmation) -> confirmation;
            case Command.RollBack(String confirmation) -> confirmation;
            default -> "";
        };
    }

    /// Steps of a fresh command.
    List<Named> of(Command command, MigrationState state) {
        return switch (command) {
            case Command.Check _ ->
                List.of(stoppable("Checking both servers", CheckStep.looking(handOvers.consoles())));
            case Command.Fix(var finding) ->
                List.of(stoppable("Fixing " + finding.check(), CheckStep.fixing(finding, handOvers.consoles())));
            case Command.Start _ -> start(Stage.DRAFT);
            case Command.Verify(boolean onlyChanged) ->
                List.of(stoppable("Comparing both sides", handOvers.comparison(state.owner(), onlyChanged)));
            case Command.Repair(var table) ->
                List.of(
                        firm(
                                "Repairing " + table.display(),
                                new RepairStep(state.owner(), table, Transitions.repairable(state, table))),
                        stoppable("Comparing both sides", handOvers.comparison(state.owner(), false)));
            case Command.Rehearse _ -> List.of(stoppable("Rehearsing", handOvers.rehearsal(state.owner())));
            case Command.CutOver _ -> List.of(firm("Cutting over", handOvers.from(Side.SOURCE)));
            case Command.RollBack _ -> List.of(firm("Rolling back", handOvers.from(Side.TARGET)));
            case Command.Retire(boolean oldReadOnly) ->
                List.of(firm("Retiring", new RetireStep(state.owner(), oldReadOnly)));
            case Command.Discard _ -> List.of(firm("Discarding", new DiscardStep()));
            case Command.ChangePlan _,
                    Command.LimitReading _,
                    Command.ChangeWorkers _,
                    Command.Stop _,
                    Command.Pause _,
                    Command.HoldTable _,
                    Command.Retry _,
                    Command.OverrideGate _,
                    Command.WithdrawOverride _ -> throw new IllegalArgumentException("no steps: " + command);
        };
    }

    /// Steps that do again what failed or was broken off.
    List<Named> again(Folded folded) {
        MigrationState state = folded.state();
        return switch (folded.command()) {
            case "Retire" -> List.of(firm("Retiring", new RetireStep(state.owner(), false)));
            case "RetireReadOnly" -> List.of(firm("Retiring", new RetireStep(state.owner(), true)));
            case "Discard" -> List.of(firm("Discarding", new DiscardStep()));
            case "CutOver", "RollBack" -> askTheMark(folded);
            default -> start(state.failedStage().orElse(state.stage()));
        };
    }

    /// A comparison was broken off: the stream may still be held.
    List<Named> releaseHold(Folded folded) {
        return List.of(firm(
                "Seeing that the stream runs", new ReleaseStep(folded.state().owner())));
    }

    /// The last hand-over is over, but somebody may wait for it still; then as after a comparison.
    List<Named> resumePoolers(Folded folded) {
        var chain = new ArrayList<Named>();
        folded.state()
                .lastCutover()
                .ifPresent(last -> chain.add(firm("Resuming PgBouncer", handOvers.resumePoolers(last))));
        chain.addAll(releaseHold(folded));
        return chain;
    }

    /// A cutover or roll back was broken off: the servers say how far it came.
    List<Named> askTheMark(Folded folded) {
        Side from = folded.command().equals("RollBack") ? Side.TARGET : Side.SOURCE;
        return List.of(firm(
                "Asking both servers who owns the data",
                handOvers.resume(from, folded.state().lastCutover())));
    }

    private List<Named> start(Stage from) {
        var chain = new ArrayList<Named>();
        switch (from) {
            case DRAFT, CHECKED -> {
                chain.add(stoppable("Checking both servers", CheckStep.passing(handOvers.consoles())));
                chain.add(stoppable("Making the schema", new SchemaStep(pgDump)));
                addCopy(chain);
            }
            case SCHEMA_READY, COPYING -> addCopy(chain);
            case INDEXING -> addIndexes(chain, new EarlyIndexes());
            default -> addStream(chain);
        }
        return chain;
    }

    private static void addCopy(List<Named> chain) {
        var early = new EarlyIndexes();
        chain.add(stoppable("Copying rows", new BaselineStep(early)));
        addIndexes(chain, early);
    }

    private static void addIndexes(List<Named> chain, EarlyIndexes early) {
        chain.add(stoppable("Building indexes and constraints", new IndexStep(early)));
        addStream(chain);
    }

    private static void addStream(List<Named> chain) {
        chain.add(stoppable("Catching up", new SubscribeStep(Side.SOURCE)));
    }

    private static Named stoppable(String title, Step step) {
        return new Named(title, true, step);
    }

    private static Named firm(String title, Step step) {
        return new Named(title, false, step);
    }
}

package io.handover.cli;

import io.handover.engine.Answer;
import io.handover.engine.Migration;
import io.handover.model.Command;
import io.handover.model.CutoverReport;
import io.handover.model.Finding;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.LagView;
import io.handover.model.MigrationState;
import io.handover.model.Overriding;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Problem;
import io.handover.model.ReadLimit;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.VerifyReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Drives one migration from the command line: submits, waits, and turns how it ended into a status.
final class Driver {

    private static final Duration GATES_LIMIT = Duration.ofMinutes(2);
    private static final Duration GATES_SOON = Duration.ofSeconds(10);

    private final Migration migration;
    private final InstantSource clock;

    Driver(Migration migration, InstantSource clock) {
        this.migration = migration;
        this.clock = clock;
    }

    /// Schema, copy, stream; goes on where an earlier run was broken off. Returns once `goal` is reached.
    void start(Predicate<MigrationState> goal) throws Refusal, InterruptedException {
        MigrationState state = waitFor(s -> !s.busy() || goal.test(s));
        if (goal.test(state)) {
            return;
        }
        switch (state.stage()) {
            case DRAFT, CHECKED -> submit(new Command.Start());
            case FAILED -> submit(new Command.Retry());
            case UNSURE -> throw problem(state, Exit.UNSURE);
            default -> throw new Refusal(Exit.FAILED, "The migration is at " + state.stage() + "; nothing to start");
        }
        state = settled(goal);
        if (!goal.test(state)) {
            throw ended(state);
        }
    }

    /// Goes on where a step has failed, or asks again who owns the data, as Retry in the window does.
    void retry() throws Refusal, InterruptedException {
        submit(new Command.Retry());
        MigrationState state = settled(s -> false);
        if (state.stage() == Stage.FAILED || state.stage() == Stage.UNSURE) {
            throw ended(state);
        }
    }

    /// Refuses at once what no waiting makes possible, with what to do first.
    void mustBe(Set<Stage> stages, Command command) throws Refusal {
        MigrationState state = migration.state().get();
        if (stages.contains(state.stage())) {
            return;
        }
        if (state.stage() == Stage.FAILED || state.stage() == Stage.UNSURE) {
            Refusal failed = ended(state);
            throw new Refusal(
                    failed.exit(),
                    failed.getMessage() + "\nNothing was done. First: handover retry, with the same two URIs");
        }
        throw new Refusal(
                Exit.BLOCKED,
                migration.refusal(command).orElse("That cannot be done now") + " (the migration is at " + state.stage()
                        + ")");
    }

    /// Comparisons keep to this limit from now on.
    void limit(ReadLimit limit) throws Refusal {
        submit(new Command.LimitReading(limit));
    }

    /// Compares both sides, every row.
    VerifyReport verify() throws Refusal, InterruptedException {
        return verify(false);
    }

    /// Compares both sides.
    ///
    /// @param onlyChanged whether tables proved equal before are only looked at for changes since
    VerifyReport verify(boolean onlyChanged) throws Refusal, InterruptedException {
        var command = new Command.Verify(onlyChanged);
        mustBe(Set.of(Stage.STREAMING, Stage.REVERSE_OPEN), command);
        Instant before = clock.instant();
        submit(command);
        MigrationState state = settled(s -> false);
        Optional<VerifyReport> report = state.verification()
                .filter(r -> r.finished() && !r.startedAt().plus(r.took()).isBefore(before));
        if (report.isEmpty()) {
            throw ended(state);
        }
        return report.get();
    }

    /// Compares both sides if a hand-over would be refused because they were not, not lately, or by a run of the app
    /// that is over: which rows it left open, only that run knew.
    ///
    /// @param overridden gates that are to be overridden: an old comparison is not made anew then
    /// @return the report; empty if the last comparison still counts
    Optional<VerifyReport> proof(Set<String> overridden) throws Refusal, InterruptedException {
        awaitReading(view -> !view.gates().isEmpty()); // in vain: `handOver` says what is wrong
        boolean wanting = migration
                .gates()
                .get()
                .gate("verified")
                .filter(gate -> !gate.open())
                .filter(gate -> !(overridden.contains(gate.id()) && gate.overriding() instanceof Overriding.Possible))
                .isPresent();
        return wanting ? Optional.of(verify()) : Optional.empty();
    }

    /// Overrides these gates; one that is open needs no override.
    ///
    /// @param reasons why, by the gates' names
    /// @throws Refusal if one of them cannot be overridden, or there is no such gate
    void override(Map<String, String> reasons) throws Refusal, InterruptedException {
        if (reasons.isEmpty()) {
            return;
        }
        freshReading();
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            boolean open = migration
                    .gates()
                    .get()
                    .gate(reason.getKey())
                    .filter(GateReading::open)
                    .isPresent();
            if (!open) {
                submit(new Command.OverrideGate(reason.getKey(), reason.getValue()));
            }
        }
    }

    /// Refuses a hand-over at once that no waiting makes possible.
    void canHandOver(Side to) throws Refusal {
        mustBe(Set.of(to == Side.TARGET ? Stage.STREAMING : Stage.REVERSE_OPEN), command(to));
    }

    private Command command(Side to) {
        String database = migration.state().get().plan().profile(to).database();
        return to == Side.TARGET ? new Command.CutOver(database) : new Command.RollBack(database);
    }

    /// Hands over, or back, once the gates are open.
    CutoverReport handOver(Side to) throws Refusal, InterruptedException {
        Command command = command(to);
        freshReading();
        awaitGates(command);
        submit(command);
        MigrationState state = settled(s -> false);
        Optional<CutoverReport> report = state.lastCutover();
        if (state.stage() == Stage.UNSURE) {
            throw problem(state, Exit.UNSURE);
        }
        if (report.isEmpty() || report.get().outcome() == CutoverReport.Outcome.UNDONE || state.owner() != to) {
            throw ended(state);
        }
        if (state.stage() == Stage.FAILED) {
            throw problem(state, Exit.FAILED);
        }
        return report.get();
    }

    /// Rehearses the next hand-over.
    ///
    /// @return what it found, in one line
    String rehearse() throws Refusal, InterruptedException {
        awaitReading(view -> !view.gates().isEmpty());
        int before = migration.state().get().audit().events().size();
        submit(new Command.Rehearse());
        MigrationState state = settled(s -> false);
        if (state.problem().isPresent()) {
            throw problem(state, Exit.FAILED);
        }
        return state.audit()
                .lastNote(Command.Rehearse.NOTE)
                .filter(_ -> state.audit().events().size() > before)
                .orElseThrow(() -> ended(state));
    }

    /// Retires or discards.
    void finish(Command command) throws Refusal, InterruptedException {
        submit(command);
        MigrationState state = settled(s -> false);
        if (state.stage() != Stage.FINISHED) {
            throw ended(state);
        }
    }

    /// Waits until nothing runs any more: what a resumed migration had to finish first.
    void idle() throws InterruptedException {
        waitFor(s -> !s.busy());
    }

    /// Stops what goes on by itself after a run that was broken off, and waits until nothing runs: nobody
    /// should wait for the rest of a copy that is to be given up.
    void stopped() throws InterruptedException {
        if (migration.refusal(new Command.Stop()).isEmpty()) {
            migration.submit(new Command.Stop()); // too late if it has ended by itself
        }
        idle();
    }

    /// Replaces the plan where it differs.
    void change(Plan plan) throws Refusal {
        if (!plan.equals(migration.state().get().plan())) {
            submit(new Command.ChangePlan(plan));
        }
    }

    /// Checks, and applies every fix that is offered.
    void fix() throws Refusal, InterruptedException {
        if (migration.refusal(new Command.Check()).isPresent()) {
            return;
        }
        submit(new Command.Check());
        MigrationState state = settled(s -> false);
        for (Finding finding : state.preflight().map(PreflightReport::findings).orElse(List.of())) {
            if (finding.fixable()) {
                submit(new Command.Fix(finding));
                settled(s -> false);
            }
        }
    }

    /// The lag, waiting a few seconds for a first reading where a stream should be.
    LagView freshLag() throws InterruptedException {
        MigrationState state = migration.state().get();
        if (state.stage().isStreaming() || state.stage() == Stage.REVERSE_OPEN) {
            var read = new CountDownLatch(2);
            try (var _ = migration.lag().listen(_ -> read.countDown())) {
                read.await(5, TimeUnit.SECONDS);
            }
        }
        return migration.lag().get();
    }

    /// The conditions of the next hand-over, waiting a few seconds for a first reading; empty where none is possible.
    Optional<GatesView> gates() throws InterruptedException {
        Stage stage = migration.state().get().stage();
        if (stage != Stage.STREAMING && stage != Stage.REVERSE_OPEN) {
            return Optional.empty();
        }
        awaitReading(view -> !view.gates().isEmpty(), GATES_SOON);
        return Optional.of(migration.gates().get()).filter(view -> !view.gates().isEmpty());
    }

    private void submit(Command command) throws Refusal {
        if (migration.submit(command) instanceof Answer.Refused(String reason)) {
            throw new Refusal(Exit.BLOCKED, reason);
        }
    }

    private void awaitGates(Command command) throws Refusal, InterruptedException {
        Optional<String> state = migration.refusal(command);
        Instant limit = clock.instant().plus(GATES_LIMIT);
        while (state.isPresent()) {
            if (clock.instant().isAfter(limit)) {
                throw new Refusal(Exit.BLOCKED, "A gate stayed closed. " + state.get() + closed());
            }
            var changed = new CountDownLatch(2); // the present value at once, then the next
            try (var _ = migration.gates().listen((GatesView _) -> changed.countDown())) {
                changed.await(5, TimeUnit.SECONDS);
            }
            state = migration.refusal(command);
        }
    }

    /// The closed gates by name, each with what can be said on the command line about it.
    private String closed() {
        return migration.gates().get().blocking().stream()
                .map(gate -> "\n  " + gate.id() + ": " + gate.detail() + "\n    "
                        + switch (gate.overriding()) {
                            case Overriding.Never(String why) -> "cannot be overridden. " + why;
                            case Overriding.Possible(String cost, String _) ->
                                "--override " + gate.id() + "=REASON goes on all the same. " + cost;
                        })
                .collect(Collectors.joining());
    }

    /// Waits for the gates as they are now: a comparison that has just ended may have held the stream, and the worker
    /// of a follower before PostgreSQL 16 comes back up to five seconds later.
    private void freshReading() throws InterruptedException {
        Instant now = clock.instant();
        awaitReading(view -> view.at().isAfter(now.plusSeconds(1)));
    }

    private void awaitReading(Predicate<GatesView> wanted) throws InterruptedException {
        awaitReading(wanted, GATES_LIMIT);
    }

    private void awaitReading(Predicate<GatesView> wanted, Duration limit) throws InterruptedException {
        var read = new CountDownLatch(1);
        try (var _ = migration.gates().listen((GatesView view) -> {
            if (wanted.test(view)) {
                read.countDown();
            }
        })) {
            read.await(limit.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private MigrationState settled(Predicate<MigrationState> enough) throws InterruptedException {
        return waitFor(s -> !s.busy() || enough.test(s));
    }

    /// Waits until the state fits; the task of a submitted command shows before `submit` returns.
    private MigrationState waitFor(Predicate<MigrationState> wanted) throws InterruptedException {
        var reached = new CountDownLatch(1);
        try (var _ = migration.state().listen(s -> {
            if (wanted.test(s)) {
                reached.countDown();
            }
        })) {
            reached.await();
        }
        return migration.state().get();
    }

    private static Refusal ended(MigrationState state) {
        if (state.stage() == Stage.UNSURE) {
            return problem(state, Exit.UNSURE);
        }
        boolean blocked = state.preflight().map(p -> p.blocked()).orElse(false) && state.stage() == Stage.DRAFT;
        return problem(state, blocked ? Exit.BLOCKED : Exit.FAILED);
    }

    private static Refusal problem(MigrationState state, Exit exit) {
        return state.problem()
                .or(() -> state.lastCutover().flatMap(CutoverReport::problem))
                .map((Problem p) -> Refusal.of(p, exit))
                .orElseGet(() -> new Refusal(exit, "It ended at " + state.stage() + " without a word why"));
    }
}

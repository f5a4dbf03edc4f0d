package io.handover.journal;

import io.handover.model.CutoverReport;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// From the journal's lines to the state: pure, so that a restart sees exactly what the running app saw.
public final class Fold {

    private Fold() {}

    /// Folds all `lines`.
    ///
    /// @throws JournalDamaged if the first line is no plan
    public static Folded of(List<Line> lines) throws JournalDamaged {
        if (lines.isEmpty() || !(lines.getFirst().entry() instanceof Entry.PlanSet first)) {
            throw new JournalDamaged("the journal does not begin with a plan");
        }
        var folded = begin(first.plan());
        for (Line line : lines) {
            folded = next(folded, line);
        }
        return folded;
    }

    /// Where a journal with nothing but `plan` stands.
    public static Folded begin(Plan plan) {
        return new Folded(MigrationState.draft(plan), Set.of(), "", Map.of(), Map.of(), List.of());
    }

    /// Adds one line.
    public static Folded next(Folded now, Line line) {
        Folded after = changed(now, line);
        return after.with(after.state().with(AuditFold.next(now.state(), line)));
    }

    private static Folded changed(Folded now, Line line) {
        MigrationState state = now.state();
        return switch (line.entry()) {
            case Entry.PlanSet(Plan plan) ->
                now.with(new Change(state).plan(plan).done());
            case Entry.Preflight(PreflightReport report) ->
                now.with(new Change(state).preflight(report).done());
            case Entry.Began(String command, String ignored) ->
                now.withCommand(command).with(new Change(state).clear().done());
            case Entry.StageEntered(Stage stage) -> entered(now, stage, line.at());
            case Entry.TableCopied copied -> {
                var more = now.plus(List.of(copied.table()));
                yield more.with(new Change(state).copied(more.copied().size()).done());
            }
            case Entry.TablesCopied(List<Entry.TableCopied> tables) -> {
                var more =
                        now.plus(tables.stream().map(Entry.TableCopied::table).toList());
                yield more.with(new Change(state).copied(more.copied().size()).done());
            }
            case Entry.TablesKept(List<TableRef> tables) ->
                new Folded(
                        new Change(state).copied(tables.size()).done(),
                        Set.copyOf(tables),
                        now.command(),
                        now.open(),
                        now.proofs(),
                        now.waves());
            case Entry.WavesDivided(List<List<TableRef>> waves) -> now.divided(waves);
            case Entry.Intent(String act, String detail) -> now.intent(act, detail);
            case Entry.Outcome outcome -> now.outcome(outcome.act());
            case Entry.TablesProved(List<TableVerdict> tables) -> now.proved(tables);
            case Entry.Verified(VerifyReport report) ->
                now.with(new Change(state).verification(report).done()).proved(report.tables());
            case Entry.Cutover(CutoverReport report) ->
                now.with(new Change(state).cutover(report).done());
            case Entry.Failed(Problem problem) ->
                now.with(new Change(state).failed(Stage.FAILED, problem).done());
            case Entry.Unsure(Problem problem) ->
                now.with(new Change(state).failed(Stage.UNSURE, problem).done());
            case Entry.Trouble(Problem problem) ->
                now.with(new Change(state).trouble(problem).done());
            case Entry.Leftovers(List<String> sql) ->
                now.with(new Change(state).leftovers(sql).done());
            case Entry.GateOverridden ignored -> now;
            case Entry.OverrideEnded ignored -> now;
            case Entry.Note ignored -> now;
        };
    }

    private static Folded entered(Folded now, Stage stage, Instant at) {
        MigrationState next = new Change(now.state()).entered(stage, at).done();
        if (stage == Stage.COPYING) {
            // A new snapshot: what an earlier one copied counts no longer, unless `TablesKept` follows.
            return new Folded(
                    new Change(next).copied(0).done(), Set.of(), now.command(), now.open(), Map.of(), now.waves());
        }
        return now.with(next);
    }

    /// A state being changed; exists only inside one step of the fold.
    private static final class Change {
        private final MigrationState from;
        private Plan plan;
        private Stage stage;
        private Optional<Stage> failedStage;
        private Side owner;
        private Optional<Problem> problem;
        private Optional<PreflightReport> preflight;
        private int copied;
        private Optional<Instant> streamingSince;
        private Optional<VerifyReport> verification;
        private List<CutoverReport> cutovers;
        private Optional<Instant> windowEnds;
        private List<String> leftovers;

        Change(MigrationState from) {
            this.from = from;
            plan = from.plan();
            stage = from.stage();
            failedStage = from.failedStage();
            owner = from.owner();
            problem = from.problem();
            preflight = from.preflight();
            copied = from.copiedTables();
            streamingSince = from.streamingSince();
            verification = from.verification();
            cutovers = from.cutovers();
            windowEnds = from.windowEnds();
            leftovers = from.leftovers();
        }

        Change plan(Plan next) {
            plan = next;
            return this;
        }

        Change preflight(PreflightReport report) {
            preflight = Optional.of(report);
            if (stage == Stage.DRAFT || stage == Stage.CHECKED) {
                stage = report.blocked() ? Stage.DRAFT : Stage.CHECKED;
            }
            return this;
        }

        Change clear() {
            problem = Optional.empty();
            return this;
        }

        Change entered(Stage next, Instant at) {
            stage = next;
            failedStage = Optional.empty();
            problem = Optional.empty();
            if (next == Stage.STREAMING) {
                windowEnds = Optional.empty();
                if (streamingSince.isEmpty()) {
                    streamingSince = Optional.of(at);
                }
            }
            if (next == Stage.REVERSE_OPEN && windowEnds.isEmpty()) {
                windowEnds = Optional.of(at.plus(plan.window()));
            }
            if (next == Stage.DRAFT || next == Stage.COPYING) {
                streamingSince = Optional.empty();
                verification = Optional.empty();
            }
            return this;
        }

        Change copied(int tables) {
            copied = tables;
            return this;
        }

        Change verification(VerifyReport report) {
            verification = Optional.of(report);
            return this;
        }

        Change cutover(CutoverReport report) {
            var all = new ArrayList<>(cutovers);
            if (!all.isEmpty() && all.getLast().startedAt().equals(report.startedAt())) {
                all.removeLast();
            }
            all.add(report);
            cutovers = all;
            switch (report.outcome()) {
                case CONFIRMED, DONE -> owner = report.from().other();
                case UNDONE -> {
                    owner = report.from();
                    problem = report.problem();
                }
                case RUNNING -> {}
            }
            return this;
        }

        Change failed(Stage how, Problem next) {
            if (stage != Stage.FAILED && stage != Stage.UNSURE) {
                failedStage = Optional.of(stage);
            }
            stage = how;
            problem = Optional.of(next);
            return this;
        }

        Change trouble(Problem next) {
            problem = Optional.of(next);
            return this;
        }

        Change leftovers(List<String> sql) {
            leftovers = sql;
            return this;
        }

        MigrationState done() {
            return new MigrationState(
                    plan,
                    stage,
                    failedStage,
                    owner,
                    from.task(),
                    problem,
                    preflight,
                    copied,
                    streamingSince,
                    verification,
                    cutovers,
                    windowEnds,
                    leftovers,
                    from.audit());
        }
    }
}

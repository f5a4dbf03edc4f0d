package io.handover.engine;

import io.handover.engine.cutover.CutoverParts;
import io.handover.engine.cutover.CutoverStep;
import io.handover.engine.cutover.GateReader;
import io.handover.engine.cutover.HookRunner;
import io.handover.engine.cutover.PauseWork;
import io.handover.engine.cutover.Points;
import io.handover.engine.cutover.RehearsalStep;
import io.handover.engine.cutover.ResumeStep;
import io.handover.engine.step.Step;
import io.handover.engine.step.Unsettled;
import io.handover.engine.step.VerifyStep;
import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.CutoverReport;
import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.TableVerdict;
import io.handover.pg.DbSession;
import io.handover.pg.LargeObjectRights;
import io.handover.pg.LargeObjects;
import io.handover.pg.SequencePlan;
import io.handover.pg.SequenceSync;
import io.handover.pg.UnloggedTables;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Puts a cutover together: the gates, what is brought over in the pause, the last comparison, the hooks.
final class HandOvers {

    private final GateReader gates;
    private final NamedThreads threads;
    private final LastComparison last;
    private final PasswordLookup consoles;

    HandOvers(GateReader gates, LastComparison last, PasswordLookup consoles, NamedThreads threads) {
        this.gates = gates;
        this.last = last;
        this.consoles = consoles;
        this.threads = threads;
    }

    /// Passwords of the consoles of PgBouncers.
    PasswordLookup consoles() {
        return consoles;
    }

    /// A comparison whose open rows the next cutover settles.
    ///
    /// @param onlyChanged whether tables proved equal before are only looked at for changes since
    VerifyStep comparison(Side owner, boolean onlyChanged) {
        return last.begin(owner, onlyChanged);
    }

    /// Hands over from `from` to the other side.
    Step from(Side from) {
        return new CutoverStep(from, parts());
    }

    /// A hand-over from `from` without the freeze.
    Step rehearsal(Side from) {
        return new RehearsalStep(from, parts());
    }

    /// Goes on, after a restart, with one that was under way.
    Step resume(Side from, Optional<CutoverReport> earlier) {
        return CutoverStep.resume(from, parts(), earlier);
    }

    /// Lets clients of PgBouncer go on whom the last hand-over has left waiting.
    Step resumePoolers(CutoverReport last) {
        boolean switched = last.outcome() == CutoverReport.Outcome.DONE;
        return new ResumeStep(last.from(), parts(), switched);
    }

    private CutoverParts parts() {
        return new CutoverParts(
                gates,
                List.of(
                        new PauseWork("Sequences", HandOvers::sequences),
                        new PauseWork("Large objects", HandOvers::largeObjects),
                        new PauseWork("Unlogged tables", HandOvers::unlogged)),
                this::settle,
                new HookRunner(threads),
                Points.NOBODY,
                consoles);
    }

    static PauseWork.Ready sequences(Plan plan, DbSession from, DbSession to) throws SQLException {
        Optional<SequencePlan> prepared = SequencePlan.prepare(from.jdbc(), to, plan.scope());
        return new PauseWork.Ready() {
            @Override
            public Optional<Problem> run() throws SQLException {
                var result =
                        prepared.isPresent() ? prepared.get().run() : SequenceSync.run(from.jdbc(), to, plan.scope());
                return result.complete() ? Optional.empty() : Optional.of(notAllSequences(result));
            }

            @Override
            public List<String> lookAgain() throws SQLException {
                return prepared.isPresent() ? prepared.get().lookAgain() : List.of();
            }
        };
    }

    private static Problem notAllSequences(SequenceSync.Result result) {
        return new Problem(
                "sequences",
                "Sequences could not be brought over: missing " + result.missing() + ", different " + result.different()
                        + ".",
                "The next values there could collide with rows that exist.",
                "Create the missing sequences on the other side, or leave their schema out.",
                "");
    }

    private static PauseWork.Ready largeObjects(Plan plan, DbSession from, DbSession to)
            throws SQLException, InterruptedException {
        syncLargeObjects(from, to);
        LargeObjectRights.carry(plan, from.jdbc(), to); // before the pause: there may be many
        return () -> {
            if (syncLargeObjects(from, to).created() > 0) {
                LargeObjectRights.carry(plan, from.jdbc(), to);
            }
            return Optional.empty();
        };
    }

    private static LargeObjects.Result syncLargeObjects(DbSession from, DbSession to)
            throws SQLException, InterruptedException {
        try {
            return LargeObjects.sync(from, to, new Gate());
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody can stop this gate", e);
        }
    }

    private static PauseWork.Ready unlogged(Plan plan, DbSession from, DbSession to)
            throws SQLException, InterruptedException {
        var tables = UnloggedTables.prepare(from, to, plan.scope());
        copy(tables); // what it has to do for the first time it does before the pause
        return new PauseWork.Ready() {
            private boolean copied;

            @Override
            public boolean guardedByLocks() {
                return true;
            }

            @Override
            public void early() throws SQLException, InterruptedException {
                copy(tables);
                copied = true;
            }

            @Override
            public Optional<Problem> run() throws SQLException, InterruptedException {
                if (!copied || !tables.areStillThose()) {
                    copy(tables);
                }
                return Optional.empty();
            }
        };
    }

    private static void copy(UnloggedTables tables) throws SQLException, InterruptedException {
        try {
            tables.copyAgain(new Gate());
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody can stop this gate", e);
        }
    }

    /// Rows that changed while the last comparison read them are compared once more, now that nothing changes.
    private Optional<Problem> settle(Side owner, DbSession from, DbSession to)
            throws SQLException, InterruptedException {
        Unsettled open = last.open();
        if (open.isEmpty()) {
            return Optional.empty();
        }
        List<TableVerdict> wrong = VerifyStep.settle(from, to, open, threads).stream()
                .filter(v -> v.verdict() != TableVerdict.Verdict.EQUAL)
                .toList();
        return wrong.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        "different",
                        "Rows differ that the last verification had to leave open: "
                                + wrong.stream()
                                        .map(v -> v.table().display() + " " + v.first())
                                        .collect(Collectors.joining("; ")),
                        "The cutover was undone; the " + owner.word() + " still owns the data.",
                        "Verify again, look at the differences, and repair them before the next try.",
                        ""));
    }
}

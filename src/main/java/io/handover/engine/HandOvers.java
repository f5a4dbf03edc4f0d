package io.handover.engine;

import io.handover.engine.cutover.CutoverParts;
import io.handover.engine.cutover.CutoverStep;
import io.handover.engine.cutover.GateReader;
import io.handover.engine.cutover.HookRunner;
import io.handover.engine.cutover.Points;
import io.handover.engine.cutover.RehearsalStep;
import io.handover.engine.cutover.ResumeStep;
import io.handover.engine.cutover.Unstreamed;
import io.handover.engine.step.Step;
import io.handover.engine.step.Unsettled;
import io.handover.engine.step.VerifyStep;
import io.handover.flow.NamedThreads;
import io.handover.model.CutoverReport;
import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.pg.DbSession;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Puts a cutover together: the gates, what is brought over in the pause, the last comparison, the hooks.
final class HandOvers {

    private final GateReader gates;
    private final NamedThreads threads;
    private final LastComparison last;
    private final PasswordLookup consoles;
    private final Supplier<Plan> plan;
    private final Supplier<Optional<VerifyReport>> verification;

    /// @param verification the last comparison, whichever run of the app has made it
    HandOvers(
            GateReader gates,
            LastComparison last,
            PasswordLookup consoles,
            Supplier<Plan> plan,
            Supplier<Optional<VerifyReport>> verification,
            NamedThreads threads) {
        this.gates = gates;
        this.plan = plan;
        this.verification = verification;
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
                gates, Unstreamed.all(threads), this::settle, new HookRunner(threads), Points.NOBODY, consoles);
    }

    /// Rows that changed while the last comparison read them are compared once more, now that nothing changes; and no
    /// table has been altered past it, also between the gates and now.
    private Optional<Problem> settle(Side owner, DbSession from, DbSession to)
            throws SQLException, InterruptedException {
        List<String> altered = AlteredGate.altered(plan.get(), owner, verification.get(), from.jdbc(), to.jdbc());
        if (!altered.isEmpty()) {
            return Optional.of(new Problem(
                    "altered",
                    "Tables were altered since both sides were compared: " + String.join("; ", altered) + ".",
                    "The cutover was undone; the " + owner.word() + " still owns the data.",
                    "Verify again: what altering a table does to its rows is in no stream.",
                    ""));
        }
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

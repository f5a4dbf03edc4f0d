package io.handover.engine;

import io.handover.model.CutoverReport;
import io.handover.model.MigrationState;
import io.handover.model.VerifyReport;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Consumer;

/// Reports that change too often for the journal: laid over the journalled state until they are final. Any thread.
final class LiveReports {

    private final Consumer<LiveReports> changed;
    private Optional<VerifyReport> verification = Optional.empty();
    private Optional<CutoverReport> cutover = Optional.empty();

    LiveReports(Consumer<LiveReports> changed) {
        this.changed = changed;
    }

    void verification(VerifyReport report) {
        synchronized (this) {
            verification = report.finished() ? Optional.empty() : Optional.of(report);
        }
        changed.accept(this);
    }

    void cutover(CutoverReport report) {
        synchronized (this) {
            cutover = Optional.of(report);
        }
        changed.accept(this);
    }

    /// True if the journal has not seen this cutover with this outcome.
    synchronized boolean isNews(CutoverReport report) {
        return cutover.isEmpty()
                || !cutover.get().startedAt().equals(report.startedAt())
                || cutover.get().outcome() != report.outcome();
    }

    /// Nothing runs any more.
    synchronized void clear() {
        verification = Optional.empty();
        cutover = Optional.empty();
    }

    /// `state` with what runs now.
    synchronized MigrationState over(MigrationState state) {
        var cutovers = new ArrayList<>(state.cutovers());
        cutover.ifPresent(live -> {
            if (!cutovers.isEmpty() && cutovers.getLast().startedAt().equals(live.startedAt())) {
                cutovers.removeLast();
            }
            cutovers.add(live);
        });
        return new MigrationState(
                state.plan(),
                state.stage(),
                state.failedStage(),
                state.owner(),
                state.task(),
                state.problem(),
                state.preflight(),
                state.copiedTables(),
                state.streamingSince(),
                verification.isPresent() ? verification : state.verification(),
                cutovers,
                state.windowEnds(),
                state.leftovers(),
                state.audit());
    }
}

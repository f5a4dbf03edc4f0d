package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.pg.BuildSessions;
import io.handover.pg.DbSession;
import java.sql.SQLException;
import java.util.Set;

/// Makes on the target, once the rows are there, what `SchemaStep` left: keys and other indexes several at
/// once, foreign keys, triggers and the like; then fills the materialized views and gathers the planner's
/// statistics.
///
/// What is made is noted on the target in the same transaction, so that a run after a failure, a crash or
/// from another workstation goes on exactly where the last one ended.
public final class IndexStep implements Step {

    private final EarlyIndexes early;

    /// After a copy beside which nothing was built.
    public IndexStep() {
        this(EarlyIndexes.none());
    }

    /// @param early what was begun beside the copy
    public IndexStep(EarlyIndexes early) {
        this.early = early;
    }

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        with.enter(Stage.INDEXING);
        Side busy = Side.SOURCE;
        try {
            Set<TableRef> filled = filledViews(with);
            busy = Side.TARGET;
            EarlyIndexes.Begun begun = early.takeOver();
            try (BuildCrew crew = endOthers(with, begun)) {
                new IndexRun(with, crew, filled, begun).everything();
            }
            return new StepOutcome.Done();
        } catch (StoppedException _) {
            return new StepOutcome.Stopped();
        } catch (SQLException e) {
            return new StepOutcome.Failed(SchemaProblems.of(e, busy, "indexes and constraints were being built"));
        } finally {
            early.end();
        }
    }

    /// What a run that was killed has left at work would build the same indexes.
    private static BuildCrew endOthers(StepContext with, EarlyIndexes.Begun begun)
            throws SQLException, InterruptedException {
        try (DbSession target = with.server(Side.TARGET).open("look")) {
            BuildSessions.end(target, begun.pids());
        }
        return BuildCrew.open(with);
    }

    /// Materialized views that can be read on the source: one made `WITH NO DATA` stays like that.
    private static Set<TableRef> filledViews(StepContext with) throws SQLException {
        try (DbSession source = with.server(Side.SOURCE).open("views")) {
            return IndexRun.filledViews(source);
        }
    }
}

package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.pg.Catalog;
import io.handover.pg.DbSession;
import io.handover.pg.MaterializedView;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;

/// Makes on the target, once the rows are there, what `SchemaStep` left: keys and other indexes several at
/// once, foreign keys, triggers and the like; then fills the materialized views and gathers the planner's
/// statistics.
///
/// What is made is noted on the target in the same transaction, so that a run after a failure, a crash or
/// from another workstation goes on exactly where the last one ended.
public final class IndexStep implements Step {

    @Override
    public StepOutcome run(StepContext with) throws InterruptedException {
        with.enter(Stage.INDEXING);
        Side busy = Side.SOURCE;
        try {
            Set<TableRef> filled = filledViews(with);
            busy = Side.TARGET;
            try (BuildCrew crew = BuildCrew.open(with)) {
                new IndexRun(with, crew, filled).everything();
            }
            return new StepOutcome.Done();
        } catch (StoppedException _) {
            return new StepOutcome.Stopped();
        } catch (SQLException e) {
            return new StepOutcome.Failed(SchemaProblems.of(e, busy, "indexes and constraints were being built"));
        }
    }

    /// Materialized views that can be read on the source: one made `WITH NO DATA` stays like that.
    private static Set<TableRef> filledViews(StepContext with) throws SQLException {
        try (DbSession source = with.server(Side.SOURCE).open("views")) {
            return Catalog.materializedViews(source.jdbc()).stream()
                    .filter(MaterializedView::populated)
                    .map(MaterializedView::name)
                    .collect(Collectors.toSet());
        }
    }
}

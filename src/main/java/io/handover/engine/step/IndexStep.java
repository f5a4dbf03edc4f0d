package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.pg.BuildSessions;
import io.handover.pg.DbSession;
import io.handover.pg.DumpStore;
import io.handover.pg.SqlFailure;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes on the target, once the rows are there, what `SchemaStep` left: keys and other indexes several at
/// once, foreign keys, triggers and the like; then fills the materialized views and gathers the planner's
/// statistics.
///
/// What is made is noted on the target in the same transaction, so that a run after a failure, a crash or
/// from another workstation goes on exactly where the last one ended. A connection that breaks is no failure:
/// it goes on by itself once the servers answer, as this may be the middle of the night.
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
        var made = new AtomicInteger();
        var comeback = Comeback.ofIndexes(with, made::get);
        try {
            while (true) {
                Optional<Broken> broken = attempt(with, made);
                if (broken.isEmpty()) {
                    return new StepOutcome.Done();
                }
                early.end(); // what it was at is built with the rest
                SQLException why = broken.get().why();
                if (!SqlFailure.connectionLost(why) || !comeback.after(why)) {
                    return new StepOutcome.Failed(
                            SchemaProblems.of(why, broken.get().side(), "indexes and constraints were being built"));
                }
            }
        } catch (StoppedException _) {
            return new StepOutcome.Stopped();
        } finally {
            early.end();
        }
    }

    /// @param side of the server that was asked
    private record Broken(Side side, SQLException why) {}

    /// @param made told how many things were there when it began
    /// @return empty if everything is made
    private Optional<Broken> attempt(StepContext with, AtomicInteger made)
            throws StoppedException, InterruptedException {
        Side busy = Side.SOURCE;
        try {
            Set<TableRef> filled = filledViews(with);
            busy = Side.TARGET;
            EarlyIndexes.Begun begun = early.takeOver();
            endOthers(with, begun, made);
            try (BuildCrew crew = BuildCrew.open(with)) {
                new IndexRun(with, crew, filled, begun).everything();
            }
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(new Broken(busy, e));
        }
    }

    /// What a run that was killed, or has lost its connections, has left at work would build the same indexes.
    private static void endOthers(StepContext with, EarlyIndexes.Begun begun, AtomicInteger made)
            throws SQLException, InterruptedException {
        try (DbSession target = with.server(Side.TARGET).open("look")) {
            BuildSessions.end(target, begun.pids());
            made.set(DumpStore.afterRows(target.jdbc(), true).size());
        }
    }

    /// Materialized views that can be read on the source: one made `WITH NO DATA` stays like that.
    private static Set<TableRef> filledViews(StepContext with) throws SQLException {
        try (DbSession source = with.server(Side.SOURCE).open("views")) {
            return IndexRun.filledViews(source);
        }
    }
}

package io.handover.engine.step;

import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.pg.DbSession;
import io.handover.pg.DifferenceCauses;
import io.handover.pg.SnapshotSession;
import io.handover.pg.TableComparer;
import io.handover.pg.TableDigest;
import io.handover.pg.WindowKeys;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// Comparisons while nobody writes on either side: whatever differs is a difference.
final class FrozenComparison {

    private FrozenComparison() {}

    /// All tables.
    static VerifyReport all(StepContext with, Side owner) throws SQLException, InterruptedException, StoppedException {
        var board = new VerifyBoard(owner, with.clock(), false, Operators.here(with.plan()), Map.of());
        try (DbSession ownerSession = with.server(owner).open("verify 1");
                DbSession followerSession = with.server(owner.other()).open("verify 1")) {
            var dialect = TableDigest.Dialect.of(ownerSession.jdbc(), followerSession.jdbc());
            SnapshotSession here = SnapshotSession.prepare(ownerSession, dialect);
            SnapshotSession there = SnapshotSession.prepare(followerSession, dialect);
            var ofOwner = here.take();
            var ofFollower = there.take();
            board.scope(VerifyScope.read(here.jdbc(), there.jdbc(), with.plan(), Optional.empty()));
            List<VerifyItem> items = board.items();
            board.roundBegan(ofOwner.lsn(), Duration.ZERO);
            try (var round = new VerifyRound(with, board, here, there, WindowKeys.none(), dialect, Rest.never())) {
                round.widen(RoundScope.workers(items, with.plan()), ofOwner, ofFollower);
                round.run(items);
            }
            here.end();
            there.end();
            board.unfollowed(Unfollowed.lines(here.jdbc(), there.jdbc(), dialect, with.plan()));
            board.schema(
                    SchemaComparison.of(here.jdbc(), there.jdbc(), with.plan(), owner),
                    DifferenceCauses.read(here.jdbc(), there.jdbc()));
        }
        board.end();
        return board.report(true);
    }

    /// What was left of an earlier comparison.
    static List<TableVerdict> rest(DbSession owner, DbSession follower, Unsettled unsettled, NamedThreads threads)
            throws SQLException, InterruptedException {
        var verdicts = new ArrayList<TableVerdict>();
        if (unsettled.isEmpty()) {
            return verdicts;
        }
        var dialect = TableDigest.Dialect.of(owner.jdbc(), follower.jdbc());
        SnapshotSession here = SnapshotSession.prepare(owner, dialect);
        SnapshotSession there = SnapshotSession.prepare(follower, dialect);
        here.take();
        there.take();
        ExecutorService helper = threads.single("verify follower");
        try {
            var comparer = new TableComparer(here, there, dialect, helper);
            for (Unsettled.PendingTable pending : unsettled.tables()) {
                var table = new VerifyTable(pending.pair(), false);
                if (pending.whole()) {
                    table.whole(comparer.whole(pending.pair(), WindowKeys.none()));
                } else {
                    table.only(comparer.keys(pending.pair(), pending.keys(), WindowKeys.none()));
                }
                table.end(false);
                verdicts.add(table.verdict(owner.side()));
            }
        } finally {
            NamedThreads.close(helper, Duration.ofSeconds(5));
        }
        here.end();
        there.end();
        return verdicts;
    }
}

package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.SnapshotSession;
import io.handover.pg.TableDigest;
import io.handover.pg.WindowKeys;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// One round of a comparison while writes go on, where the follower's apply cannot be held.
///
/// Whole tables are compared in two snapshots with a fence between: the owner's is taken, the follower applies all
/// that it shows, the follower's is taken. What is equal then is equal. What differs may have been changed in
/// between, and nobody can say which keys were; so they are looked at one by one, twice, each time behind a fence
/// (see `FencedKeys`). One that differs in both looks although nothing of it was changed from one to the other is a
/// suspect, in two rounds a difference; one that was changed stays for the next round, and in the end for the write
/// pause.
final class FencedRound {

    private final StepContext with;
    private final Side owner;
    private final VerifyBoard board;
    private final VerifyStream stream;

    FencedRound(StepContext with, Side owner, VerifyBoard board, VerifyStream stream) {
        this.with = with;
        this.owner = owner;
        this.board = board;
        this.stream = stream;
    }

    /// Does it.
    ///
    /// @param first true for the first round, which looks at everything
    void run(boolean first) throws SQLException, VerifyFailed, InterruptedException, StoppedException {
        try (DbSession ownerSession = with.server(owner).open("verify 1");
                DbSession followerSession = with.server(owner.other()).open("verify 1")) {
            var dialect = TableDigest.Dialect.of(ownerSession.jdbc(), followerSession.jdbc());
            SnapshotSession here = SnapshotSession.prepare(ownerSession, dialect);
            SnapshotSession there = SnapshotSession.prepare(followerSession, dialect);
            var scope = new RoundScope(with, owner, board, here, there);
            scope.read(first, dialect);
            List<VerifyItem> whole =
                    board.items().stream().filter(VerifyItem::isWhole).toList();
            if (first || !whole.isEmpty()) {
                compare(scope, whole, dialect);
            }
            List<VerifyItem> keys = board.items().stream()
                    .filter(item -> !item.isWhole())
                    .map(VerifyItem::behindFences)
                    .toList();
            for (int look = 1; look <= 2 && !keys.isEmpty(); look++) {
                keys = compare(scope, keys, dialect).stream()
                        .filter(VerifyItem::isOpen)
                        .toList();
            }
        }
    }

    /// @return what was compared: not those whose tables were altered
    private List<VerifyItem> compare(RoundScope scope, List<VerifyItem> items, TableDigest.Dialect dialect)
            throws SQLException, VerifyFailed, InterruptedException, StoppedException {
        var ofOwner = scope.here().take();
        try (DbSession fence = with.server(owner).open("verify fence")) {
            Durability.flushHere(fence);
        }
        stream.awaitApplied(ofOwner.lsn());
        var ofFollower = scope.there().take();
        board.roundBegan(ofOwner.lsn(), Duration.ZERO);
        with.show(board.report(false));
        List<VerifyItem> same = scope.unaltered(items);
        var window = WindowKeys.unknown(board.pairs());
        try (var round = new VerifyRound(with, board, scope.here(), scope.there(), window, dialect, stream.rest())) {
            round.widen(scope.workers(same), ofOwner, ofFollower);
            round.run(same);
        }
        scope.here().end();
        scope.there().end();
        return same;
    }
}

package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.pg.ApplyHold;
import io.handover.pg.DbSession;
import io.handover.pg.HoldFailed;
import io.handover.pg.SnapshotSession;
import io.handover.pg.TableDigest;
import io.handover.pg.TablePair;
import io.handover.pg.WindowKeys;
import java.sql.SQLException;
import java.util.List;

/// One round of a comparison while writes go on: hold, two snapshots, the keys changed in between, comparison.
final class HeldRound {

    /// The keys of a second of a very busy server; each costs 16 bytes.
    private static final int MOST_CHANGES = 2_000_000;

    private static final int HOLDS = 5;
    private static final long PAUSE_MILLIS = 5_000;

    private final StepContext with;
    private final Side owner;
    private final VerifyBoard board;
    private final VerifyStream stream;
    private final String subscription;

    HeldRound(StepContext with, Side owner, VerifyBoard board, VerifyStream stream) {
        this.with = with;
        this.owner = owner;
        this.board = board;
        this.stream = stream;
        this.subscription = with.plan().id().subscription(owner);
    }

    /// Does it.
    ///
    /// @param first true for the first round, which looks at everything
    /// @throws Refused where a server does not let it be done
    void run(boolean first) throws SQLException, Refused, VerifyFailed, InterruptedException, StoppedException {
        try (DbSession ownerSession = with.server(owner).open("verify 1");
                DbSession followerSession = with.server(owner.other()).open("verify 1")) {
            var dialect = TableDigest.Dialect.of(ownerSession.jdbc(), followerSession.jdbc());
            SnapshotSession here = SnapshotSession.prepare(ownerSession, dialect);
            SnapshotSession there = SnapshotSession.prepare(followerSession, dialect);
            var scope = new RoundScope(with, owner, board, here, there);
            scope.read(first, dialect);
            List<VerifyItem> items = board.items();
            var hold = hold(here, there, items);
            board.roundBegan(hold.held.owner().lsn(), hold.held.took());
            stream.expect(hold.held.owner().lsn());
            with.show(board.report(false));
            items = scope.unaltered(items);
            try (var round = new VerifyRound(with, board, here, there, hold.window, dialect, stream.rest())) {
                round.widen(scope.workers(items), hold.held.owner(), hold.held.follower());
                round.run(items);
            }
        }
    }

    private record Hold(ApplyHold.Held held, WindowKeys window) {}

    private Hold hold(SnapshotSession here, SnapshotSession there, List<VerifyItem> items)
            throws SQLException, Refused, VerifyFailed, InterruptedException, StoppedException {
        var apply = new ApplyHold(with.server(owner), with.server(owner.other()), subscription);
        List<TablePair> pairs = items.stream().map(VerifyItem::pair).toList();
        for (int attempt = 1; ; attempt++) {
            try {
                var window = new WindowKeys(pairs, MOST_CHANGES);
                return new Hold(apply.take(here, there, window, with.gate()), window);
            } catch (HoldFailed e) {
                if (e.reason() == HoldFailed.Reason.REFUSED) {
                    throw new Refused(e);
                }
                if (e.reason() != HoldFailed.Reason.LATER || attempt == HOLDS) {
                    throw VerifyFailed.of(e, owner.other(), subscription);
                }
                with.note("A comparison has to wait: " + e.getMessage());
                here.end();
                there.end();
                with.progress(-1, "fewer changes: " + e.getMessage());
                with.gate().pause(PAUSE_MILLIS);
                stream.awaitClose();
            }
        }
    }

    /// The apply may not be held, or the slot not be read.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private Refused(HoldFailed why) {
            super(why.getMessage(), why);
        }
    }
}

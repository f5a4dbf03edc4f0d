package io.handover.engine.step;

import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.ApplyHold;
import io.handover.pg.DbSession;
import io.handover.pg.DifferenceCauses;
import io.handover.pg.HoldFailed;
import io.handover.pg.SnapshotSession;
import io.handover.pg.StreamedTables;
import io.handover.pg.TableDigest;
import io.handover.pg.TableFound;
import io.handover.pg.TablePair;
import io.handover.pg.WindowKeys;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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
    void run(boolean first) throws SQLException, VerifyFailed, InterruptedException, StoppedException {
        try (DbSession ownerSession = with.server(owner).open("verify 1");
                DbSession followerSession = with.server(owner.other()).open("verify 1")) {
            var dialect = TableDigest.Dialect.of(ownerSession.jdbc(), followerSession.jdbc());
            SnapshotSession here = SnapshotSession.prepare(ownerSession, dialect);
            SnapshotSession there = SnapshotSession.prepare(followerSession, dialect);
            board.scope(scope(here, there));
            if (first) {
                board.unfollowed(Unfollowed.lines(here.jdbc(), there.jdbc(), dialect, with.plan()));
                board.schema(
                        SchemaComparison.of(here.jdbc(), there.jdbc(), with.plan(), owner),
                        DifferenceCauses.read(here.jdbc(), there.jdbc()));
            }
            List<VerifyItem> items = board.items();
            var hold = hold(here, there, items);
            board.roundBegan(hold.held.owner().lsn(), hold.held.took());
            stream.expect(hold.held.owner().lsn());
            with.show(board.report(false));
            items = unaltered(items, scope(here, there));
            try (var round = new VerifyRound(with, board, here, there, hold.window, dialect)) {
                round.widen(workers(items), hold.held.owner(), hold.held.follower());
                round.run(items);
            }
        }
    }

    private record Hold(ApplyHold.Held held, WindowKeys window) {}

    private Hold hold(SnapshotSession here, SnapshotSession there, List<VerifyItem> items)
            throws SQLException, VerifyFailed, InterruptedException, StoppedException {
        var apply = new ApplyHold(with.server(owner), with.server(owner.other()), subscription);
        List<TablePair> pairs = items.stream().map(VerifyItem::pair).toList();
        for (int attempt = 1; ; attempt++) {
            try {
                var window = new WindowKeys(pairs, MOST_CHANGES);
                return new Hold(apply.take(here, there, window, with.gate()), window);
            } catch (HoldFailed e) {
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

    private VerifyScope scope(SnapshotSession here, SnapshotSession there) throws SQLException {
        return VerifyScope.read(
                here.jdbc(), there.jdbc(), with.plan(), Optional.of(StreamedTables.read(there.jdbc(), subscription)));
    }

    /// The keys were collected for the tables as they were before the hold.
    private List<VerifyItem> unaltered(List<VerifyItem> items, VerifyScope now) {
        Map<TableRef, TablePair> pairs =
                now.all().stream().collect(Collectors.toMap(TablePair::table, Function.identity()));
        var same = new ArrayList<VerifyItem>();
        for (VerifyItem item : items) {
            TablePair pair = pairs.get(item.pair().table());
            if (pair != null && pair.sameLayout(item.pair())) {
                same.add(item);
            } else {
                board.found(item, new TableFound.Again("its definition was changed meanwhile"));
            }
        }
        return same;
    }

    /// Single keys are looked up so quickly that more sessions would only take longer to open.
    private int workers(List<VerifyItem> items) {
        long whole = items.stream().filter(VerifyItem::isWhole).count();
        return Math.clamp(whole, 1, with.plan().workers());
    }
}

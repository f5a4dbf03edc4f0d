package io.handover.engine.step;

import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.DifferenceCauses;
import io.handover.pg.SnapshotSession;
import io.handover.pg.StreamedTables;
import io.handover.pg.TableDigest;
import io.handover.pg.TableFound;
import io.handover.pg.TablePair;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a round compares while writes, and changes of the schema, go on.
///
/// @param owner which side it is
/// @param here  a session on it
/// @param there a session on the follower
record RoundScope(StepContext with, Side owner, VerifyBoard board, SnapshotSession here, SnapshotSession there) {

    private static final long PART = 256_000_000;

    /// Tells the board which tables there are.
    ///
    /// @param first true for the first round, which looks at everything
    void read(boolean first, TableDigest.Dialect dialect) throws SQLException {
        board.scope(now());
        if (first) {
            board.unfollowed(Unfollowed.lines(here.jdbc(), there.jdbc(), dialect, with.plan()));
            board.schema(
                    SchemaComparison.of(here.jdbc(), there.jdbc(), with.plan(), owner),
                    DifferenceCauses.read(here.jdbc(), there.jdbc()));
        }
    }

    /// Those of `items` whose tables are in the snapshots what they were when they were read; the board
    /// is told of the others.
    List<VerifyItem> unaltered(List<VerifyItem> items) throws SQLException {
        Map<TableRef, TablePair> pairs =
                now().all().stream().collect(Collectors.toMap(TablePair::table, Function.identity()));
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

    /// How many pairs of sessions to compare with.
    int workers(List<VerifyItem> items) {
        return workers(items, with.plan());
    }

    /// How many pairs of sessions are worth opening: one for a table, or for a part of a large one.
    /// Single keys are looked up so quickly that more sessions would only take longer to open.
    static int workers(List<VerifyItem> items, Plan plan) {
        List<VerifyItem> whole = items.stream().filter(VerifyItem::isWhole).toList();
        long parts = whole.stream().mapToLong(i -> i.pair().bytes() / PART).sum();
        return Math.clamp(Math.max(whole.size(), parts), 1, plan.workers());
    }

    private VerifyScope now() throws SQLException {
        String subscription = with.plan().id().subscription(owner);
        return VerifyScope.read(
                here.jdbc(), there.jdbc(), with.plan(), Optional.of(StreamedTables.read(there.jdbc(), subscription)));
    }
}

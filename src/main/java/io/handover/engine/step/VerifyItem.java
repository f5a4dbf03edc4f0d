package io.handover.engine.step;

import io.handover.pg.TableComparer;
import io.handover.pg.TableFound;
import io.handover.pg.TablePair;
import io.handover.pg.WindowKeys;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/// One table's work in a round.
///
/// @param pair the table
/// @param keys the keys to look at; empty for all rows
record VerifyItem(TablePair pair, Optional<Set<String>> keys) {

    boolean isWhole() {
        return keys.isEmpty();
    }

    /// Does it.
    TableFound compare(TableComparer comparer, WindowKeys window) throws SQLException, InterruptedException {
        return keys.isPresent() ? comparer.keys(pair, keys.get(), window) : comparer.whole(pair, window);
    }
}

package io.handover.engine.step;

import io.handover.model.TableRef;
import io.handover.pg.TablePair;
import java.util.List;
import java.util.Set;

/// What a comparison could not settle because it was being written all the time: the cutover compares it in the write
/// pause, see `VerifyStep.settle`.
///
/// @param tables in name order; empty if everything is settled
public record Unsettled(List<PendingTable> tables) {

    /// Copies the list.
    public Unsettled {
        tables = List.copyOf(tables);
    }

    /// Everything is settled.
    public static Unsettled nothing() {
        return new Unsettled(List.of());
    }

    /// True if everything is settled.
    public boolean isEmpty() {
        return tables.isEmpty();
    }

    /// One table's rest.
    ///
    /// @param pair  the table
    /// @param whole true if all of its rows have to be compared
    /// @param keys  otherwise these, as `pg.KeyText`
    public record PendingTable(TablePair pair, boolean whole, Set<String> keys) {

        /// Copies the set.
        public PendingTable {
            keys = Set.copyOf(keys);
        }

        /// Its name.
        public TableRef table() {
            return pair.table();
        }
    }
}

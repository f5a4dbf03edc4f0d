package io.handover.ui.snapshot;

import io.handover.model.Scope;
import io.handover.model.TableInfo;
import java.util.List;

/// How much of some tables moves.
///
/// @param in          tables that move
/// @param of          tables in all
/// @param bytes       of those that move, with indexes and TOAST
/// @param rows        of those that move, by the planner's estimate, as far as it has one
/// @param unestimated tables that move and were never analysed, so that nobody knows their rows
record Share(int in, int of, long bytes, long rows, int unestimated) {

    /// Of `tables` under `scope`.
    static Share of(List<TableInfo> tables, Scope scope) {
        int in = 0;
        int unestimated = 0;
        long bytes = 0;
        long rows = 0;
        for (TableInfo table : tables) {
            if (scope.includes(table.table())) {
                in++;
                bytes += table.bytes();
                rows += Math.max(0, table.rows());
                unestimated += table.rows() < 0 ? 1 : 0;
            }
        }
        return new Share(in, tables.size(), bytes, rows, unestimated);
    }

    boolean all() {
        return in == of;
    }

    boolean none() {
        return in == 0;
    }
}

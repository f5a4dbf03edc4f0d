package io.handover.pg;

import io.handover.model.RowDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sorts the keys of one table: equal, changed between the snapshots, or different for no good reason.
final class DifferingKeys {

    private final TablePair pair;
    private final WindowKeys window;
    private final List<KeyRows> equal = new ArrayList<>();
    private final List<KeyRows> inside = new ArrayList<>();
    private final List<KeyRows> outside = new ArrayList<>();
    private long outsideRows;
    private long unkept;

    DifferingKeys(TablePair pair, WindowKeys window) {
        this.pair = pair;
        this.window = window;
    }

    /// Takes a key that a comparison of all rows came by.
    void add(KeyRows rows) {
        if (rows.equal()) {
            return;
        }
        if (window.contains(pair.table(), rows.key())) {
            if (inside.size() < TableComparer.INSIDE) {
                inside.add(rows);
            } else {
                unkept += rows.differences();
            }
        } else {
            outsideRows += rows.differences();
            if (outside.size() < TableComparer.KEPT) {
                outside.add(rows);
            }
        }
    }

    /// Takes a key that was asked for: equal ones are kept as well.
    void addAsked(KeyRows rows) {
        if (rows.equal()) {
            equal.add(rows);
        } else {
            add(rows);
        }
    }

    /// True if more keys were changed between the snapshots than are kept.
    boolean overflows() {
        return unkept > 0;
    }

    /// Those that differ for no good reason.
    List<KeyRows> outside() {
        return outside;
    }

    /// All of it.
    TableFound.Compared found(
            Tally owner, Tally follower, Map<String, RowDifference> details, Optional<TableFound.Marks> marks) {
        return new TableFound.Compared(owner, follower, equal, inside, outside, outsideRows, unkept, details, marks);
    }
}

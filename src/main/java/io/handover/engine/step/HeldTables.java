package io.handover.engine.step;

import io.handover.model.TableRef;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The tables of which a copy begins no further part until somebody lets them go on. Any thread. Forgotten when the
/// program ends, as a paused copy is.
public final class HeldTables {

    private final Set<TableRef> held = ConcurrentHashMap.newKeySet();

    /// Has `table` wait, or go on.
    public void hold(TableRef table, boolean rest) {
        if (rest) {
            held.add(table);
        } else {
            held.remove(table);
        }
    }

    /// Whether `table` waits.
    public boolean holds(TableRef table) {
        return held.contains(table);
    }

    /// Lets all go on.
    public void release() {
        held.clear();
    }
}

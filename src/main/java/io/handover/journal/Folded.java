package io.handover.journal;

import io.handover.model.MigrationState;
import io.handover.model.TableRef;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What the journal's lines add up to.
///
/// @param state   what everyone sees
/// @param copied  tables that are copied whole from the present snapshot
/// @param command the last command that was taken up, for Retry; empty before the first
/// @param open    acts whose intent has no outcome yet, with their details: the servers must be asked about them
public record Folded(MigrationState state, Set<TableRef> copied, String command, Map<String, String> open) {

    /// Copies the collections.
    public Folded {
        copied = Set.copyOf(copied);
        open = Map.copyOf(open);
    }

    Folded with(MigrationState next) {
        return new Folded(next, copied, command, open);
    }

    Folded plus(TableRef table) {
        var more = new LinkedHashSet<>(copied);
        more.add(table);
        return new Folded(state, more, command, open);
    }

    Folded withCommand(String name) {
        return new Folded(state, copied, name, open);
    }

    Folded intent(String act, String detail) {
        var more = new LinkedHashMap<>(open);
        more.put(act, detail);
        return new Folded(state, copied, command, more);
    }

    Folded outcome(String act) {
        var less = new LinkedHashMap<>(open);
        less.remove(act);
        return new Folded(state, copied, command, less);
    }
}

package io.handover.engine.step;

import io.handover.model.TableRef;
import io.handover.pg.DumpEntry;
import io.handover.pg.EntryLocks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Packs what is to be built on small tables: a transaction for each statement would take longer than the work.
final class SmallTables {

    /// What is built on tables below this many bytes takes a moment.
    private static final long SMALL = 1L << 20;

    private static final int TOGETHER = 50;

    private final Map<TableRef, Long> bytes;

    /// @param bytes of the tables on the target
    SmallTables(Map<TableRef, Long> bytes) {
        this.bytes = bytes;
    }

    /// Whether all of them are small; false if there are none.
    boolean areAll(Set<TableRef> tables) {
        return !tables.isEmpty() && tables.stream().allMatch(table -> bytes.getOrDefault(table, SMALL) < SMALL);
    }

    /// Entries that are built together, and their tables.
    record Pack(List<DumpEntry> entries, EntryLocks locks) {}

    /// Packs entries, those of the same tables together and in the order given, so that no two packs are at one table
    /// unless an entry has several.
    ///
    /// @param entries with the tables of each
    List<Pack> packed(Map<DumpEntry, Set<TableRef>> entries) {
        Map<Set<TableRef>, List<DumpEntry>> byTables = new LinkedHashMap<>();
        entries.forEach((entry, tables) ->
                byTables.computeIfAbsent(tables, _ -> new ArrayList<>()).add(entry));
        var packs = new ArrayList<Pack>();
        var pack = new ArrayList<DumpEntry>();
        var at = new HashSet<TableRef>();
        byTables.forEach((tables, some) -> {
            pack.addAll(some);
            at.addAll(tables);
            if (at.size() >= TOGETHER) {
                packs.add(pack(pack, at));
                pack.clear();
                at.clear();
            }
        });
        if (!pack.isEmpty()) {
            packs.add(pack(pack, at));
        }
        return packs;
    }

    private static Pack pack(List<DumpEntry> pack, Set<TableRef> at) {
        return new Pack(List.copyOf(pack), new EntryLocks(at, false));
    }
}

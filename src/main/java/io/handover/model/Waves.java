package io.handover.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How the tables of a huge database are divided, so that no snapshot has to be held for all of them:
/// each wave is copied when the one before is copied and follows the source already.
///
/// @param named     waves chosen by hand, in this order, before all others; a table counts in the first
///                  that names it
/// @param number    so many waves for the tables that are not named, of about equal size; 0 if
///                  `gigabytes` says it
/// @param gigabytes as many waves as it takes for none to be bigger (10^9 bytes), but for a table that
///                  is; 0 if `number` says it
public record Waves(List<List<TableRef>> named, int number, int gigabytes) {

    /// Everything at once.
    public static final Waves ONE = new Waves(List.of(), 1, 0);

    /// More than that help nobody.
    public static final int MOST = 100;

    private static final long GB = 1_000_000_000;

    /// Refuses numbers out of range; copies the lists.
    public Waves {
        named = named.stream().<List<TableRef>>map(List::copyOf).toList();
        if (number < 0 || number > MOST) {
            throw new IllegalArgumentException("the number of waves must be 1 to " + MOST + ", not " + number);
        }
        if (gigabytes < 0 || (number > 0) == (gigabytes > 0)) {
            throw new IllegalArgumentException("waves are made by their number or by their size in GB, one of the two");
        }
    }

    /// One wave: some tables, biggest first.
    ///
    /// @param tables not empty
    public record Wave(List<TableInfo> tables) {

        /// Copies the list.
        public Wave {
            tables = List.copyOf(tables);
        }

        /// With indexes and TOAST.
        public long bytes() {
            return tables.stream().mapToLong(TableInfo::bytes).sum();
        }

        /// Their names.
        public Set<TableRef> names() {
            return tables.stream().map(TableInfo::table).collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    /// Divides `tables`. What is not in the log (unlogged tables) is in no wave: it is copied at the
    /// end. The same tables of the same sizes give the same waves.
    ///
    /// @return no wave is empty; empty if there are no tables
    public List<Wave> of(List<TableInfo> tables) {
        Map<TableRef, TableInfo> left = tables.stream()
                .filter(table -> !table.unlogged())
                .sorted(Comparator.comparingLong(TableInfo::bytes).reversed().thenComparing(TableInfo::table))
                .collect(Collectors.toMap(TableInfo::table, Function.identity(), (a, _) -> a, LinkedHashMap::new));
        var waves = new ArrayList<List<TableInfo>>();
        for (List<TableRef> names : named) {
            var wave = new ArrayList<TableInfo>();
            for (TableRef name : names) {
                TableInfo info = left.remove(name);
                if (info != null) {
                    wave.add(info);
                }
            }
            waves.add(wave);
        }
        waves.addAll(number > 0 ? byNumber(left.values()) : bySize(left.values()));
        return waves.stream().filter(wave -> !wave.isEmpty()).map(Wave::new).toList();
    }

    /// The same as they were divided once: what sizes have become does not count, gone tables are left out, and those
    /// that nobody knew of then come last, together.
    ///
    /// @param division as `of` gave it; empty if it is not known
    public Waves asDivided(List<List<TableRef>> division) {
        return division.isEmpty() ? this : new Waves(division, 1, 0);
    }

    /// Names of `named` that are no tables of `tables`.
    public List<TableRef> unknown(List<TableInfo> tables) {
        Set<TableRef> known = tables.stream().map(TableInfo::table).collect(Collectors.toSet());
        return named.stream()
                .flatMap(List::stream)
                .filter(name -> !known.contains(name))
                .toList();
    }

    /// The next biggest goes where least is yet.
    private List<List<TableInfo>> byNumber(Iterable<TableInfo> biggestFirst) {
        var waves = new ArrayList<List<TableInfo>>();
        var sizes = new long[number];
        for (int i = 0; i < number; i++) {
            waves.add(new ArrayList<>());
        }
        for (TableInfo table : biggestFirst) {
            int least = 0;
            for (int i = 1; i < number; i++) {
                boolean fewer = sizes[i] == sizes[least]
                        && waves.get(i).size() < waves.get(least).size();
                if (sizes[i] < sizes[least] || fewer) {
                    least = i;
                }
            }
            waves.get(least).add(table);
            sizes[least] += table.bytes();
        }
        return waves;
    }

    /// The next biggest goes to the first that has room.
    private List<List<TableInfo>> bySize(Iterable<TableInfo> biggestFirst) {
        var waves = new ArrayList<List<TableInfo>>();
        var room = new ArrayList<Long>();
        for (TableInfo table : biggestFirst) {
            int fits = 0;
            while (fits < waves.size() && room.get(fits) < table.bytes()) {
                fits++;
            }
            if (fits == waves.size()) {
                waves.add(new ArrayList<>());
                room.add(gigabytes * GB);
            }
            waves.get(fits).add(table);
            room.set(fits, room.get(fits) - table.bytes());
        }
        return waves;
    }
}

package io.handover.pg;

import io.handover.model.TableRef;
import io.handover.pg.PgOutputMessage.Cell;
import io.handover.pg.PgOutputMessage.Column;
import io.handover.pg.PgOutputMessage.Old;
import io.handover.pg.PgOutputMessage.Relation;
import io.handover.pg.PgOutputMessage.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys that the stream changed between two snapshots, by table: only these may differ. Filled by
/// one thread, then read by any.
///
/// Keeps 64-bit hashes of keys. Two keys of one hash would make a true difference wait for the next
/// round, where the set is another; they cannot hide it. The keys themselves are kept as long as they
/// are few.
public final class WindowKeys {

    private static final int NAMED_OF_A_TABLE = 20_000;
    private static final int CHARACTERS = 20_000_000;

    private final Map<TableRef, List<TablePair>> wanted = new HashMap<>();
    private final Map<TableRef, LongSet> keys = new HashMap<>();
    private final Map<TableRef, Set<String>> named = new HashMap<>();
    private final Set<TableRef> tooMany = new HashSet<>();
    private final Set<TableRef> whole = new HashSet<>();
    private final Map<Integer, List<Layout>> relations = new HashMap<>();
    private final int limit;
    private final boolean all;
    private long size;
    private long characters;

    /// Collects for `tables`; changes of others are passed over.
    ///
    /// @param limit how many keys at most
    public WindowKeys(Collection<TablePair> tables, int limit) {
        this(tables, limit, false);
    }

    private WindowKeys(Collection<TablePair> tables, int limit, boolean all) {
        this.limit = limit;
        this.all = all;
        for (TablePair pair : tables) {
            wanted.computeIfAbsent(pair.table(), _ -> new ArrayList<>()).add(pair);
            pair.leaves()
                    .forEach(leaf ->
                            wanted.computeIfAbsent(leaf, _ -> new ArrayList<>()).add(pair));
            if (!pair.root().equals(pair.table())) {
                // a publication may speak of a partition's changes as the partitioned table's
                wanted.computeIfAbsent(pair.root(), _ -> new ArrayList<>()).add(pair);
            }
        }
    }

    /// Nothing was changed: both sides stand still.
    public static WindowKeys none() {
        return new WindowKeys(List.of(), 0);
    }

    /// Which keys of `tables` were changed is not known, so it may have been any of them.
    public static WindowKeys unknown(Collection<TablePair> tables) {
        return new WindowKeys(tables, 0, true);
    }

    /// Takes note of one change.
    ///
    /// @throws TooMany if the limit is passed
    void add(PgOutputMessage message) throws TooMany {
        switch (message) {
            case Relation relation -> relations.put(relation.id(), layouts(relation));
            case PgOutputMessage.Insert insert -> row(insert.relation(), Optional.empty(), insert.row());
            case PgOutputMessage.Update update -> {
                update.old().ifPresent(old -> old(update.relation(), old));
                row(update.relation(), update.old(), update.row());
            }
            case PgOutputMessage.Delete delete -> old(delete.relation(), delete.old());
            case PgOutputMessage.Truncate truncate ->
                truncate.relations().forEach(id -> layoutsOf(id).forEach(l -> whole.add(l.pair.table())));
            case PgOutputMessage.Begin _, PgOutputMessage.Other _ -> {
                return;
            }
        }
        if (size > limit) {
            throw new TooMany(size);
        }
    }

    /// How many messages are worth reading. A server stops decoding at the end of the transaction that
    /// passes it.
    int mostMessages() {
        return limit;
    }

    /// Tells that a slot was read to its end, or as far as `mostMessages`.
    ///
    /// @throws TooMany if there may be more
    void sawMessages(long messages) throws TooMany {
        if (messages >= limit) {
            throw new TooMany(messages);
        }
    }

    /// True if `key` was changed, or the whole table may have been.
    public boolean contains(TableRef table, String key) {
        if (isUnknown(table)) {
            return true;
        }
        LongSet set = keys.get(table);
        return whole.contains(table) || (set != null && set.contains(KeyText.hash(key)));
    }

    /// True if the whole table was changed: truncated, or by changes whose keys could not be told.
    public boolean whole(TableRef table) {
        return whole.contains(table);
    }

    /// True if nothing is known of the changes of `table`: whatever differs may be one of them.
    boolean isUnknown(TableRef table) {
        return all && wanted.containsKey(table);
    }

    /// The keys of `table` that were changed; empty if they are not known or not kept.
    Optional<Set<String>> keys(TableRef table) {
        return isUnknown(table) || whole.contains(table) || tooMany.contains(table)
                ? Optional.empty()
                : Optional.of(Collections.unmodifiableSet(named.getOrDefault(table, Set.of())));
    }

    /// How many keys of `table` were changed, as far as that is known.
    public int size(TableRef table) {
        LongSet set = keys.get(table);
        return set == null ? 0 : set.size();
    }

    private List<Layout> layouts(Relation relation) {
        return wanted.getOrDefault(relation.table(), List.of()).stream()
                .map(pair -> Layout.of(pair, relation.columns()))
                .toList();
    }

    private List<Layout> layoutsOf(int relation) {
        return relations.getOrDefault(relation, List.of());
    }

    private void row(int relation, Optional<Old> old, Tuple row) {
        for (Layout layout : layoutsOf(relation)) {
            add(layout.pair.table(), layout.key(row, old));
        }
    }

    private void old(int relation, Old old) {
        for (Layout layout : layoutsOf(relation)) {
            boolean known = old.wholeRow() || layout.keyIsIdentity;
            add(layout.pair.table(), known ? layout.key(old.tuple(), Optional.empty()) : Optional.empty());
        }
    }

    private void add(TableRef table, Optional<String> key) {
        if (key.isEmpty()) {
            whole.add(table);
        } else if (!whole.contains(table)) {
            if (keys.computeIfAbsent(table, _ -> new LongSet()).add(KeyText.hash(key.get()))) {
                size++;
            }
            name(table, key.get());
        }
    }

    private void name(TableRef table, String key) {
        if (tooMany.contains(table)) {
            return;
        }
        Set<String> names = named.computeIfAbsent(table, _ -> new HashSet<>());
        if (names.add(key)) {
            characters += key.length();
        }
        if (names.size() > NAMED_OF_A_TABLE || characters > CHARACTERS) {
            tooMany.add(table);
            characters -= names.stream().mapToLong(String::length).sum();
            named.remove(table);
        }
    }

    /// Where a table's key stands in the stream's rows.
    ///
    /// @param positions     -1 for a column that is not in the stream
    /// @param keyIsIdentity all of the key is sent with an old row
    private record Layout(TablePair pair, List<Integer> positions, boolean keyIsIdentity) {

        static Layout of(TablePair pair, List<Column> columns) {
            List<Integer> positions = pair.key().stream()
                    .map(key -> columns.stream().map(Column::name).toList().indexOf(key.name()))
                    .toList();
            boolean identity = true;
            for (int position : positions) {
                identity &= position >= 0 && columns.get(position).identity();
            }
            return new Layout(pair, positions, identity);
        }

        /// Empty if the key cannot be told.
        Optional<String> key(Tuple row, Optional<Old> old) {
            var values = new ArrayList<@Nullable String>(positions.size());
            for (int i = 0; i < positions.size(); i++) {
                int position = positions.get(i);
                if (position < 0 || position >= row.cells().size()) {
                    return Optional.empty();
                }
                Cell cell = row.cells().get(position);
                if (cell instanceof Cell.Unchanged
                        && old.isPresent()
                        && (old.get().wholeRow() || keyIsIdentity)) {
                    cell = old.get().tuple().cells().get(position);
                }
                switch (cell) {
                    case Cell.Null _ -> values.add(null);
                    case Cell.Text text -> {
                        Optional<String> value = KeyText.fromStream(pair.key().get(i), text.value());
                        if (value.isEmpty()) {
                            return value;
                        }
                        values.add(value.get());
                    }
                    case Cell.Unchanged _ -> {
                        return Optional.empty();
                    }
                }
            }
            return Optional.of(KeyText.of(values));
        }
    }

    /// More was changed than can be kept in mind.
    public static final class TooMany extends Exception {
        private static final long serialVersionUID = 1L;

        /// Says how many.
        TooMany(long found) {
            super(found + " or more changes were made while the snapshots were taken");
        }
    }
}

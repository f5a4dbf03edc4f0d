package io.handover.pg;

import io.handover.model.TableRef;
import io.handover.model.UnsentChanges.Change;
import io.handover.model.UnsentChanges.InTable;
import io.handover.model.UnsentChanges.Kind;
import io.handover.pg.PgOutputMessage.Cell;
import io.handover.pg.PgOutputMessage.Relation;
import io.handover.pg.PgOutputMessage.Tuple;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Counts the changes of a stream by table and keeps the first of them. One thread.
final class UnsentTally {

    private static final int LONGEST_VALUE = 60;
    private static final int LONGEST_ROW = 400;

    private final int shown;
    private final Map<Integer, Relation> relations = new HashMap<>();
    private final Map<TableRef, Map<Kind, Long>> counts = new TreeMap<>();
    private final List<Change> first = new ArrayList<>();

    /// @param shown how many are kept
    UnsentTally(int shown) {
        this.shown = shown;
    }

    /// Takes note of one message.
    ///
    /// @param news false for a change that has arrived: then only what describes a table is noted
    void add(PgOutputMessage message, boolean news) {
        if (message instanceof Relation relation) {
            relations.put(relation.id(), relation);
        } else if (news) {
            change(message);
        }
    }

    /// Whether this is a fence that was planted.
    boolean isFence(PgOutputMessage message) {
        if (!(message instanceof PgOutputMessage.Insert(int id, Tuple _))) {
            return false;
        }
        Relation relation = relations.get(id);
        return relation != null && relation.table().equals(Publications.FENCE);
    }

    /// Counts from the beginning; what tables look like stays known.
    void forget() {
        counts.clear();
        first.clear();
    }

    private void change(PgOutputMessage message) {
        switch (message) {
            case PgOutputMessage.Insert(int id, Tuple row) -> add(id, Kind.INSERT, Optional.of(row), row);
            case PgOutputMessage.Update(int id, var old, Tuple row) ->
                add(
                        id,
                        Kind.UPDATE,
                        Optional.of(row),
                        old.map(PgOutputMessage.Old::tuple).orElse(row));
            case PgOutputMessage.Delete(int id, PgOutputMessage.Old old) ->
                add(id, Kind.DELETE, Optional.empty(), old.tuple());
            case PgOutputMessage.Truncate(List<Integer> ids) ->
                ids.forEach(id -> add(id, Kind.TRUNCATE, Optional.empty(), new Tuple(List.of())));
            case PgOutputMessage.Begin _, Relation _, PgOutputMessage.Other _ -> {}
        }
    }

    private void add(int id, Kind kind, Optional<Tuple> row, Tuple identity) {
        Relation relation = relations.get(id);
        if (relation == null || relation.table().schema().equals(HandoverSchema.NAME)) {
            return; // rows of the fence are Handover's own
        }
        counts.computeIfAbsent(relation.table(), _ -> new EnumMap<>(Kind.class)).merge(kind, 1L, Long::sum);
        if (first.size() < shown) {
            first.add(new Change(
                    relation.table(),
                    kind,
                    words(relation, identity, true),
                    row.map(tuple -> words(relation, tuple, false)).orElse("")));
        }
    }

    /// By table, in name order.
    List<InTable> tables() {
        return counts.entrySet().stream()
                .map(table -> new InTable(
                        table.getKey(),
                        table.getValue().getOrDefault(Kind.INSERT, 0L),
                        table.getValue().getOrDefault(Kind.UPDATE, 0L),
                        table.getValue().getOrDefault(Kind.DELETE, 0L),
                        table.getValue().getOrDefault(Kind.TRUNCATE, 0L)))
                .toList();
    }

    /// The first ones, in order.
    List<Change> first() {
        return first;
    }

    private static String words(Relation relation, Tuple tuple, boolean identityOnly) {
        var text = new StringBuilder();
        for (int i = 0; i < Math.min(tuple.cells().size(), relation.columns().size()); i++) {
            var column = relation.columns().get(i);
            if (identityOnly && !column.identity()) {
                continue;
            }
            if (text.length() > LONGEST_ROW) {
                return text.append(", …").toString();
            }
            text.append(text.isEmpty() ? "" : ", ").append(column.name()).append('=');
            text.append(
                    switch (tuple.cells().get(i)) {
                        case Cell.Null() -> "NULL";
                        case Cell.Unchanged() -> "(unchanged)";
                        case Cell.Text(String value) ->
                            value.codePointCount(0, value.length()) <= LONGEST_VALUE
                                    ? value
                                    : value.substring(0, value.offsetByCodePoints(0, LONGEST_VALUE)) + "…";
                    });
        }
        return text.toString();
    }
}

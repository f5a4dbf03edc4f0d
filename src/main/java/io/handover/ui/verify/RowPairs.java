package io.handover.ui.verify;

import io.handover.model.LastRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The newest rows of both sides, put beside each other by their key. Pure.
final class RowPairs {

    /// A row and its counterpart.
    ///
    /// @param source    values; empty if the row is not among the target's newest
    /// @param target    values alike
    /// @param differing numbers of the columns that differ
    record Pair(Optional<List<String>> source, Optional<List<String>> target, Set<Integer> differing) {

        static Pair of(List<String> source, List<String> target) {
            var differing = new HashSet<Integer>();
            for (int i = 0; i < Math.max(source.size(), target.size()); i++) {
                if (i >= source.size() || i >= target.size() || !source.get(i).equals(target.get(i))) {
                    differing.add(i);
                }
            }
            return new Pair(Optional.of(source), Optional.of(target), Set.copyOf(differing));
        }

        boolean equal() {
            return source.isPresent() && target.isPresent() && differing.isEmpty();
        }
    }

    private RowPairs() {}

    /// By the columns that order the rows if these tell every row from the others, else by place.
    static List<Pair> of(LastRows rows) {
        var key = rows.orderedBy().stream().map(rows.columns()::indexOf).toList();
        var sourceByKey = byKey(rows.source(), key);
        var targetByKey = byKey(rows.target(), key);
        boolean unique = !key.isEmpty()
                && !key.contains(-1)
                && sourceByKey.size() == rows.source().size()
                && targetByKey.size() == rows.target().size();
        return unique ? merged(rows, key, sourceByKey, targetByKey) : byPlace(rows);
    }

    private static List<Pair> merged(
            LastRows rows,
            List<Integer> key,
            Map<List<String>, List<String>> sourceByKey,
            Map<List<String>, List<String>> targetByKey) {
        var pairs = new ArrayList<Pair>();
        var paired = new HashSet<List<String>>();
        int next = 0; // of the target's rows
        for (var source : rows.source()) {
            // Rows that only the target has keep their place between the common ones.
            for (; next < rows.target().size(); next++) {
                var target = rows.target().get(next);
                boolean common = sourceByKey.containsKey(keyOf(target, key));
                if (common && !paired.contains(keyOf(target, key))) {
                    break;
                }
                if (!common) {
                    pairs.add(new Pair(Optional.empty(), Optional.of(target), Set.of()));
                }
            }
            var counterpart = Optional.ofNullable(targetByKey.get(keyOf(source, key)));
            paired.add(keyOf(source, key));
            pairs.add(counterpart
                    .map(target -> Pair.of(source, target))
                    .orElseGet(() -> new Pair(Optional.of(source), Optional.empty(), Set.of())));
        }
        rows.target().stream()
                .skip(next)
                .filter(target -> !sourceByKey.containsKey(keyOf(target, key)))
                .forEach(target -> pairs.add(new Pair(Optional.empty(), Optional.of(target), Set.of())));
        return pairs;
    }

    private static List<Pair> byPlace(LastRows rows) {
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < Math.max(rows.source().size(), rows.target().size()); i++) {
            if (i >= rows.source().size()) {
                pairs.add(new Pair(Optional.empty(), Optional.of(rows.target().get(i)), Set.of()));
            } else if (i >= rows.target().size()) {
                pairs.add(new Pair(Optional.of(rows.source().get(i)), Optional.empty(), Set.of()));
            } else {
                pairs.add(Pair.of(rows.source().get(i), rows.target().get(i)));
            }
        }
        return pairs;
    }

    private static Map<List<String>, List<String>> byKey(List<List<String>> rows, List<Integer> key) {
        var result = new HashMap<List<String>, List<String>>();
        if (!key.contains(-1)) {
            rows.forEach(row -> result.put(keyOf(row, key), row));
        }
        return result;
    }

    private static List<String> keyOf(List<String> row, List<Integer> key) {
        return key.stream().map(row::get).toList();
    }
}

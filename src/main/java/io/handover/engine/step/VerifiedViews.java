package io.handover.engine.step;

import io.handover.model.RowDifference;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.pg.TablePair;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The materialized views of a comparison: read once, row by row, in the round that reads everything.
///
/// The stream does not carry them and the cutover fills them again, so they differ for a good reason while writes go
/// on: how they stand is told and is no verdict. Not thread-safe.
final class VerifiedViews {

    private static final int NAMED = 10;

    private final Map<TableRef, VerifyTable> views = new TreeMap<>();

    void scope(List<TablePair> pairs) {
        views.clear();
        pairs.forEach(pair -> views.put(pair.table(), new VerifyTable(pair, false)));
    }

    /// What is to be read.
    List<VerifyItem> items() {
        return views.values().stream()
                .filter(VerifyTable::isPending)
                .map(view -> new VerifyItem(view.pair(), Optional.empty()))
                .toList();
    }

    Optional<VerifyTable> find(TableRef view) {
        return Optional.ofNullable(views.get(view));
    }

    /// One line each.
    List<String> lines(Side owner) {
        return views.values().stream()
                .map(view -> line(view.pair().table(), words(view.verdict(owner))))
                .toList();
    }

    /// How one stands, in the words that all of them have in common.
    static String line(TableRef view, String now) {
        return view.display() + " is a materialized view: filled again at the cutover. Now " + now + ".";
    }

    private static String words(TableVerdict verdict) {
        return switch (verdict.verdict()) {
            case EQUAL ->
                verdict.sourceRows() == 1
                        ? "its one row is equal"
                        : "all its " + verdict.sourceRows() + " rows are equal";
            case DIFFERENT -> different(verdict);
            case PENDING, RUNNING, UNSETTLED, NOT_COMPARED ->
                "it was not compared" + (verdict.note().isEmpty() ? "" : ": " + firstLine(verdict.note()));
        };
    }

    /// A server's message may have a hint below it, which would be mistaken for advice of ours.
    private static String firstLine(String note) {
        String first = note.lines().findFirst().orElse("").strip();
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }

    private static String different(TableVerdict verdict) {
        List<RowDifference> first = verdict.first().stream().limit(NAMED).toList();
        String named = first.stream()
                .map(row -> row.kind().name().toLowerCase(Locale.ROOT) + " (" + row.key() + ")")
                .collect(Collectors.joining("; "));
        return verdict.differences() + (verdict.differences() == 1 ? " row differs, of " : " rows differ, of ")
                + verdict.sourceRows() + " on the source and "
                + verdict.targetRows() + " on the target: " + named
                + (verdict.differences() > first.size() ? "; and more" : "");
    }
}

package io.handover.pg;

import io.handover.model.LastRows;
import io.handover.model.RowDifference;
import io.handover.model.RowDifference.ColumnDifference;
import io.handover.model.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Puts differing rows into words and columns.
final class RowDetails {

    /// Differences shown for a table.
    static final int SHOWN = 50;

    /// Of a table without a key the whole row is the key; a journal is no place for a novel.
    private static final int LONGEST_ID = 4_000;

    private static final int WIDTH = 200;
    private static final int BEFORE = 40;

    private final TablePair pair;
    private final Side owner;

    RowDetails(TablePair pair, Side owner) {
        this.pair = pair;
        this.owner = owner;
    }

    /// By key.
    Map<String, RowDifference> of(
            Collection<KeyRows> rows,
            Map<String, KeyLookup.RowValues> ofOwner,
            Map<String, KeyLookup.RowValues> ofFollower) {
        var result = new HashMap<String, RowDifference>();
        for (KeyRows row : rows) {
            int more = Integer.compare(row.owner().size(), row.follower().size());
            var kind = more > 0
                    ? RowDifference.Kind.MISSING
                    : more < 0 ? RowDifference.Kind.EXTRA : RowDifference.Kind.CHANGED;
            KeyLookup.RowValues here = ofOwner.get(row.key());
            KeyLookup.RowValues there = ofFollower.get(row.key());
            List<ColumnDifference> columns = kind == RowDifference.Kind.CHANGED && here != null && there != null
                    ? columns(here, there)
                    : List.of();
            result.put(
                    row.key(),
                    new RowDifference(
                            words(row.key()), kind, columns, row.key().length() > LONGEST_ID ? "" : row.key()));
        }
        return result;
    }

    private List<ColumnDifference> columns(KeyLookup.RowValues here, KeyLookup.RowValues there) {
        var columns = new ArrayList<ColumnDifference>();
        for (int i = 0; i < pair.columns().size(); i++) {
            if (!Objects.equals(here.hashes().get(i), there.hashes().get(i))) {
                String ours = here.texts().get(i);
                String theirs = there.texts().get(i);
                int from = Math.max(0, firstDifference(ours, theirs) - BEFORE);
                String ownerText = shown(ours, from);
                String followerText = shown(theirs, from);
                columns.add(new ColumnDifference(
                        pair.columns().get(i).name(),
                        owner == Side.SOURCE ? ownerText : followerText,
                        owner == Side.SOURCE ? followerText : ownerText));
            }
        }
        return columns;
    }

    private String words(String key) {
        if (pair.key().isEmpty()) {
            return "(no columns)";
        }
        return cut(KeyText.values(key).stream()
                .map(v -> v == null ? LastRows.NULL_VALUE : v)
                .collect(Collectors.joining(", ")));
    }

    /// The part of a long value that begins a little before the difference.
    private static String shown(@Nullable String value, int from) {
        if (value == null) {
            return LastRows.NULL_VALUE;
        }
        if (value.length() <= WIDTH || from == 0) {
            return cut(value);
        }
        int start = Math.min(value.length(), from);
        if (start < value.length() && Character.isLowSurrogate(value.charAt(start))) {
            start--;
        }
        return "… " + cut(value.substring(start));
    }

    private static int firstDifference(@Nullable String a, @Nullable String b) {
        if (a == null || b == null) {
            return 0;
        }
        int i = 0;
        while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return i;
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= WIDTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, WIDTH)) + " …";
    }
}

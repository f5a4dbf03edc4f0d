package io.handover.pg;

import io.handover.model.RowDifference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Some keys of one table that are looked at twice, each time behind a fence: the owner's snapshot first, then the
/// follower's, once it has applied all that the owner's shows. One thread at a time.
///
/// Rows that are equal in a look are equal: the follower has what the owner had. Rows that differ may have been
/// changed on the owner after its snapshot, so a key counts as different only if, from the first look to the
/// second,
///
/// - the owner's rows are the same versions. They were there all the time, and the follower's first snapshot is of
///   a time in between: it has to have them;
/// - the follower's rows are the same versions. They were there all the time, the moment of the owner's second
///   snapshot included: the owner has to have them.
///
/// Neither alone will do. A row that is not there has no version, and may have come and gone between two looks.
/// Equal hashes will not do either: a row can be changed and changed back.
public final class FencedKeys {

    private final TablePair pair;
    private final Set<String> open;
    private final List<KeyRows> equal = new ArrayList<>();
    private final List<KeyRows> moving = new ArrayList<>();
    private final List<KeyRows> outside = new ArrayList<>();
    private Map<String, Map<String, Long>> ownerBefore = Map.of();
    private Map<String, Map<String, Long>> followerBefore = Map.of();
    private boolean looked;

    /// @param keys as `KeyText`
    public FencedKeys(TablePair pair, Collection<String> keys) {
        this.pair = pair;
        this.open = new HashSet<>(keys);
    }

    /// The table.
    public TablePair pair() {
        return pair;
    }

    /// The keys not yet found equal.
    public Set<String> open() {
        return Set.copyOf(open);
    }

    /// Takes what a look has found: row hashes by version, by key.
    void look(Map<String, Map<String, Long>> owner, Map<String, Map<String, Long>> follower) {
        equal.clear();
        for (String key : open()) {
            Map<String, Long> here = owner.getOrDefault(key, Map.of());
            Map<String, Long> there = follower.getOrDefault(key, Map.of());
            var rows = new KeyRows(key, List.copyOf(here.values()), List.copyOf(there.values()));
            if (rows.equal()) {
                equal.add(rows);
                open.remove(key);
            } else if (looked) {
                boolean stood = here.keySet()
                                .equals(ownerBefore.getOrDefault(key, Map.of()).keySet())
                        && there.keySet()
                                .equals(followerBefore
                                        .getOrDefault(key, Map.of())
                                        .keySet());
                (stood ? outside : moving).add(rows);
            }
        }
        ownerBefore = owner;
        followerBefore = follower;
        looked = true;
    }

    /// Those that differ for no good reason; none before the second look.
    List<KeyRows> outside() {
        return List.copyOf(outside);
    }

    /// What the last look has brought. Keys that differ in the first are not told: nothing is known of them yet.
    TableFound.Compared found(Map<String, RowDifference> details) {
        long rows = outside.stream().mapToLong(KeyRows::differences).sum();
        return new TableFound.Compared(
                Tally.NONE, Tally.NONE, equal, moving, outside, rows, 0, details, Optional.empty());
    }
}

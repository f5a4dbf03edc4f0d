package io.handover.engine.step;

import io.handover.model.Plan;
import io.handover.model.Scope;
import io.handover.model.TableRef;
import io.handover.pg.LargeObjectDifferences;
import io.handover.pg.SequenceState;
import io.handover.pg.SequenceSync;
import io.handover.pg.SqlFailure;
import io.handover.pg.TableDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Puts into words how sequences and large objects stand, which logical replication does not carry.
final class Unfollowed {

    private static final int NAMED = 10;

    private Unfollowed() {}

    /// One line each; none for what the database does not have.
    static List<String> lines(Connection owner, Connection follower, TableDigest.Dialect dialect, Plan plan)
            throws SQLException {
        var lines = new ArrayList<String>();
        try {
            sequences(SequenceSync.read(owner, plan.scope()), SequenceSync.read(follower, Scope.everything()), lines);
        } catch (SQLException e) {
            if (!SqlFailure.notPermitted(e)) {
                throw e;
            }
            lines.add("Sequences are not streamed: their values are set at the cutover. Now they may not be read.");
        }
        try {
            largeObjects(LargeObjectDifferences.read(owner, follower, dialect, NAMED), lines);
        } catch (SQLException e) {
            if (SqlFailure.notPermitted(e)) {
                lines.add("Large objects, if there are any: only a superuser may read them. They are not streamed.");
            } else if (SqlFailure.lockUnavailable(e)) {
                lines.add("Large objects are not streamed: they are copied again at the cutover. Now they are too"
                        + " many to be compared.");
            } else {
                throw e;
            }
        }
        return lines;
    }

    private static void sequences(List<SequenceState> owner, List<SequenceState> follower, List<String> lines) {
        if (owner.isEmpty()) {
            return;
        }
        Map<TableRef, SequenceState> there =
                follower.stream().collect(Collectors.toMap(SequenceState::sequence, Function.identity()));
        var unequal = new ArrayList<String>();
        for (SequenceState state : owner) {
            SequenceState other = there.get(state.sequence());
            if (other == null) {
                unequal.add(state.sequence().display() + " is missing on the follower");
            } else if (other.last() != state.last() || other.called() != state.called()) {
                unequal.add(state.sequence().display() + " stands at " + words(state) + " on the owner, at "
                        + words(other) + " on the follower");
            }
        }
        lines.add(owner.size() + " sequences are not streamed: their values are set at the cutover. Now "
                + (unequal.isEmpty()
                        ? "all are equal."
                        : unequal.size() + " differ: " + named(unequal, unequal.size())));
    }

    private static String words(SequenceState state) {
        return state.last() + (state.called() ? "" : " (not given yet)");
    }

    private static void largeObjects(LargeObjectDifferences found, List<String> lines) {
        if (found.owner() + found.follower() > 0) {
            lines.add("Large objects are not streamed: they are copied again at the cutover. Now "
                    + (found.differences() == 0
                            ? "all " + found.owner() + " are equal."
                            : found.differences() + " differ, of " + found.owner() + " on the owner and "
                                    + found.follower() + " on the follower: "
                                    + named(found.first(), found.differences())));
        }
    }

    private static String named(List<String> first, long all) {
        String names = String.join("; ", first.subList(0, Math.min(NAMED, first.size())));
        return names + (all > NAMED ? "; and " + (all - NAMED) + " more." : ".");
    }
}

package io.handover.engine.step;

import io.handover.model.TableRef;
import io.handover.pg.SqlFailure;
import io.handover.pg.TableDigest;
import io.handover.pg.Tally;
import io.handover.pg.Unstreamed;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Puts into words how sequences and large objects stand, which logical replication does not carry.
final class Unfollowed {

    private Unfollowed() {}

    /// One line each; none for what the database does not have.
    static List<String> lines(Connection owner, Connection follower, TableDigest.Dialect dialect) throws SQLException {
        var lines = new ArrayList<String>();
        sequences(Unstreamed.sequences(owner), Unstreamed.sequences(follower), lines);
        try {
            largeObjects(Unstreamed.largeObjects(owner, dialect), Unstreamed.largeObjects(follower, dialect), lines);
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

    private static void sequences(
            Map<TableRef, BigInteger> owner, Map<TableRef, BigInteger> follower, List<String> lines) {
        long behind = 0;
        long ahead = 0;
        long missing = 0;
        for (var sequence : owner.entrySet()) {
            BigInteger there = follower.get(sequence.getKey());
            if (there == null) {
                missing++;
            } else if (there.compareTo(sequence.getValue()) < 0) {
                behind++;
            } else if (there.compareTo(sequence.getValue()) > 0) {
                ahead++;
            }
        }
        if (!owner.isEmpty()) {
            lines.add(owner.size() + " sequences are not streamed: their values are set at the cutover. "
                    + (behind + ahead + missing == 0 ? "Now all are equal." : state(behind, ahead, missing)));
        }
    }

    private static String state(long behind, long ahead, long missing) {
        var parts = new ArrayList<String>();
        if (behind > 0) {
            parts.add(behind + " behind the owner");
        }
        if (ahead > 0) {
            parts.add(ahead + " ahead of the owner, so somebody has used them on the follower");
        }
        if (missing > 0) {
            parts.add(missing + " missing on the follower");
        }
        return "Now " + String.join(", ", parts) + ".";
    }

    private static void largeObjects(Tally owner, Tally follower, List<String> lines) {
        if (owner.rows() + follower.rows() > 0) {
            lines.add("Large objects are not streamed: they are copied again at the cutover. Now "
                    + (owner.equals(follower)
                            ? "all " + owner.rows() + " are equal."
                            : "they differ: " + owner.rows() + " on the owner, " + follower.rows()
                                    + " on the follower."));
        }
    }
}

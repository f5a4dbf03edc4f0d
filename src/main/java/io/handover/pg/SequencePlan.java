package io.handover.pg;

import io.handover.model.Scope;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The sequences of a scope, brought over once and looked up, so that while writes are stopped only their values are
/// read, set and read back: three statements for each thousand, none of which searches the catalogue.
public final class SequencePlan {

    /// Changes whenever a sequence comes or goes, in whatever schema.
    private static final String FINGERPRINT = """
            select pg_catalog.md5(coalesce(pg_catalog.string_agg(c.oid::text, ',' order by c.oid), ''))
              from pg_catalog.pg_class c
             where c.relkind = 'S' and c.relpersistence <> 't'
            """;

    private final Connection owner;
    private final DbSession follower;
    private final Scope scope;
    private final String fingerprint;
    private final Map<TableRef, Optional<TableRef>> known;
    private final Map<TableRef, SequenceState> there;

    private SequencePlan(
            Connection owner, DbSession follower, Scope scope, String fingerprint, List<SequenceState> known)
            throws SQLException {
        this.owner = owner;
        this.follower = follower;
        this.scope = scope;
        this.fingerprint = fingerprint;
        this.known = known.stream().collect(Collectors.toMap(SequenceState::sequence, SequenceState::ownedBy));
        this.there = byName(SequenceSync.values(follower.jdbc(), this.known));
    }

    /// Brings the sequences over as they stand now, and looks up all that `run` needs.
    ///
    /// @param owner    autocommit on
    /// @param follower autocommit on
    /// @return empty if some are missing on the follower or cannot be set: then `SequenceSync.run` says which
    public static Optional<SequencePlan> prepare(Connection owner, DbSession follower, Scope scope)
            throws SQLException {
        String fingerprint = fingerprint(owner);
        // Whether they stand alike already depends on who uses them now, and does not matter yet.
        if (!SequenceSync.run(owner, follower, scope).missing().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SequencePlan(owner, follower, scope, fingerprint, SequenceSync.read(owner, scope)));
    }

    /// Sets what has moved since, and reads all of them back. Exact only while nobody uses the owner's sequences.
    /// Where sequences have come or gone meanwhile, or one does not stand as it was set, all is done from the
    /// beginning.
    public SequenceSync.Result run() throws SQLException {
        return quickly()
                ? new SequenceSync.Result(known.size(), List.of(), List.of())
                : SequenceSync.run(owner, follower, scope);
    }

    private boolean quickly() throws SQLException {
        if (!fingerprint(owner).equals(fingerprint)) {
            return false;
        }
        try {
            List<SequenceState> wanted = SequenceSync.values(owner, known);
            SequenceSync.set(
                    follower,
                    wanted.stream()
                            .filter(state -> !SequenceSync.standsAs(there, state))
                            .toList());
            Map<TableRef, SequenceState> after = byName(SequenceSync.values(follower.jdbc(), known));
            return wanted.stream().allMatch(state -> SequenceSync.standsAs(after, state));
        } catch (SQLException e) {
            if (SqlFailure.state(e).equals("42P01")) { // renamed, or gone on the follower
                return false;
            }
            throw e;
        }
    }

    private static String fingerprint(Connection connection) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(FINGERPRINT)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Map<TableRef, SequenceState> byName(List<SequenceState> states) {
        return states.stream().collect(Collectors.toMap(SequenceState::sequence, Function.identity()));
    }
}

package io.handover.pg;

import io.handover.flow.NamedThreads;
import io.handover.model.Scope;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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

    /// More values than others draw while one statement runs.
    private static final int FAR = 100_000;

    private final Connection owner;
    private final DbSession follower;
    private final Scope scope;
    private final String fingerprint;
    private final Map<TableRef, Optional<TableRef>> known;
    private final Map<TableRef, SequenceState> there;
    private Map<TableRef, SequenceState> handedOver = Map.of();

    private SequencePlan(
            Connection owner, DbSession follower, Scope scope, String fingerprint, List<SequenceState> known)
            throws SQLException {
        this.owner = owner;
        this.follower = follower;
        this.scope = scope;
        this.fingerprint = fingerprint;
        this.known = known.stream().collect(Collectors.toMap(SequenceState::sequence, SequenceState::ownedBy));
        this.there = new HashMap<>(byName(SequenceSync.values(follower.jdbc(), this.known)));
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

    /// How many sequences there are.
    public int size() {
        return known.size();
    }

    /// Sets what has moved since, and reads all of them back. Exact only while nobody uses the owner's sequences.
    /// Where sequences have come or gone meanwhile, or one does not stand as it was set, all is done from the
    /// beginning.
    public SequenceSync.Result run() throws SQLException {
        if (quickly()) {
            return complete();
        }
        var result = SequenceSync.run(owner, follower, scope);
        handedOver = byName(SequenceSync.read(owner, scope));
        return result;
    }

    /// The same when `run` was called moments ago and hardly any can have moved: both sides are asked where they stand,
    /// at the same time. Only if some do not stand alike, or have come or gone, is it all done again.
    public SequenceSync.Result runAgain(NamedThreads threads) throws SQLException, InterruptedException {
        return alike(threads) ? complete() : run();
    }

    private boolean alike(NamedThreads threads) throws SQLException, InterruptedException {
        var thread = threads.single("sequences of the follower");
        Future<List<SequenceState>> after = thread.submit(() -> SequenceSync.values(follower.jdbc(), known));
        thread.shutdown();
        try {
            SequenceSync.Values read;
            try {
                read = SequenceSync.valuesBeside("(" + FINGERPRINT + ")", owner, known);
            } catch (SQLException e) {
                awaited(after, e);
                throw e;
            }
            there.putAll(byName(answer(after)));
            handedOver = byName(read.states());
            return read.answer().equals(fingerprint)
                    && read.states().stream().allMatch(state -> SequenceSync.standsAs(there, state));
        } catch (SQLException e) {
            if (SqlFailure.state(e).equals("42P01")) { // renamed, or gone on the follower
                return false;
            }
            throw e;
        }
    }

    /// The connection is used again: what was asked on it must be over.
    private static void awaited(Future<?> query, SQLException because) throws InterruptedException {
        try {
            query.get();
        } catch (ExecutionException e) {
            because.addSuppressed(e.getCause());
        }
    }

    private static <T> T answer(Future<T> query) throws SQLException, InterruptedException {
        try {
            return query.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            }
            throw new IllegalStateException("the follower's sequences could not be read", e.getCause());
        }
    }

    private SequenceSync.Result complete() {
        return new SequenceSync.Result(known.size(), List.of(), List.of());
    }

    /// Looks at the owner's sequences once more, when nobody is left there who could use them, and moves the
    /// follower's past what was drawn after `run`, as `nextval` does: others draw from it at the same time.
    ///
    /// @return a line a sequence for people; empty if nothing was drawn, as it should be
    public List<String> lookAgain() throws SQLException {
        var lines = new ArrayList<String>();
        Map<TableRef, Optional<TableRef>> names =
                handedOver.keySet().stream().collect(Collectors.toMap(name -> name, _ -> Optional.empty()));
        for (SequenceState now : SequenceSync.values(owner, names)) {
            SequenceState was = handedOver.get(now.sequence());
            if (was != null && (was.last() != now.last() || was.called() != now.called())) {
                passBy(now);
                lines.add(now.sequence().display() + " stood at " + was.last()
                        + " when it was handed over and stands at " + now.last() + " on the old owner now");
            }
        }
        return lines;
    }

    /// One value after the other, as others draw at the same time; but a value that is further away than
    /// anybody draws in that moment is set.
    private void passBy(SequenceState drawn) throws SQLException {
        String name = SqlNames.literal(SqlNames.quoted(drawn.sequence()));
        follower.change("""
                select case when g.gap > %4$d then pg_catalog.setval(%1$s, %3$d)
                            else (select count(pg_catalog.nextval(%1$s))
                                    from pg_catalog.generate_series(1, g.gap::bigint)) end
                  from (select ceil((%3$d::numeric - s.last_value) / p.seqincrement)
                               + case when s.is_called then 0 else 1 end
                          from %2$s s, pg_catalog.pg_sequence p
                         where p.seqrelid = %1$s::pg_catalog.regclass offset 0) as g (gap)
                """.formatted(name, SqlNames.quoted(drawn.sequence()), drawn.last(), FAR));
    }

    private boolean quickly() throws SQLException {
        try {
            var read = SequenceSync.valuesBeside("(" + FINGERPRINT + ")", owner, known);
            if (!read.answer().equals(fingerprint)) {
                return false;
            }
            List<SequenceState> wanted = read.states();
            SequenceSync.set(
                    follower,
                    wanted.stream()
                            .filter(state -> !SequenceSync.standsAs(there, state))
                            .toList());
            Map<TableRef, SequenceState> after = byName(SequenceSync.values(follower.jdbc(), known));
            there.putAll(after);
            handedOver = byName(wanted);
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

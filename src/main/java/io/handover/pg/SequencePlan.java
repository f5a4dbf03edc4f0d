package io.handover.pg;

import io.handover.flow.NamedThreads;
import io.handover.model.Scope;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.SQLException;
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

    /// More values than others draw while one statement runs.
    private static final int FAR = 100_000;

    private final Connection owner;
    private final DbSession follower;
    private final Scope scope;
    private final SequenceValues here;
    private final SequenceValues afar;
    private final int size;
    private final Map<TableRef, SequenceState> there;
    private Map<TableRef, SequenceState> handedOver = Map.of();

    private SequencePlan(
            Connection owner, DbSession follower, Scope scope, String fingerprint, List<SequenceState> states)
            throws SQLException {
        this.owner = owner;
        this.follower = follower;
        this.scope = scope;
        Map<TableRef, Optional<TableRef>> known =
                states.stream().collect(Collectors.toMap(SequenceState::sequence, SequenceState::ownedBy));
        this.size = known.size();
        this.here = new SequenceValues(owner, fingerprint, known);
        this.afar = new SequenceValues(follower.jdbc(), SequenceValues.fingerprint(follower.jdbc()), known);
        this.there = new HashMap<>(afar.read().orElse(Map.of()));
    }

    /// Brings the sequences over as they stand now, and looks up all that `run` needs.
    ///
    /// @param owner    autocommit on
    /// @param follower autocommit on
    /// @return empty if some are missing on the follower or cannot be set: then `SequenceSync.run` says which
    public static Optional<SequencePlan> prepare(Connection owner, DbSession follower, Scope scope)
            throws SQLException {
        String fingerprint = SequenceValues.fingerprint(owner);
        // Whether they stand alike already depends on who uses them now, and does not matter yet.
        if (!SequenceSync.run(owner, follower, scope).missing().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SequencePlan(owner, follower, scope, fingerprint, SequenceSync.read(owner, scope)));
    }

    /// How many sequences there are.
    public int size() {
        return size;
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

    /// Sets what has moved since and looks at nothing afterwards: `runAgain` does. For when people may still use them.
    public void begin() throws SQLException {
        var read = here.read();
        if (read.isPresent()) { // else `runAgain` finds out, and begins anew
            set(read.get());
        }
    }

    /// The same as `run` when that, or `begin`, was called moments ago and hardly any can have moved: both sides
    /// are asked where they stand, at the same time. Only if some do not stand alike, or have come or gone, is it
    /// all done again.
    public SequenceSync.Result runAgain(NamedThreads threads) throws SQLException, InterruptedException {
        return alike(threads) ? complete() : run();
    }

    private boolean alike(NamedThreads threads) throws SQLException, InterruptedException {
        var thread = threads.single("sequences of the follower");
        Future<Optional<Map<TableRef, SequenceState>>> after = thread.submit(afar::read);
        thread.shutdown();
        Optional<Map<TableRef, SequenceState>> wanted;
        try {
            wanted = here.read();
        } catch (SQLException e) {
            awaited(after, e);
            throw e;
        }
        Optional<Map<TableRef, SequenceState>> found = answer(after);
        return wanted.isPresent() && found.isPresent() && remember(wanted.get(), found.get());
    }

    /// @return whether all stand alike
    private boolean remember(Map<TableRef, SequenceState> wanted, Map<TableRef, SequenceState> found) {
        there.putAll(found);
        handedOver = wanted;
        return wanted.values().stream().allMatch(state -> SequenceSync.standsAs(found, state));
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
        return new SequenceSync.Result(size, List.of(), List.of());
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
        var wanted = here.read();
        if (wanted.isEmpty() || !set(wanted.get())) {
            return false;
        }
        var found = afar.read();
        return found.isPresent() && remember(wanted.get(), found.get());
    }

    /// @return false if one is not there on the follower
    private boolean set(Map<TableRef, SequenceState> wanted) throws SQLException {
        List<SequenceState> moved = wanted.values().stream()
                .filter(state -> !SequenceSync.standsAs(there, state))
                .toList();
        try {
            SequenceSync.set(follower, moved);
        } catch (SQLException e) {
            if (SqlFailure.state(e).equals("42P01")) { // renamed, or gone
                return false;
            }
            throw e;
        }
        moved.forEach(state -> there.put(state.sequence(), state));
        return true;
    }

    private static Map<TableRef, SequenceState> byName(List<SequenceState> states) {
        return states.stream().collect(Collectors.toMap(SequenceState::sequence, Function.identity()));
    }
}

package io.handover.pg;

import io.handover.model.RowDifference;
import io.handover.model.SideMark;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/// Compares one table on both sides, row by row: first the sum of all, then those of buckets, then the
/// rows of the buckets that differ. Not for two threads at once.
public final class TableComparer {

    /// Differing keys that are kept; of more only the number is known.
    public static final int KEPT = 500;

    /// Keys changed between the snapshots that are kept; with more the table is compared again as a
    /// whole.
    public static final int INSIDE = 20_000;

    /// Rows of differing buckets that are kept in memory with their keys, both sides together; more are
    /// put in order by the servers. Without a key a row's whole text would be kept, and may be long.
    private static final int AT_ONCE = 100_000;

    private final SnapshotSession owner;
    private final SnapshotSession follower;
    private final TableDigest.Dialect dialect;
    private final BothSides both;
    private final PieceReader reader;
    private final SharedPieces shared;
    private final ReadPace pace;

    /// Compares what these two sessions see.
    ///
    /// @param helper runs the follower's queries while the calling thread runs the owner's
    public TableComparer(
            SnapshotSession owner, SnapshotSession follower, TableDigest.Dialect dialect, ExecutorService helper) {
        this(owner, follower, dialect, helper, ReadPace.FULL, new SharedPieces());
    }

    /// The same at a pace, and with others.
    ///
    /// @param shared what others who see the same snapshots read
    public TableComparer(
            SnapshotSession owner,
            SnapshotSession follower,
            TableDigest.Dialect dialect,
            ExecutorService helper,
            ReadPace pace,
            SharedPieces shared) {
        this.owner = owner;
        this.follower = follower;
        this.dialect = dialect;
        this.both = new BothSides(owner, follower, helper);
        this.reader = new PieceReader(owner, follower, both, pace, shared);
        this.shared = shared;
        this.pace = pace;
    }

    /// Compares all rows of `pair`.
    ///
    /// @param window what may differ
    public TableFound whole(TablePair pair, WindowKeys window) throws SQLException, InterruptedException {
        if (window.whole(pair.table())) {
            return new TableFound.Again("all of it was changed while the snapshots were taken");
        }
        return guarded(pair, () -> compared(pair, window));
    }

    /// Compares all rows of `pair`, unless not one was changed on either side since it was proved
    /// equal.
    ///
    /// @param ofOwner    what was noted then of the owner's table
    /// @param ofFollower of the follower's
    public TableFound changed(TablePair pair, WindowKeys window, SideMark ofOwner, SideMark ofFollower)
            throws SQLException, InterruptedException {
        if (window.whole(pair.table())) {
            return new TableFound.Again("all of it was changed while the snapshots were taken");
        }
        return guarded(pair, () -> {
            Optional<TableFound> unchanged = unchanged(pair, new TableFound.Marks(ofOwner, ofFollower));
            return unchanged.isPresent() ? unchanged.get() : compared(pair, window);
        });
    }

    private Optional<TableFound> unchanged(TablePair pair, TableFound.Marks before)
            throws SQLException, InterruptedException {
        var now = both.run(c -> TableMark.read(c, pair, Tally.NONE), c -> TableMark.read(c, pair, Tally.NONE));
        if (now.owner().isEmpty() || now.follower().isEmpty()) {
            return Optional.empty();
        }
        SideMark here = now.owner().get();
        SideMark there = now.follower().get();
        var same = both.run(
                c -> TableMark.isSameTable(c, before.owner(), here),
                c -> TableMark.isSameTable(c, before.follower(), there));
        if (!same.owner() || !same.follower()) {
            return Optional.empty();
        }
        List<TableMark.Rows> ofOwner = Collections.synchronizedList(new ArrayList<>());
        List<TableMark.Rows> ofFollower = Collections.synchronizedList(new ArrayList<>());
        reader.read(
                pair,
                (c, where) -> ofOwner.add(TableMark.rows(c, pair, before.owner(), where)),
                (c, where) -> ofFollower.add(TableMark.rows(c, pair, before.follower(), where)));
        return TableMark.Rows.sum(ofOwner).areThoseOf(before.owner())
                        && TableMark.Rows.sum(ofFollower).areThoseOf(before.follower())
                ? Optional.of(new TableFound.Unchanged(new TableFound.Marks(
                        before.owner().at(here.horizon()), before.follower().at(there.horizon()))))
                : Optional.empty();
    }

    private TableFound compared(TablePair pair, WindowKeys window) throws SQLException, InterruptedException {
        var digest = new TableDigest(pair, dialect);
        Optional<Set<String>> changed = window.keys(pair.table());
        if (changed.isPresent() && (changed.get().isEmpty() || pair.keyIsIndexable())) {
            Optional<TableFound> alike = alike(pair, window, changed.get());
            if (alike.isPresent()) {
                return alike.get();
            }
        }
        int bits = bits(pair, window);
        var sides = reader.buckets(pair, digest, bits);
        var differing = new HashSet<Integer>(sides.owner().keySet());
        differing.addAll(sides.follower().keySet());
        differing.removeIf(b -> sides.owner()
                .getOrDefault(b, Tally.NONE)
                .equals(sides.follower().getOrDefault(b, Tally.NONE)));
        var sorted = new DifferingKeys(pair, window);
        if (!differing.isEmpty()) {
            long rows = differing.stream()
                    .mapToLong(b -> sides.owner().getOrDefault(b, Tally.NONE).rows()
                            + sides.follower().getOrDefault(b, Tally.NONE).rows())
                    .sum();
            if (pair.keyed() && rows <= AT_ONCE) {
                pick(pair, digest, bits, List.copyOf(differing), sorted);
            } else {
                merge(digest.rowsInOrder(bits), List.copyOf(differing), sorted);
                pace.read(pair, pair.bytes()); // looked through once more
            }
        }
        if (sorted.overflows() && !window.isUnknown(pair.table())) {
            return new TableFound.Again("very much of it was changed while the snapshots were taken");
        }
        Tally ofOwner = PieceReader.sum(sides.owner());
        Tally ofFollower = PieceReader.sum(sides.follower());
        return sorted.found(ofOwner, ofFollower, details(pair, sorted.outside()), marks(pair, ofOwner, ofFollower));
    }

    /// One sum of the whole table on each side, which costs less than sums by bucket. Without the rows
    /// that the stream changed between the snapshots, which are looked up and compared one by one, it
    /// is the same unless a row differs; only then the place is looked for.
    ///
    /// @param changed the keys of these rows
    /// @return empty if another row differs
    private Optional<TableFound> alike(TablePair pair, WindowKeys window, Set<String> changed)
            throws SQLException, InterruptedException {
        var all = reader.sums(pair, new TableDigest(pair, dialect));
        Tally here = all.owner();
        Tally there = all.follower();
        var sorted = new DifferingKeys(pair, window);
        if (!changed.isEmpty()) {
            var lookup = new KeyLookup(pair, dialect);
            var rows = both.run(c -> lookup.hashes(c, changed), c -> lookup.hashes(c, changed));
            for (String key : changed) {
                sorted.add(new KeyRows(
                        key,
                        rows.owner().getOrDefault(key, List.of()),
                        rows.follower().getOrDefault(key, List.of())));
            }
            here = here.minus(tally(rows.owner()));
            there = there.minus(tally(rows.follower()));
        }
        return here.equals(there)
                ? Optional.of(
                        sorted.found(all.owner(), all.follower(), Map.of(), marks(pair, all.owner(), all.follower())))
                : Optional.empty();
    }

    private static Tally tally(Map<String, List<Long>> rows) {
        return Tally.of(rows.values().stream().flatMap(List::stream).toList());
    }

    private Optional<TableFound.Marks> marks(TablePair pair, Tally ofOwner, Tally ofFollower)
            throws SQLException, InterruptedException {
        var marks = both.run(c -> TableMark.read(c, pair, ofOwner), c -> TableMark.read(c, pair, ofFollower));
        return marks.owner().flatMap(here -> marks.follower().map(there -> new TableFound.Marks(here, there)));
    }

    /// Compares the rows with these keys.
    ///
    /// @param window what may differ
    public TableFound keys(TablePair pair, Collection<String> keys, WindowKeys window)
            throws SQLException, InterruptedException {
        if (window.whole(pair.table())) {
            return new TableFound.Again("all of it was changed while the snapshots were taken");
        }
        return guarded(pair, () -> {
            var lookup = new KeyLookup(pair, dialect);
            var sides = both.run(c -> lookup.hashes(c, keys), c -> lookup.hashes(c, keys));
            var sorted = new DifferingKeys(pair, window);
            for (String key : keys) {
                sorted.addAsked(new KeyRows(
                        key,
                        sides.owner().getOrDefault(key, List.of()),
                        sides.follower().getOrDefault(key, List.of())));
            }
            return sorted.found(Tally.NONE, Tally.NONE, details(pair, sorted.outside()), Optional.empty());
        });
    }

    /// Looks at some keys behind a fence; to be called once for each of the two looks.
    public TableFound look(FencedKeys keys) throws SQLException, InterruptedException {
        return guarded(keys.pair(), () -> {
            var lookup = new KeyLookup(keys.pair(), dialect);
            var sides = both.run(c -> lookup.versions(c, keys.open()), c -> lookup.versions(c, keys.open()));
            keys.look(sides.owner(), sides.follower());
            return keys.found(details(keys.pair(), keys.outside()));
        });
    }

    /// Takes pieces of a large table that another is reading, until none is left. If one cannot be
    /// read, the other is told.
    ///
    /// @return false at once if there is none
    /// @throws SQLException if a connection is lost
    public boolean help() throws SQLException, InterruptedException {
        Optional<SharedPieces.Work> work = shared.any();
        if (work.isEmpty()) {
            return false;
        }
        try (var _ = owner.lockScope();
                var _ = follower.lockScope()) {
            both.run(TableComparer::waitBriefly, TableComparer::waitBriefly);
            reader.help(work.get());
        } catch (SQLException e) {
            work.get().fail(e);
            if (SqlFailure.connectionLost(e)) {
                throw e;
            }
        } finally {
            work.get().leave();
        }
        return true;
    }

    /// Whoever waits for the table waits for the one who reads it already, and that one for us: neither
    /// server would see that nobody can go on.
    private static boolean waitBriefly(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("set local lock_timeout = '1s'"); // ends with the scope
        }
    }

    private TableFound guarded(TablePair pair, Comparison comparison) throws SQLException, InterruptedException {
        try (var _ = owner.lockScope();
                var _ = follower.lockScope()) {
            TableFound found = comparison.run();
            var replaced = both.run(_ -> owner.wasReplaced(pair), _ -> follower.wasReplaced(pair));
            return replaced.owner() || replaced.follower()
                    ? new TableFound.Again("it was truncated or rewritten meanwhile")
                    : found;
        } catch (SQLException e) {
            if (SqlFailure.connectionLost(e)) {
                throw e;
            }
            if (SqlFailure.undefinedObject(e) || SqlFailure.state(e).equals("42703")) {
                return new TableFound.Again("its definition was changed meanwhile: " + e.getMessage());
            }
            if (SqlFailure.lockUnavailable(e)) {
                return new TableFound.Again("the comparison stepped aside for somebody who needed the table");
            }
            return new TableFound.Unreadable("it cannot be read: " + e.getMessage());
        }
    }

    /// Reads the rows of these buckets in pieces and compares them.
    private void pick(TablePair pair, TableDigest digest, int bits, List<Integer> buckets, DifferingKeys into)
            throws SQLException, InterruptedException {
        var rows = reader.rows(pair, digest, bits, buckets);
        Set<String> keys = new HashSet<>(rows.owner().keySet());
        keys.addAll(rows.follower().keySet());
        for (String key : keys) {
            into.add(new KeyRows(
                    key,
                    rows.owner().getOrDefault(key, List.of()),
                    rows.follower().getOrDefault(key, List.of())));
        }
    }

    private void merge(String sql, List<Integer> buckets, DifferingKeys into)
            throws SQLException, InterruptedException {
        var sides = both.run(c -> new KeyedRows(c, sql, buckets), c -> new KeyedRows(c, sql, buckets));
        try (KeyedRows here = sides.owner();
                KeyedRows there = sides.follower()) {
            while (here.hasStep() || there.hasStep()) {
                boolean takeHere = here.hasStep() && (!there.hasStep() || here.keyHash() <= there.keyHash());
                boolean takeThere = there.hasStep() && (!here.hasStep() || there.keyHash() <= here.keyHash());
                Map<String, List<Long>> ours = takeHere ? here.step() : Map.of();
                Map<String, List<Long>> theirs = takeThere ? there.step() : Map.of();
                Set<String> keys = new HashSet<>(ours.keySet());
                keys.addAll(theirs.keySet());
                for (String key : keys) {
                    into.add(new KeyRows(key, ours.getOrDefault(key, List.of()), theirs.getOrDefault(key, List.of())));
                }
            }
        }
    }

    private Map<String, RowDifference> details(TablePair pair, List<KeyRows> outside)
            throws SQLException, InterruptedException {
        if (outside.isEmpty()) {
            return Map.of();
        }
        var lookup = new KeyLookup(pair, dialect);
        List<KeyRows> first = outside.subList(0, Math.min(outside.size(), RowDetails.SHOWN));
        List<String> changed = first.stream()
                .filter(k -> k.owner().size() == k.follower().size())
                .map(KeyRows::key)
                .toList();
        var sides = both.run(c -> lookup.values(c, changed), c -> lookup.values(c, changed));
        return new RowDetails(pair, owner.side()).of(first, sides.owner(), sides.follower());
    }

    /// Enough buckets that one differing row makes a thousand rows be looked at, and that the keys
    /// changed between the snapshots do not touch every one.
    private static int bits(TablePair pair, WindowKeys window) {
        long wanted = Math.max(pair.bytes() / 100_000, 16L * window.size(pair.table()));
        int bits = 64 - Long.numberOfLeadingZeros(wanted);
        return Math.clamp(bits, 6, 18);
    }

    @FunctionalInterface
    private interface Comparison {
        TableFound run() throws SQLException, InterruptedException;
    }
}

package io.handover.pg;

import io.handover.model.RowDifference;
import io.handover.model.SideMark;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/// Compares one table on both sides, row by row: first the sums of buckets, then the rows of the buckets that
/// differ. Not for two threads at once.
public final class TableComparer {

    /// Differing keys that are kept; of more only the number is known.
    public static final int KEPT = 500;

    /// Keys changed between the snapshots that are kept; with more the table is compared again as a whole.
    public static final int INSIDE = 20_000;

    private final SnapshotSession owner;
    private final SnapshotSession follower;
    private final TableDigest.Dialect dialect;
    private final BothSides both;
    private final ReadPace pace;

    /// Compares what these two sessions see.
    ///
    /// @param helper runs the follower's queries while the calling thread runs the owner's
    public TableComparer(
            SnapshotSession owner, SnapshotSession follower, TableDigest.Dialect dialect, ExecutorService helper) {
        this(owner, follower, dialect, helper, ReadPace.FULL);
    }

    /// The same at a pace.
    public TableComparer(
            SnapshotSession owner,
            SnapshotSession follower,
            TableDigest.Dialect dialect,
            ExecutorService helper,
            ReadPace pace) {
        this.owner = owner;
        this.follower = follower;
        this.dialect = dialect;
        this.both = new BothSides(owner, follower, helper);
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

    /// Compares all rows of `pair`, unless not one was changed on either side since it was proved equal.
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
        var ofOwner = new ArrayList<TableMark.Rows>();
        var ofFollower = new ArrayList<TableMark.Rows>();
        inPieces(
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
        if (window.size(pair.table()) == 0 && !window.isUnknown(pair.table())) {
            Optional<Tally> all = alike(pair, digest);
            if (all.isPresent()) {
                return new DifferingKeys(pair, window)
                        .found(all.get(), all.get(), Map.of(), marks(pair, all.get(), all.get()));
            }
        }
        int bits = bits(pair, window);
        var sides = buckets(pair, digest, bits);
        var differing = new HashSet<Integer>(sides.owner().keySet());
        differing.addAll(sides.follower().keySet());
        differing.removeIf(b -> sides.owner()
                .getOrDefault(b, Tally.NONE)
                .equals(sides.follower().getOrDefault(b, Tally.NONE)));
        var sorted = new DifferingKeys(pair, window);
        if (!differing.isEmpty()) {
            merge(digest.rowsOf(bits), List.copyOf(differing), sorted);
            pace.read(pair.bytes()); // looked through once more
        }
        if (sorted.overflows() && !window.isUnknown(pair.table())) {
            return new TableFound.Again("very much of it was changed while the snapshots were taken");
        }
        Tally ofOwner = sum(sides.owner());
        Tally ofFollower = sum(sides.follower());
        return sorted.found(ofOwner, ofFollower, details(pair, sorted.outside()), marks(pair, ofOwner, ofFollower));
    }

    /// One sum of the whole table on each side, which costs less than sums by bucket. Where the stream
    /// changed nothing between the snapshots, as in most tables, it is the same unless a row differs; only
    /// then the place is looked for.
    ///
    /// @return empty if they differ
    private Optional<Tally> alike(TablePair pair, TableDigest digest) throws SQLException, InterruptedException {
        var sums = new BothSides.Sides<Map<Integer, Tally>>(new HashMap<>(), new HashMap<>());
        inPieces(
                pair,
                (c, where) -> add(c, digest.sums(where), sums.owner()),
                (c, where) -> add(c, digest.sums(where), sums.follower()));
        Tally ofOwner = sum(sums.owner());
        return ofOwner.equals(sum(sums.follower())) ? Optional.of(ofOwner) : Optional.empty();
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
                return new TableFound.Again("its definition was changed meanwhile");
            }
            if (SqlFailure.lockUnavailable(e)) {
                return new TableFound.Again("the comparison stepped aside for somebody who needed the table");
            }
            return new TableFound.Unreadable("it cannot be read: " + e.getMessage());
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

    /// Enough buckets that one differing row makes a thousand rows be looked at, and that the keys changed
    /// between the snapshots do not touch every one.
    private static int bits(TablePair pair, WindowKeys window) {
        long wanted = Math.max(pair.bytes() / 100_000, 16L * window.size(pair.table()));
        int bits = 64 - Long.numberOfLeadingZeros(wanted);
        return Math.clamp(bits, 6, 18);
    }

    private BothSides.Sides<Map<Integer, Tally>> buckets(TablePair pair, TableDigest digest, int bits)
            throws SQLException, InterruptedException {
        var sums = new BothSides.Sides<Map<Integer, Tally>>(new HashMap<>(), new HashMap<>());
        inPieces(
                pair,
                (c, where) -> add(c, digest.buckets(bits, where), sums.owner()),
                (c, where) -> add(c, digest.buckets(bits, where), sums.follower()));
        return sums;
    }

    /// Reads all of the table on both sides, as much at once as the pace allows.
    private void inPieces(TablePair pair, Piece onOwner, Piece onFollower) throws SQLException, InterruptedException {
        var pieces = both.run(_ -> TablePieces.of(owner, pair), _ -> TablePieces.of(follower, pair));
        double from = 0;
        while (from < 1) {
            double begin = from;
            double part = (double) pace.piece() / Math.max(1, pair.bytes());
            double end = begin + 1.5 * part >= 1 ? 1 : begin + part; // no tiny rest
            both.run(
                    c -> read(c, onOwner, pieces.owner().between(begin, end)),
                    c -> read(c, onFollower, pieces.follower().between(begin, end)));
            pace.read((long) (pair.bytes() * (end - begin)));
            from = end;
        }
    }

    private static boolean read(Connection connection, Piece piece, Optional<String> where) throws SQLException {
        if (where.isPresent()) {
            piece.read(connection, where.get());
        }
        return where.isPresent();
    }

    private static void add(Connection connection, String sql, Map<Integer, Tally> buckets) throws SQLException {
        try (Statement query = connection.createStatement()) {
            query.setEscapeProcessing(false);
            try (ResultSet row = query.executeQuery(sql)) {
                while (row.next()) {
                    var tally = new Tally(row.getLong(2), new BigInteger(row.getString(3)));
                    buckets.merge(row.getInt(1), tally, Tally::plus);
                }
            }
        }
    }

    private static Tally sum(Map<Integer, Tally> buckets) {
        return buckets.values().stream().reduce(Tally.NONE, Tally::plus);
    }

    /// Reads a piece of the table on one side.
    @FunctionalInterface
    private interface Piece {
        void read(Connection connection, String where) throws SQLException;
    }

    @FunctionalInterface
    private interface Comparison {
        TableFound run() throws SQLException, InterruptedException;
    }
}

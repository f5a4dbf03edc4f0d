package io.handover.pg;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads all of a table on both sides at the same time, as much at once as the pace allows.
final class PieceReader {

    private final SnapshotSession owner;
    private final SnapshotSession follower;
    private final BothSides both;
    private final ReadPace pace;
    private final SharedPieces shared;

    PieceReader(SnapshotSession owner, SnapshotSession follower, BothSides both, ReadPace pace, SharedPieces shared) {
        this.owner = owner;
        this.follower = follower;
        this.both = both;
        this.pace = pace;
        this.shared = shared;
    }

    /// The sum of all rows.
    BothSides.Sides<Tally> sums(TablePair pair, TableDigest digest) throws SQLException, InterruptedException {
        var sums = tallies(pair, digest::sums);
        return new BothSides.Sides<>(sum(sums.owner()), sum(sums.follower()));
    }

    /// The sums of 2^`bits` buckets; one without rows is left out.
    BothSides.Sides<Map<Integer, Tally>> buckets(TablePair pair, TableDigest digest, int bits)
            throws SQLException, InterruptedException {
        return tallies(pair, where -> digest.buckets(bits, where));
    }

    /// The rows of some buckets: row hashes by key.
    BothSides.Sides<Map<String, List<Long>>> rows(TablePair pair, TableDigest digest, int bits, List<Integer> buckets)
            throws SQLException, InterruptedException {
        var rows = new BothSides.Sides<Map<String, List<Long>>>(new HashMap<>(), new HashMap<>());
        read(
                pair,
                (c, where) -> addRows(c, digest.rowsOf(bits, where), buckets, rows.owner()),
                (c, where) -> addRows(c, digest.rowsOf(bits, where), buckets, rows.follower()));
        return rows;
    }

    /// Reads piece after piece, and has others who have nothing to do read some of them.
    ///
    /// @param onOwner    for several threads at once
    /// @param onFollower likewise
    void read(TablePair pair, Piece onOwner, Piece onFollower) throws SQLException, InterruptedException {
        // most tables are one piece: not worth asking how many blocks they have
        var pieces = pair.bytes() <= pace.piece()
                ? new BothSides.Sides<>(TablePieces.WHOLE, TablePieces.WHOLE)
                : both.run(_ -> TablePieces.of(owner, pair), _ -> TablePieces.of(follower, pair));
        var work = new SharedPieces.Work(pair, pieces, onOwner, onFollower);
        // By itself first: from then on these sessions keep the table's lock until all is read.
        next(work);
        if (!work.hasMore()) {
            return;
        }
        shared.offer(work);
        try {
            readRest(work);
        } catch (SQLException e) {
            work.fail(e);
        } finally {
            shared.withdraw(work);
        }
        work.awaitOthers();
    }

    /// Reads pieces of a table that another reads, until none is left.
    ///
    /// @throws SQLException after the other was told as well
    void help(SharedPieces.Work work) throws SQLException, InterruptedException {
        try {
            readRest(work);
        } catch (SQLException e) {
            work.fail(e);
            throw e;
        }
    }

    private void readRest(SharedPieces.Work work) throws SQLException, InterruptedException {
        boolean more = true;
        while (more) {
            more = next(work);
        }
    }

    private boolean next(SharedPieces.Work work) throws SQLException, InterruptedException {
        Optional<SharedPieces.Part> part = work.take(pace.piece());
        if (part.isEmpty()) {
            return false;
        }
        work.read(both, part.get());
        work.finished();
        pace.read(work.pair(), part.get().bytes(work.pair()));
        return true;
    }

    /// All buckets together.
    static Tally sum(Map<Integer, Tally> buckets) {
        return buckets.values().stream().reduce(Tally.NONE, Tally::plus);
    }

    private BothSides.Sides<Map<Integer, Tally>> tallies(TablePair pair, Query query)
            throws SQLException, InterruptedException {
        var sums = new BothSides.Sides<Map<Integer, Tally>>(new HashMap<>(), new HashMap<>());
        read(
                pair,
                (c, where) -> add(c, query.sql(where), sums.owner()),
                (c, where) -> add(c, query.sql(where), sums.follower()));
        return sums;
    }

    private static void add(Connection connection, String sql, Map<Integer, Tally> buckets) throws SQLException {
        try (Statement query = connection.createStatement()) {
            query.setEscapeProcessing(false);
            try (ResultSet row = query.executeQuery(sql)) {
                while (row.next()) {
                    var tally = new Tally(row.getLong(2), new BigInteger(row.getString(3)));
                    synchronized (buckets) {
                        buckets.merge(row.getInt(1), tally, Tally::plus);
                    }
                }
            }
        }
    }

    private static void addRows(Connection connection, String sql, List<Integer> buckets, Map<String, List<Long>> rows)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setArray(1, connection.createArrayOf("int4", buckets.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    synchronized (rows) {
                        rows.computeIfAbsent(row.getString(1), _ -> new ArrayList<>(1))
                                .add(row.getLong(2));
                    }
                }
            }
        }
    }

    /// What is done with a piece of the table on one side, given its condition as in `TablePieces`.
    @FunctionalInterface
    interface Piece {
        void read(Connection connection, String where) throws SQLException;
    }

    @FunctionalInterface
    private interface Query {
        String sql(String where);
    }
}

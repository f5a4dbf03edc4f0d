package io.handover.pg;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Large tables that are being read in pieces, so that pairs of sessions with nothing left to do can
/// take some of them. All pairs see the same two snapshots. Any thread.
public final class SharedPieces {

    private final Queue<Work> open = new ArrayDeque<>();

    /// The table's next pieces may be read by others as well from here on.
    synchronized void offer(Work work) {
        open.add(work);
    }

    /// No longer.
    synchronized void withdraw(Work work) {
        open.remove(work);
    }

    /// A table that has pieces left; each is given in turn.
    synchronized Optional<Work> any() {
        Work next = open.poll();
        if (next == null) {
            return Optional.empty();
        }
        open.add(next);
        return next.join() ? Optional.of(next) : Optional.empty();
    }

    /// One reading of one table.
    static final class Work {

        private final TablePair pair;
        private final BothSides.Sides<TablePieces> pieces;
        private final PieceReader.Piece onOwner;
        private final PieceReader.Piece onFollower;
        private double from;
        private int taken;
        private int finished;
        private int others;
        private @Nullable SQLException failure;

        /// @param onOwner    for several threads at once
        /// @param onFollower likewise
        Work(
                TablePair pair,
                BothSides.Sides<TablePieces> pieces,
                PieceReader.Piece onOwner,
                PieceReader.Piece onFollower) {
            this.pair = pair;
            this.pieces = pieces;
            this.onOwner = onOwner;
            this.onFollower = onFollower;
        }

        TablePair pair() {
            return pair;
        }

        /// Takes the next piece.
        ///
        /// @param bytes how large it may be
        /// @return empty if none is left, or if one could not be read
        synchronized Optional<Part> take(long bytes) {
            if (!hasMore()) {
                return Optional.empty();
            }
            double begin = from;
            double part = (double) bytes / Math.max(1, pair.bytes());
            from = begin + 1.5 * part >= 1 ? 1 : begin + part; // no tiny rest
            taken++;
            return Optional.of(new Part(begin, from));
        }

        /// Reads one.
        void read(BothSides both, Part part) throws SQLException, InterruptedException {
            both.run(c -> part.read(c, onOwner, pieces.owner()), c -> part.read(c, onFollower, pieces.follower()));
        }

        /// A piece that was taken has been read on both sides.
        synchronized void finished() {
            finished++;
        }

        synchronized boolean hasMore() {
            return from < 1 && failure == null;
        }

        /// One more reads it; has to call `leave`.
        ///
        /// @return false if nothing is left to read
        synchronized boolean join() {
            if (hasMore()) {
                others++;
                return true;
            }
            return false;
        }

        synchronized void leave() {
            others--;
            notifyAll();
        }

        /// It cannot be read to its end: nobody takes another piece.
        synchronized void fail(SQLException because) {
            if (failure == null) {
                failure = because;
            }
        }

        /// Returns when nobody else reads it, and everything has been read.
        ///
        /// @throws SQLException why another could not read a piece of it
        synchronized void awaitOthers() throws SQLException, InterruptedException {
            while (others > 0) {
                wait();
            }
            if (failure != null) {
                throw failure;
            }
            if (finished < taken || from < 1) { // however it came about: rows left out would go unseen
                throw new SQLException("a piece of the table was not read to its end", "57014");
            }
        }
    }

    /// @param begin where it begins, 0 to 1
    /// @param end   where it ends
    record Part(double begin, double end) {

        /// How much that is.
        long bytes(TablePair pair) {
            return (long) (pair.bytes() * (end - begin));
        }

        private boolean read(Connection connection, PieceReader.Piece piece, TablePieces of) throws SQLException {
            Optional<String> where = of.between(begin, end);
            if (where.isPresent()) {
                piece.read(connection, where.get());
            }
            return where.isPresent();
        }
    }
}

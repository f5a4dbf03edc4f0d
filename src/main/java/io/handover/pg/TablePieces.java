package io.handover.pg;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// Splits the reading of a table on one side by the place of its rows: within one snapshot every row
/// has one place, so ranges of blocks that do not overlap and the last of which is open give each row
/// once. The two sides need not be split alike, because the sums of all pieces are compared.
///
/// Before 14 a server reads the whole table for a range of blocks; there all of it is the first piece.
final class TablePieces {

    private static final int RANGE_SCANS = 14;

    private static final String BLOCKS = """
            select coalesce(
                       (select pg_catalog.max(pg_catalog.pg_relation_size(p.relid))
                          from pg_catalog.pg_partition_tree(?::pg_catalog.regclass) p where p.isleaf),
                       pg_catalog.pg_relation_size(?::pg_catalog.regclass), 0)
                   / pg_catalog.current_setting('block_size')::bigint
            """;

    /// One piece.
    static final TablePieces WHOLE = new TablePieces(0);

    private final long blocks;

    private TablePieces(long blocks) {
        this.blocks = blocks;
    }

    /// Looks how large the table is; of one with partitions the largest counts, since a range is read
    /// of each.
    static TablePieces of(SnapshotSession session, TablePair pair) throws SQLException {
        if (session.jdbc().getMetaData().getDatabaseMajorVersion() < RANGE_SCANS) {
            return WHOLE;
        }
        String name = SqlNames.quoted(pair.table());
        try (PreparedStatement query = session.jdbc().prepareStatement(BLOCKS)) {
            query.setString(1, name);
            query.setString(2, name);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new TablePieces(row.getLong(1));
            }
        }
    }

    /// The condition for the rows between two fractions of the table, with the alias `t`; empty if
    /// there are none, the empty text for all rows. Fractions that follow each other from 0 to 1 give
    /// each row once.
    Optional<String> between(double from, double to) {
        long first = (long) (blocks * from);
        long end = (long) (blocks * to);
        boolean begins = from <= 0;
        boolean ends = to >= 1 || blocks == 0;
        if (blocks == 0 || (begins && ends)) {
            return begins ? Optional.of("") : Optional.empty();
        }
        if (first == end && !ends) {
            return Optional.empty();
        }
        String lower = "t.ctid >= '(" + first + ",0)'::pg_catalog.tid";
        return Optional.of(" where " + (ends ? lower : lower + " and t.ctid < '(" + end + ",0)'::pg_catalog.tid"));
    }
}

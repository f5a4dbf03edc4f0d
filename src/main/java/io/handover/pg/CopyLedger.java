package io.handover.pg;

import io.handover.model.Lsn;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// Which pieces of a baseline are on the target: `handover.copied`, a row for each, written in the very
/// transaction that writes the piece's rows.
///
/// So the two cannot disagree, whatever crashes: both are there, or neither is. The row is written first, and its key
/// makes a piece whose commit nobody answered safe to try again: the second try waits for the end of the first, and
/// finds out how that went.
///
/// @param start where the slot of this baseline begins (`consistent_point`): rows of another slot's baseline are no
///              part of this one's
public record CopyLedger(Lsn start) {

    /// Forgets all baselines; on disk when it returns.
    public static void clear(DbSession target) throws SQLException {
        target.change("delete from handover.copied");
        Durability.flush(target);
    }

    /// The pieces of each table that are on the target.
    ///
    /// @return table → number of the piece (from 1) → its rows
    public Map<TableRef, Map<Integer, Long>> pieces(Connection target) throws SQLException {
        Map<TableRef, Map<Integer, Long>> pieces = new HashMap<>();
        try (PreparedStatement query = target.prepareStatement(
                "select schema_name, table_name, piece, row_count" + " from handover.copied where slot_start = ?")) {
            query.setString(1, start.toString());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    pieces.computeIfAbsent(new TableRef(row.getString(1), row.getString(2)), _ -> new TreeMap<>())
                            .put(row.getInt(3), row.getLong(4));
                }
            }
        }
        return pieces;
    }

    /// Tables all of whose pieces are on the target, with their rows. A crash may still take back what was committed
    /// without waiting for the disk, the note of it included: `Durability.flush` on the same session makes what was
    /// read here stay.
    public Map<TableRef, Long> finished(Connection target) throws SQLException {
        Map<TableRef, Long> finished = new TreeMap<>();
        try (PreparedStatement query = target.prepareStatement("""
                select schema_name, table_name, sum(row_count)::bigint from handover.copied
                 where slot_start = ? group by 1, 2
                having count(*) = min(pieces) and min(pieces) = max(pieces)
                """)) {
            query.setString(1, start.toString());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    finished.put(new TableRef(row.getString(1), row.getString(2)), row.getLong(3));
                }
            }
        }
        return finished;
    }

    /// Empties a table that will be copied in another way and forgets its pieces, in one transaction: whoever is still
    /// at it, a session without its client perhaps, is waited for before anything is forgotten.
    public static void empty(DbSession target, TableRef table) throws SQLException {
        target.inTransaction(session -> {
            session.change("truncate only " + SqlNames.quoted(table));
            return session.change("delete from handover.copied where schema_name = " + SqlNames.literal(table.schema())
                    + " and table_name = " + SqlNames.literal(table.name()));
        });
    }

    /// Notes a piece in the transaction that is about to write it.
    ///
    /// @return false if it is on the target already: write nothing
    boolean claim(DbSession target, CopyPiece piece) throws SQLException {
        try (PreparedStatement insert = target.jdbc()
                .prepareStatement("insert into handover.copied"
                        + " (slot_start, schema_name, table_name, piece, pieces) values (?, ?, ?, ?, ?)"
                        + " on conflict do nothing")) {
            insert.setString(1, start.toString());
            insert.setString(2, piece.table().table().schema());
            insert.setString(3, piece.table().table().name());
            insert.setInt(4, piece.number());
            insert.setInt(5, piece.of());
            return insert.executeUpdate() == 1;
        }
    }

    /// Completes the note with the number of rows.
    void complete(DbSession target, CopyPiece piece, long rows) throws SQLException {
        try (PreparedStatement update = target.jdbc()
                .prepareStatement("update handover.copied set row_count = ?"
                        + " where slot_start = ? and schema_name = ? and table_name = ? and piece = ?")) {
            update.setLong(1, rows);
            update.setString(2, start.toString());
            update.setString(3, piece.table().table().schema());
            update.setString(4, piece.table().table().name());
            update.setInt(5, piece.number());
            update.executeUpdate();
        }
    }
}

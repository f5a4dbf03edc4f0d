package io.handover.pg;

import io.handover.model.Lsn;
import io.handover.model.TableRef;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

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

    /// Empties a table that will be copied in another way and forgets its pieces, in one transaction: whoever
    /// is still at it, a session without its client perhaps, is waited for before anything is forgotten.
    public static void empty(DbSession target, TableRef table) throws SQLException {
        target.inTransaction(session -> {
            session.change("truncate only " + SqlNames.quoted(table));
            return session.change("delete from handover.copied where schema_name = " + SqlNames.literal(table.schema())
                    + " and table_name = " + SqlNames.literal(table.name()));
        });
    }

    /// Notes pieces in the transaction that is about to write them.
    ///
    /// @return those that are to be written, each with the bytes that its table's heap has on the target now;
    ///         one that is not among them is on the target already: write nothing of it
    Map<CopyPiece, Long> claim(DbSession target, List<CopyPiece> pieces) throws SQLException {
        Map<List<Object>, CopyPiece> byKey = new HashMap<>();
        pieces.forEach(piece -> byKey.put(
                List.of(piece.table().table().schema(), piece.table().table().name(), piece.number()), piece));
        Map<CopyPiece, Long> claimed = new LinkedHashMap<>();
        try (PreparedStatement insert = target.jdbc().prepareStatement("""
                insert into handover.copied (slot_start, schema_name, table_name, piece, pieces)
                select ?, s, t, p, o from unnest(?::text[], ?::text[], ?::int[], ?::int[]) x (s, t, p, o)
                on conflict do nothing
                returning schema_name, table_name, piece,
                          pg_catalog.pg_relation_size(pg_catalog.format('%I.%I', schema_name, table_name)::regclass)
                """)) {
            insert.setString(1, start.toString());
            names(target, insert, 2, pieces);
            insert.setArray(5, array(target, pieces, CopyPiece::of));
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    CopyPiece piece = byKey.get(List.of(row.getString(1), row.getString(2), row.getInt(3)));
                    claimed.put(Objects.requireNonNull(piece), row.getLong(4));
                }
            }
        }
        return claimed;
    }

    /// Completes the notes with the numbers of rows.
    void complete(DbSession target, Map<CopyPiece, Long> rows) throws SQLException {
        var pieces = List.copyOf(rows.keySet());
        try (PreparedStatement update = target.jdbc().prepareStatement("""
                update handover.copied c set row_count = x.r
                  from unnest(?::text[], ?::text[], ?::int[], ?::bigint[]) x (s, t, p, r)
                 where c.slot_start = ? and c.schema_name = x.s and c.table_name = x.t and c.piece = x.p
                """)) {
            names(target, update, 1, pieces);
            update.setArray(
                    4,
                    target.jdbc()
                            .createArrayOf(
                                    "int8", pieces.stream().map(rows::get).toArray()));
            update.setString(5, start.toString());
            int noted = update.executeUpdate();
            if (noted != pieces.size()) {
                throw new SQLException("handover.copied knows " + noted + " of " + pieces.size() + " pieces", "P0002");
            }
        }
    }

    private static void names(DbSession target, PreparedStatement statement, int first, List<CopyPiece> pieces)
            throws SQLException {
        Object[] schemas =
                pieces.stream().map(piece -> piece.table().table().schema()).toArray();
        Object[] tables =
                pieces.stream().map(piece -> piece.table().table().name()).toArray();
        statement.setArray(first, target.jdbc().createArrayOf("text", schemas));
        statement.setArray(first + 1, target.jdbc().createArrayOf("text", tables));
        statement.setArray(first + 2, array(target, pieces, CopyPiece::number));
    }

    private static Array array(DbSession target, List<CopyPiece> pieces, ToIntFunction<CopyPiece> number)
            throws SQLException {
        return target.jdbc()
                .createArrayOf("int4", pieces.stream().map(number::applyAsInt).toArray());
    }
}

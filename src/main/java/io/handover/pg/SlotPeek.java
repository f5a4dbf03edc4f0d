package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;

/// Looks at the changes that a logical slot has yet to send, and moves nothing.
final class SlotPeek {

    private static final int FETCH = 5_000;

    private SlotPeek() {}

    /// Hands the messages to `to` in the order of their commits, from the last position that the
    /// slot's reader
    /// has confirmed to where the log was written out.
    ///
    /// @param owner   autocommit on; in a transaction while it reads, because only then the driver
    /// fetches in
    ///                portions
    /// @param slot    not in use
    /// @param most    no more changes than that, but up to the end of a transaction
    /// @param seconds it may take
    /// @return how many messages there were
    /// @throws SQLException `55006` if the slot is in use, `57014` if it takes longer
    static <E extends Exception> int read(
            Connection owner, String slot, Collection<String> publications, int most, int seconds, Reader<E> to)
            throws SQLException, E {
        owner.setAutoCommit(false);
        try (PreparedStatement query = owner.prepareStatement("""
                select data from pg_catalog.pg_logical_slot_peek_binary_changes(
                    ?, null, ?, 'proto_version', '1', 'publication_names', ?)
                """)) {
            query.setQueryTimeout(seconds);
            query.setFetchSize(FETCH);
            query.setString(1, slot);
            query.setInt(2, most);
            query.setString(3, SqlNames.list(publications));
            int messages = 0;
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    to.take(PgOutputReader.read(row.getBytes(1)));
                    messages++;
                }
            }
            return messages;
        } finally {
            owner.rollback();
            owner.setAutoCommit(true);
        }
    }

    /// Takes one message after the other.
    ///
    /// @param <E> what it fails with
    @FunctionalInterface
    interface Reader<E extends Exception> {
        void take(PgOutputMessage message) throws E;
    }
}

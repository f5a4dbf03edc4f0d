package io.handover.pg;

import io.handover.model.Lsn;
import io.handover.model.Side;
import io.handover.model.UnsentChanges;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads what a slot still has to send, and moves nothing: from a temporary copy of the slot, because a worker that
/// fails and comes back every few seconds keeps the slot itself in use. The copy is gone with the session.
///
/// A slot that was lost, or dropped, says nothing any more; then only a comparison of both sides tells.
public final class UnsentReader {

    /// So many changes are kept, to be looked at one by one.
    private static final int SHOWN = 500;

    private static final int SECONDS = 60;
    private static final String COPY = "handover_unsent_";
    private static final int COPIES_SINCE = 12; // pg_copy_logical_replication_slot

    private UnsentReader() {}

    /// Reads.
    ///
    /// @param owner       has the slot; autocommit on; the caller closes it, and the copy is gone with it
    /// @param side        which one that is
    /// @param slot        of the stream
    /// @param publication of the stream
    /// @param applied     where the last transaction ended that the follower has applied; empty if it cannot be
    ///                    asked: then some may have arrived
    /// @param most        so many changes are read, up to the end of a transaction
    /// @throws SQLException `53400` without a free slot, `42501` without the right to replicate, `57014` if it
    /// takes over a minute
    public static UnsentChanges read(
            DbSession owner, Side side, String slot, String publication, Optional<Lsn> applied, int most, Instant now)
            throws SQLException {
        Optional<String> dead = dead(owner.jdbc(), slot);
        if (dead.isPresent()) {
            return UnsentChanges.unknown(side, now, dead.get());
        }
        if (owner.major() < COPIES_SINCE) {
            return UnsentChanges.unknown(
                    side, now, "A server before version " + COPIES_SINCE + " cannot show what a slot holds.");
        }
        String copy = COPY + owner.pid();
        owner.change("select pg_catalog.pg_copy_logical_replication_slot(" + SqlNames.literal(slot) + ", "
                + SqlNames.literal(copy) + ", true)");
        flush(owner.jdbc());
        var tally = new UnsentTally(SHOWN);
        boolean[] news = {true};
        long read = SlotPeek.read(owner.jdbc(), copy, List.of(publication), most, SECONDS, message -> {
            if (message instanceof PgOutputMessage.Begin(Lsn commit)) {
                news[0] = applied.isEmpty() || commit.reached(applied.get());
            }
            tally.add(message, news[0]);
        });
        return new UnsentChanges(
                side,
                now,
                tally.tables(),
                tally.first(),
                read < most,
                applied.isPresent() ? "" : "The follower could not be asked how far it is: some may have arrived.");
    }

    private static Optional<String> dead(Connection owner, String slot) throws SQLException {
        boolean tellsStatus = owner.getMetaData().getDatabaseMajorVersion() >= 13;
        try (PreparedStatement query = owner.prepareStatement("select "
                + (tellsStatus ? "coalesce(wal_status, '')" : "''")
                + " from pg_catalog.pg_replication_slots where slot_name = ?")) {
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.of("The slot " + slot + " is gone.");
                }
                return "lost".equals(row.getString(1))
                        ? Optional.of("The slot " + slot + " has lost its log: max_slot_wal_keep_size was passed.")
                        : Optional.empty();
            }
        }
    }

    /// Decoding goes as far as the log was written out.
    private static void flush(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute("set synchronous_commit = local");
            statement.execute("select pg_catalog.pg_logical_emit_message(true, 'handover', 'unsent')");
        }
    }
}

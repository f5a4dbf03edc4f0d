package io.handover.pg;

import io.handover.model.Side;
import io.handover.model.UnsentChanges;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads in the old owner's own log what was committed there after the fence: changes that the new
/// owner does not have
/// and will not get. There should be none; this is the proof of it.
public final class LateChanges {

    private static final int SHOWN = 100;
    private static final int SECONDS = 60;

    /// Follows a transaction's beginning if an apply worker has committed it.
    private static final char ORIGIN = 'O';

    private LateChanges() {}

    /// Reads the slot of the stream that has ended, to the end of the log. What a subscription has brought there is
    /// passed over, so it can be read again when the way back runs.
    ///
    /// @param owner       the old owner, autocommit on
    /// @param slot        of the old stream; its reader is gone
    /// @param publication of the old stream: tables that are not in it are not looked at
    /// @return empty if there is no such slot
    /// @throws SQLException `55006` if the slot is in use, `57014` if it takes over a minute
    public static Optional<UnsentChanges> read(DbSession owner, Side side, String slot, String publication, Instant now)
            throws SQLException {
        if (!exists(owner.jdbc(), slot)) {
            return Optional.empty();
        }
        Durability.flush(owner); // decoding goes as far as the log was written out
        var tally = new UnsentTally(SHOWN);
        boolean[] brought = new boolean[1];
        SlotPeek.read(owner.jdbc(), slot, List.of(publication), Integer.MAX_VALUE, SECONDS, message -> {
            if (message instanceof PgOutputMessage.Begin) {
                brought[0] = false;
            } else if (message instanceof PgOutputMessage.Other(char type) && type == ORIGIN) {
                brought[0] = true;
            }
            if (!brought[0] && tally.isFence(message)) {
                tally.forget(); // commits come in order, so all before it has arrived
            } else {
                tally.add(message, !brought[0]);
            }
        });
        return Optional.of(new UnsentChanges(side, now, tally.tables(), tally.first(), true, ""));
    }

    private static boolean exists(Connection owner, String slot) throws SQLException {
        try (PreparedStatement query =
                owner.prepareStatement("select from pg_catalog.pg_replication_slots where slot_name = ?")) {
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }
}

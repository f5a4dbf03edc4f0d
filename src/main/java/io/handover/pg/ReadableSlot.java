package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Makes a slot that the server can decode from its start.
///
/// Beside transactions that `TRUNCATE` one table a server now and then makes one that it cannot: six of 136 beside four
/// writers with 16.15, and others with 15.19, 17.11 and 18.6. Whoever reads it meets `could not map filenumber … to
/// relation OID` (XX000), and will each time. Met by the stream when it begins, that would cost the whole copy. So the
/// slot is read once when it is made, and made anew if it fails.
///
/// What fails is a transaction that was under way when the slot was made. One that goes on for longer than `OTHERS` is
/// not waited for, and not proved.
public final class ReadableSlot {

    private static final Duration OTHERS = Duration.ofSeconds(3);
    private static final int LOOK_MILLIS = 50;
    private static final int MOST = 200_000; // changes; what was under way is among the first
    private static final int SECONDS = 30;
    private static final int TRIES = 20;

    private static final String NEXT = "select pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())";
    private static final String OLDEST = "select pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot())";

    private final Server owner;
    private final SlotMaker maker;

    /// For slots on `owner`.
    public ReadableSlot(Server owner, SlotMaker maker) {
        this.owner = owner;
        this.maker = maker;
    }

    /// As `SlotMaker.withSnapshot`.
    ///
    /// @param publication that the slot is to be read with; it is there
    /// @throws SQLException also the server's `XX000` if it has made only such as cannot be read; no slot is left
    public SlotSnapshot make(String slot, String publication, Duration once, Gate gate, Consumer<String> waitsFor)
            throws SQLException, InterruptedException, StoppedException {
        for (int tries = 1; ; tries++) {
            SlotSnapshot made = maker.withSnapshot(slot, once, gate, waitsFor);
            boolean proved = false;
            try {
                proved = read(slot, publication, gate, tries == TRIES);
            } finally {
                if (!proved) {
                    made.close();
                    maker.drop(slot);
                }
            }
            if (proved) {
                return made;
            }
        }
    }

    /// @return false if it cannot be decoded, and this is not the last try
    private boolean read(String slot, String publication, Gate gate, boolean last)
            throws SQLException, InterruptedException, StoppedException {
        try (DbSession session = owner.open("slot trial")) {
            awaitOthers(session.jdbc(), gate);
            SlotPeek.read(session.jdbc(), slot, List.of(publication), MOST, SECONDS, _ -> {});
            return true;
        } catch (SQLException e) {
            if (SqlFailure.state(e).equals("57014")) {
                return true; // it decodes, and has much to
            }
            if (last || !SqlFailure.state(e).equals("XX000")) {
                throw e;
            }
            return false;
        }
    }

    /// Waits until whoever was writing when the slot was made has ended.
    private static void awaitOthers(Connection connection, Gate gate)
            throws SQLException, InterruptedException, StoppedException {
        long next = number(connection, NEXT);
        long end = System.nanoTime() + OTHERS.toNanos();
        while (number(connection, OLDEST) < next && System.nanoTime() - end < 0) {
            gate.pause(LOOK_MILLIS);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}

package io.handover.pg;

import io.handover.model.Lsn;
import java.sql.Connection;
import java.sql.SQLException;

/// A new slot and the snapshot of exactly what was committed before it.
///
/// @param slot     its name
/// @param start    the first position it streams from (`consistent_point`)
/// @param snapshot for `SET TRANSACTION SNAPSHOT`; can be imported only while `holder` is open and idle
/// @param holder   the replication connection that made it: nothing else may be sent over it
public record SlotSnapshot(String slot, Lsn start, String snapshot, Connection holder) implements AutoCloseable {

    /// Lets go of the snapshot; transactions that have imported it keep it, and the slot stays.
    @Override
    public void close() throws SQLException {
        holder.close();
    }
}

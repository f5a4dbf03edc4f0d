package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Small questions about slots. How far a slot's follower trails is `SlotCatalog`'s.
public final class Slots {

    private Slots() {}

    /// Who reads from a slot.
    public sealed interface Reader {
        /// There is no such slot.
        record NoSlot() implements Reader {}

        /// Nobody is connected.
        record Nobody() implements Reader {}

        /// This backend.
        record Pid(int pid) implements Reader {}
    }

    /// Who reads from `slot` at this moment.
    public static Reader reader(Connection owner, String slot) throws SQLException {
        try (PreparedStatement query =
                owner.prepareStatement("select active_pid from pg_catalog.pg_replication_slots where slot_name = ?")) {
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return new Reader.NoSlot();
                }
                int pid = row.getInt(1);
                return row.wasNull() ? new Reader.Nobody() : new Reader.Pid(pid);
            }
        }
    }

    /// Bytes of WAL that `slot` keeps on the owner's disk; -1 if there is no such slot or it keeps none.
    public static long walKept(Connection owner, String slot) throws SQLException {
        try (PreparedStatement query = owner.prepareStatement("""
                select pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), restart_lsn)::bigint
                  from pg_catalog.pg_replication_slots where slot_name = ?
                """)) {
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return -1;
                }
                long kept = row.getLong(1);
                return row.wasNull() ? -1 : Math.max(0, kept);
            }
        }
    }

    /// Bytes of WAL that the reader of `slot` has not confirmed yet; -1 if there is no such slot.
    public static long bytesBehind(Connection owner, String slot) throws SQLException {
        try (PreparedStatement query = owner.prepareStatement("""
                select pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), confirmed_flush_lsn)::bigint
                  from pg_catalog.pg_replication_slots where slot_name = ? and confirmed_flush_lsn is not null
                """)) {
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Math.max(0, row.getLong(1)) : -1;
            }
        }
    }
}

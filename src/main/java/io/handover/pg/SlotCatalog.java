package io.handover.pg;

import io.handover.model.Lsn;
import io.handover.model.SlotLag;
import io.handover.model.SlotReading;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Reads both ends of a stream: the slot on the owner, the subscription on the follower. Holds no
/// connection: the caller chooses whose is spent.
public final class SlotCatalog {

    private static final int TIMEOUT = 5; // seconds

    /// PostgreSQL 13 or later. Insert position, not write position: with `synchronous_commit = off` the
    /// latter misses transactions already committed.
    private static final String LAG = """
            select clock_timestamp() as taken_at, coalesce(wal_status, '') as wal_status,
                   confirmed_flush_lsn::text as confirmed,
                   pg_current_wal_insert_lsn()::text as head,
                   coalesce(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn), 0)::bigint as retained,
                   safe_wal_size as safe, active
              from pg_catalog.pg_replication_slots
             where slot_name = ? and slot_type = 'logical' and database = current_database()
            """;

    /// Before 13 a slot keeps whatever it needs, without a limit.
    private static final String LAG_BEFORE_13 = LAG.replace("coalesce(wal_status, '')", "''::text")
            .replace("safe_wal_size as safe", "null::bigint as safe");

    private static final String SUBSCRIPTION = """
            select s.subenabled, coalesce(pg_catalog.obj_description(s.oid, 'pg_subscription'), ''),
                   (select st.pid from pg_catalog.pg_stat_subscription st
                     where st.subid = s.oid and st.relid is null and st.pid is not null limit 1),
                   null::bigint
              from pg_catalog.pg_subscription s
             where s.subname = ?
               and s.subdbid = (select oid from pg_catalog.pg_database where datname = current_database())
            """;

    private static final String ERRORS =
            "(select e.apply_error_count from pg_catalog.pg_stat_subscription_stats e where e.subid = s.oid)";

    private static final String NOT_READY = """
            select n.nspname, c.relname
              from pg_catalog.pg_subscription_rel r
              join pg_catalog.pg_subscription s on s.oid = r.srsubid
              join pg_catalog.pg_class c on c.oid = r.srrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where s.subname = ? and r.srsubstate <> 'r'
             order by n.nspname::text collate "C", c.relname::text collate "C"
            """;

    /// Makes one; it has no state.
    public SlotCatalog() {}

    /// Looks once at `slot`.
    ///
    /// @return never `Unreachable`
    /// @throws SQLException if the owner cannot be asked; the caller makes it `Unreachable`
    public SlotReading lag(Connection owner, String slot) throws SQLException {
        String sql = owner.getMetaData().getDatabaseMajorVersion() >= 13 ? LAG : LAG_BEFORE_13;
        try (PreparedStatement query = owner.prepareStatement(sql)) {
            query.setQueryTimeout(TIMEOUT);
            query.setString(1, slot);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return new SlotReading.Missing(slot);
                }
                String confirmed = row.getString("confirmed");
                if (row.getString("wal_status").equals("lost") || confirmed == null) {
                    return new SlotReading.Lost(slot);
                }
                long limit = row.getLong("safe");
                // asked at once: it speaks of the column read last
                var safe = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(limit);
                return new SlotReading.Live(new SlotLag(
                        slot,
                        row.getObject("taken_at", OffsetDateTime.class).toInstant(),
                        Lsn.parse(confirmed),
                        Lsn.parse(row.getString("head")),
                        Math.max(0, row.getLong("retained")),
                        safe,
                        row.getBoolean("active")));
            }
        }
    }

    /// Looks once at the follower's end; empty if there is no such subscription in this database.
    public Optional<FollowerFacts> follower(Connection follower, String subscription) throws SQLException {
        boolean counts = follower.getMetaData().getDatabaseMajorVersion() >= 15;
        String sql = counts ? SUBSCRIPTION.replace("null::bigint", ERRORS) : SUBSCRIPTION;
        try (PreparedStatement query = follower.prepareStatement(sql)) {
            query.setQueryTimeout(TIMEOUT);
            query.setString(1, subscription);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                int pid = row.getInt(3);
                OptionalInt worker = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(pid);
                long errors = row.getLong(4);
                return Optional.of(new FollowerFacts(
                        row.getBoolean(1),
                        HeldStream.isMark(row.getString(2)),
                        worker,
                        row.wasNull() ? -1 : errors,
                        notReady(follower, subscription)));
            }
        }
    }

    private static List<TableRef> notReady(Connection follower, String subscription) throws SQLException {
        var tables = new ArrayList<TableRef>();
        try (PreparedStatement query = follower.prepareStatement(NOT_READY)) {
            query.setQueryTimeout(TIMEOUT);
            query.setString(1, subscription);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    tables.add(new TableRef(row.getString(1), row.getString(2)));
                }
            }
        }
        return tables;
    }

    /// The follower's end of a stream.
    ///
    /// @param enabled  false while nobody is to apply
    /// @param held     true if it is Handover that has disabled it, for a comparison
    /// @param worker   the apply worker's backend; empty while there is none
    /// @param errors   of the apply worker since the statistics were reset; -1 if the server does not count
    ///                 (before 15)
    /// @param notReady tables that do not follow yet
    public record FollowerFacts(
            boolean enabled, boolean held, OptionalInt worker, long errors, List<TableRef> notReady) {

        /// Copies the list.
        public FollowerFacts {
            notReady = List.copyOf(notReady);
        }
    }
}

package io.handover.pg;

import io.handover.flow.Patience;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Slots that a follower's table synchronisation has made on the owner (`pg_<subscription>_sync_<table>_<system>`).
/// The follower removes each when it is done, and all when its subscription is dropped, if it reaches the owner then:
/// otherwise they would keep the owner's log for ever.
public final class TableSyncSlots {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String SENDERS = """
            select pid from pg_catalog.pg_stat_activity
             where backend_type = 'walsender' and application_name = ? and usename = current_user
               and datname = pg_catalog.current_database()
            """;

    private static final String OLDEST = """
            select coalesce((1000 * extract(epoch from max(clock_timestamp() - xact_start)))::bigint, 0)
              from pg_catalog.pg_stat_activity
             where backend_type = 'walsender' and application_name = ? and usename = current_user
               and datname = pg_catalog.current_database() and backend_xmin is not null
            """;

    private static final String SLOTS = """
            select slot_name from pg_catalog.pg_replication_slots
             where database = pg_catalog.current_database() and slot_name ~ '^pg_[0-9]+_sync_[0-9]+_[0-9]+$'
               and pg_catalog.split_part(slot_name, '_', 5) = ?
               and pg_catalog.split_part(slot_name, '_', 2) <> all (?)
             order by 1
            """;

    private TableSyncSlots() {}

    /// Drops a subscription together with what its table synchronisation has on the owner. A sender that waits
    /// for others' transactions in order to make a slot does not notice that its reader has gone: it would
    /// make the slot when they end, and dropping the subscription would wait for it so long. So workers and
    /// senders are ended first.
    ///
    /// @param owner    autocommit on
    /// @param follower autocommit on
    /// @param name     of the subscription; its absence is no error, and leaves slots as they are
    /// @return true if there was one
    /// @throws SQLException `55006` if a worker or a sender does not go within 30 s
    public static boolean dropSubscription(DbSession owner, DbSession follower, String name)
            throws SQLException, InterruptedException {
        if (Subscriptions.state(follower.jdbc(), name) instanceof SubscriptionReading.Present present) {
            if (present.enabled()) {
                Subscriptions.disable(follower, name);
            }
            boolean gone = Patience.until(LIMIT, () -> {
                List<Integer> pids = senders(owner.jdbc(), name);
                Sessions.end(owner, pids);
                return pids.isEmpty() && workers(follower.jdbc(), name) == 0;
            });
            if (!gone) {
                throw new SQLException("workers of subscription " + name + " are still there", "55006");
            }
        }
        String ours = "pg_" + oid(follower.jdbc(), name) + "_sync_";
        boolean dropped = Subscriptions.drop(follower, name);
        for (String slot : orphans(owner.jdbc(), follower.jdbc())) {
            if (slot.startsWith(ours)) { // the others may be somebody else's, and are only listed
                SlotMaker.drop(owner, slot, LIMIT);
            }
        }
        return dropped;
    }

    /// Slots on the owner that belong to no subscription of the follower's server any more. Empty too if the follower
    /// does not say which server it is (`pg_control_system`).
    public static List<String> orphans(Connection owner, Connection follower) throws SQLException {
        long system = systemId(follower);
        if (system == 0) {
            return List.of();
        }
        var names = new ArrayList<String>();
        try (PreparedStatement query = owner.prepareStatement(SLOTS)) {
            query.setString(1, Long.toUnsignedString(system));
            query.setArray(
                    2, owner.createArrayOf("text", subscriptions(follower).toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
        }
        return names;
    }

    /// Of the subscription in this database; 0 if there is none.
    private static long oid(Connection follower, String name) throws SQLException {
        try (PreparedStatement query = follower.prepareStatement("""
                select s.oid from pg_catalog.pg_subscription s
                  join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
                 where s.subname = ?
                """)) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /// Of all databases of the server.
    private static List<String> subscriptions(Connection follower) throws SQLException {
        var oids = new ArrayList<String>();
        try (PreparedStatement query = follower.prepareStatement("select oid::text from pg_catalog.pg_subscription");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                oids.add(row.getString(1));
            }
        }
        return oids;
    }

    /// Backends on the owner that send for `subscription`, to its apply worker and to those that copy tables.
    public static List<Integer> senders(Connection owner, String subscription) throws SQLException {
        var pids = new ArrayList<Integer>();
        try (PreparedStatement query = owner.prepareStatement(SENDERS)) {
            query.setString(1, subscription);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    pids.add(row.getInt(1));
                }
            }
        }
        return pids;
    }

    /// For how long one of them has held a snapshot; zero if none does.
    public static Duration oldestSnapshot(Connection owner, String subscription) throws SQLException {
        try (PreparedStatement query = owner.prepareStatement(OLDEST)) {
            query.setString(1, subscription);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return Duration.ofMillis(row.getLong(1));
            }
        }
    }

    private static int workers(Connection follower, String subscription) throws SQLException {
        try (PreparedStatement query = follower.prepareStatement(
                "select count(*) from pg_catalog.pg_stat_subscription" + " where subname = ? and pid is not null")) {
            query.setString(1, subscription);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static long systemId(Connection follower) throws SQLException {
        try (PreparedStatement query = follower.prepareStatement("""
                        select case when pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')
                                    then (select system_identifier from pg_catalog.pg_control_system()) else 0 end
                        """);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}

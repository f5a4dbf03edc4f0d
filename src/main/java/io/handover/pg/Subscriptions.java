package io.handover.pg;

import io.handover.flow.Patience;
import io.handover.model.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Subscriptions on the server that follows. They never make, and never drop, a slot: that is `SlotMaker`'s
/// work, so
/// that it can be done with the other server unreachable and inside a transaction.
public final class Subscriptions {

    /// A server may write every statement to its log; what it writes there is the administrator's, not our
    /// secret.
    /// Only a superuser may keep this one out.
    private static final String QUIET = """
            select pg_catalog.set_config(name, quiet, true)
              from (values ('log_statement', 'none'), ('log_min_duration_statement', '-1'),
                           ('log_min_error_statement', 'panic'), ('log_duration', 'off'),
                           ('pg_stat_statements.track_utility', 'off')) as setting (name, quiet)
             where pg_catalog.current_setting('is_superuser') = 'on'
               and pg_catalog.current_setting(name, true) is not null
            """;

    private Subscriptions() {}

    /// Makes subscription `name` for a slot and a publication that are there. Rows that are on the owner
    /// already are
    /// not copied.
    ///
    /// @param follower autocommit on
    /// @param limit    how long the follower may take to reach the owner
    /// @throws SQLException without the password in its text: `08006` (before 14 `XX000`) or `57014` if the
    /// follower
    ///                      does not reach the owner, `42710` if there is one of that name
    public static void create(
            DbSession follower,
            String name,
            ConnectionString owner,
            String publication,
            String slot,
            boolean enabled,
            Duration limit)
            throws SQLException {
        int major = major(follower.jdbc());
        String options = "connect = true, enabled = " + enabled + ", create_slot = false, slot_name = "
                + SqlNames.literal(slot) + ", copy_data = false, synchronous_commit = 'off'"
                // big transactions are sent while they run; applied as a whole, by one worker, once they
                // commit
                + (major >= 14 ? ", streaming = on" : "")
                // what this server has itself received from elsewhere is nothing to send on
                + (major >= 16 ? ", origin = none" : "");
        create(follower, name, owner, publication, options, limit);
    }

    /// Lets it run.
    public static void enable(DbSession follower, String name) throws SQLException {
        follower.change("alter subscription " + SqlNames.quoted(name) + " enable");
    }

    /// Tells it to stop; its worker goes a moment later, see `awaitIdle`.
    public static void disable(DbSession follower, String name) throws SQLException {
        follower.change("alter subscription " + SqlNames.quoted(name) + " disable");
    }

    /// Waits until a disabled subscription has no worker left and its slot no reader.
    ///
    /// @return false if that is not so after `limit`
    public static boolean awaitIdle(Connection follower, String name, Connection owner, String slot, Duration limit)
            throws SQLException, InterruptedException {
        return Patience.until(
                limit,
                () -> switch (state(follower, name)) {
                            case SubscriptionReading.Missing _ -> true;
                            case SubscriptionReading.Present present ->
                                present.worker().isEmpty();
                        }
                        && !(Slots.reader(owner, slot) instanceof Slots.Reader.Pid));
    }

    /// Drops it in one transaction, its worker with it; neither needs nor touches the owner, whose slot
    /// stays.
    ///
    /// @param follower autocommit on
    /// @return false if there was none
    public static boolean drop(DbSession follower, String name) throws SQLException {
        if (state(follower.jdbc(), name) instanceof SubscriptionReading.Missing) {
            return false;
        }
        return follower.inTransaction(session -> {
            disable(session, name);
            session.change("alter subscription " + SqlNames.quoted(name) + " set (slot_name = none)");
            session.change("drop subscription " + SqlNames.quoted(name));
            return true;
        });
    }

    /// Looks once.
    public static SubscriptionReading state(Connection follower, String name) throws SQLException {
        return state(follower, name, true);
    }

    /// The same in fewer questions, without how far it has applied.
    public static SubscriptionReading stateInBrief(Connection follower, String name) throws SQLException {
        return state(follower, name, false);
    }

    private static SubscriptionReading state(Connection follower, String name, boolean withOrigin) throws SQLException {
        try (PreparedStatement query = follower.prepareStatement(stateQuery(major(follower)))) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return new SubscriptionReading.Missing(name);
                }
                int pid = row.getInt("pid");
                OptionalInt worker = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(pid);
                long count = row.getLong("errors");
                OptionalLong errors = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(count);
                long oid = row.getLong("oid");
                return new SubscriptionReading.Present(
                        name,
                        row.getBoolean("subenabled"),
                        worker,
                        Optional.ofNullable(row.getString("subslotname")),
                        tables(follower, oid),
                        errors,
                        withOrigin && row.getBoolean("may_see_origin") ? applied(follower, oid) : Optional.empty());
            }
        }
    }

    /// Enabled subscriptions of the database one is connected to but `own`: their apply workers write there whatever
    /// the database's read-only default and triggers say.
    public static List<String> others(Connection connection, Collection<String> own) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                select s.subname from pg_catalog.pg_subscription s
                  join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
                 where s.subenabled and s.subname <> all (?) order by 1
                """)) {
            query.setArray(1, connection.createArrayOf("text", own.toArray()));
            var names = new ArrayList<String>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
            return names;
        }
    }

    /// Of the subscription named by the parameter, in this database: its worker's pid; no row if there is none.
    static String workerQuery(int major) {
        return "select w.pid from pg_catalog.pg_subscription s"
                + " join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()"
                + " join pg_catalog.pg_stat_subscription w on w.subid = s.oid"
                + " where s.subname = ? and " + worker(major);
    }

    /// For `pg_stat_subscription w`: workers of big transactions and of single tables are not the one meant.
    private static String worker(int major) {
        return "w.relid is null" + (major >= 16 ? " and w.leader_pid is null" : "") + " and w.pid is not null";
    }

    private static String stateQuery(int major) {
        return "select s.oid, s.subenabled, s.subslotname,"
                + " (select w.pid from pg_catalog.pg_stat_subscription w where w.subid = s.oid and "
                + worker(major) + " limit 1) as pid,"
                + (major >= 15
                        ? " (select t.apply_error_count from pg_catalog.pg_stat_subscription_stats t"
                                + " where t.subid = s.oid)"
                        : " null::bigint")
                + " as errors,"
                + " pg_catalog.has_function_privilege('pg_catalog.pg_show_replication_origin_status()', 'execute')"
                + " as may_see_origin"
                + " from pg_catalog.pg_subscription s join pg_catalog.pg_database d on d.oid = s.subdbid"
                + " where s.subname = ? and d.datname = pg_catalog.current_database()";
    }

    private static Optional<Lsn> applied(Connection follower, long subscription) throws SQLException {
        try (PreparedStatement query = follower.prepareStatement("""
                select remote_lsn::text from pg_catalog.pg_replication_origin_status
                 where external_id = 'pg_' || ? and remote_lsn <> '0/0'
                """)) {
            query.setString(1, Long.toString(subscription));
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(Lsn.parse(row.getString(1))) : Optional.empty();
            }
        }
    }

    /// The statement that makes it, run so that the password stays out of logs and exceptions.
    static void create(
            DbSession follower, String name, ConnectionString owner, String publication, String options, Duration limit)
            throws SQLException {
        String before = "create subscription " + SqlNames.quoted(name) + " connection ";
        String after = " publication " + SqlNames.quoted(publication) + " with (" + options + ")";
        try {
            follower.inTransaction(session -> {
                keepOutOfServerLog(session.jdbc());
                try (Statement statement = session.jdbc().createStatement()) {
                    // libpq's own time-out does not work here: the server connects without blocking
                    statement.execute("set local statement_timeout = " + limit.toMillis());
                }
                return session.change(
                        before + SqlNames.literal(owner.reveal()) + after,
                        before + SqlNames.literal(owner.shown()) + after);
            });
        } catch (SQLException e) {
            // a new one, because the driver's keeps the server's whole message, and causes are logged too
            throw new SQLException(owner.masked(String.valueOf(e.getMessage())), e.getSQLState());
        }
    }

    /// Until the end of the transaction, as far as the user may.
    static void keepOutOfServerLog(Connection follower) throws SQLException {
        try (Statement statement = follower.createStatement()) {
            statement.execute(QUIET);
        }
    }

    private static Map<String, Integer> tables(Connection follower, long subscription) throws SQLException {
        Map<String, Integer> tables = new HashMap<>();
        try (PreparedStatement query =
                follower.prepareStatement("select srsubstate::text, count(*) from pg_catalog.pg_subscription_rel"
                        + " where srsubid = ?::oid group by 1")) {
            query.setLong(1, subscription);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    tables.put(row.getString(1), row.getInt(2));
                }
            }
        }
        return tables;
    }

    private static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }
}

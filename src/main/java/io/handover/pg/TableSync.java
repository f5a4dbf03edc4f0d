package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// PostgreSQL's own synchronisation of tables that are added to a running subscription: each is copied by a worker of
/// the target from a snapshot of its own and brought up exactly to where the apply worker is, which until then skips
/// the table's changes.
public final class TableSync {

    /// Only a table that is being copied is measured: asking for the size of each of 10,000 takes long.
    private static final String TABLES = """
            select n.nspname, c.relname, r.srsubstate::text as state, w.pid,
                   case when r.srsubstate in ('d', 'f') then pg_catalog.pg_table_size(c.oid) else 0 end as bytes,
                   %s
              from pg_catalog.pg_subscription s
              join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
              join pg_catalog.pg_subscription_rel r on r.srsubid = s.oid
              join pg_catalog.pg_class c on c.oid = r.srrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              left join pg_catalog.pg_stat_subscription w
                on w.subid = s.oid and w.relid = r.srrelid and w.pid is not null
              %s
             where s.subname = ?
            """;

    private static final String FROM_14 = TABLES.formatted(
            "p.tuples_processed as rows", "left join pg_catalog.pg_stat_progress_copy p on p.pid = w.pid");

    private static final String BEFORE_14 = TABLES.formatted("null::bigint as rows", "");

    private TableSync() {}

    /// One table of a subscription.
    ///
    /// @param table  its name
    /// @param ready  true once the apply worker itself brings its changes (`r` of `pg_subscription_rel.srsubstate`)
    /// @param state  the letter: `i` not begun, `d` being copied, `f` copied, `s` caught up
    /// @param worker the backend that is at it; empty if there is none just now
    /// @param bytes  heap and TOAST on the target while it is being copied or has just been; 0 otherwise
    /// @param rows   rows it has copied so far; 0 unless it copies just now, and before 14
    public record State(TableRef table, boolean ready, String state, OptionalInt worker, long bytes, long rows) {

        /// True if its worker has nothing more to do: the stream takes it over once it has come as far.
        public boolean copied() {
            return ready || state.equals("s");
        }
    }

    /// How many tables the target copies at a time (`max_sync_workers_per_subscription`).
    public static int workers(Connection target) throws SQLException {
        try (Statement query = target.createStatement();
                ResultSet row = query.executeQuery(
                        "select pg_catalog.current_setting('max_sync_workers_per_subscription')::int")) {
            row.next();
            return Math.max(1, row.getInt(1));
        }
    }

    /// All tables of subscription `name`, the fence too, in no order; empty if there is no such subscription.
    public static List<State> states(Connection follower, String name) throws SQLException {
        boolean counts = follower.getMetaData().getDatabaseMajorVersion() >= 14;
        try (PreparedStatement query = follower.prepareStatement(counts ? FROM_14 : BEFORE_14)) {
            query.setString(1, name);
            var states = new ArrayList<State>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    int pid = row.getInt("pid");
                    OptionalInt worker = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(pid);
                    String state = row.getString("state");
                    states.add(new State(
                            new TableRef(row.getString(1), row.getString(2)),
                            state.equals("r"),
                            state,
                            worker,
                            row.getLong("bytes"),
                            row.getLong("rows")));
                }
            }
            return states;
        }
    }

    /// Makes an enabled subscription take over what its publication has gained; the rows of new tables are copied.
    ///
    /// @param follower autocommit on
    /// @param limit    how long the follower may take to reach the owner
    public static void refresh(DbSession follower, String name, Duration limit) throws SQLException {
        run(follower, "set statement_timeout = " + limit.toMillis());
        try {
            follower.change("alter subscription " + SqlNames.quoted(name) + " refresh publication"
                    + " with (copy_data = true)");
        } finally {
            if (!follower.jdbc().isClosed()) {
                run(follower, "set statement_timeout = 0");
            }
        }
    }

    private static void run(DbSession session, String sql) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute(sql);
        }
    }
}

package io.handover.pg;

import io.handover.model.Session;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Other people's sessions in the database one is connected to: who is there, who writes, who waits for whom;
/// and how they are ended.
///
/// Ours is who has both a pid of ours and a name of ours: a name alone anybody can choose, and a pid alone
/// may have been given to somebody else meanwhile. Without the right to see all of `pg_stat_activity` a
/// stranger's kind of backend is hidden; what is neither a WAL sender nor an apply worker then counts as a
/// client.
public final class Sessions {

    private static final String SELECT = """
            select a.pid, coalesce(a.usename, ''), coalesce(nullif(a.application_name, ''), a.backend_type, ''),
                   coalesce(host(a.client_addr), ''), coalesce(a.state, ''),
                   coalesce(extract(epoch from clock_timestamp() - a.xact_start), 0),
                   a.backend_xid is not null, coalesce(left(a.query, 200), '')
              from pg_catalog.pg_stat_activity a
            """;

    private static final String CLIENTS = SELECT + """
             where a.datname = current_database()
               and (a.backend_type = 'client backend'
                    or a.backend_type is null and a.usesysid is not null
                       and not exists (select from pg_catalog.pg_stat_replication r where r.pid = a.pid)
                       and not exists (select from pg_catalog.pg_stat_subscription s where s.pid = a.pid))
               and not (a.pid = any (?) and a.application_name like 'handover%%')
               and %s
             order by a.pid
            """;

    /// For `pg_roles r` of a session and `pg_roles me`.
    static final String MAY_END = """
            (me.rolsuper
             or not r.rolsuper and (pg_catalog.pg_has_role(r.oid, 'USAGE')
                                    or pg_catalog.pg_has_role('pg_signal_backend', 'USAGE')))
            """;

    private static final String ALL = CLIENTS.formatted("true");
    private static final String STALE = CLIENTS.formatted(
            "(select coalesce(" + StaleSessions.STALE + ", true) from handover.mark m where m.id = 1)");
    private static final String HOLDING = CLIENTS.formatted(
            "(a.backend_xmin is not null or a.backend_xid is not null or a.wait_event_type = 'Lock')");
    private static final String BEFORE = CLIENTS.formatted("coalesce(a.backend_start < ?::timestamptz, true)");

    private Sessions() {}

    /// All client sessions but ours.
    ///
    /// @param ours `Server.backends()`
    public static List<Session> others(Connection connection, Set<Integer> ours) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(ALL)) {
            query.setArray(1, connection.createArrayOf("int4", ours.toArray()));
            return list(query);
        }
    }

    /// Those that may have begun read-only since the mark was set, or of which that cannot be seen.
    static List<Session> stale(Connection connection, Set<Integer> ours) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(STALE)) {
            query.setArray(1, connection.createArrayOf("int4", ours.toArray()));
            return list(query);
        }
    }

    /// Those that began before `moment`, or of which that cannot be seen.
    public static List<Session> before(Connection connection, Set<Integer> ours, Instant moment) throws SQLException {
        return began(connection, BEFORE, ours, moment);
    }

    /// All client sessions but ours that have a snapshot or a transaction that wrote, or wait for a lock.
    public static List<Session> holding(Connection connection, Set<Integer> ours) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(HOLDING)) {
            query.setArray(1, connection.createArrayOf("int4", ours.toArray()));
            return list(query);
        }
    }

    /// Those of `sessions` that one of `roles` has logged in to, whoever it has become since.
    ///
    /// @param roles OIDs
    public static List<Session> ofRoles(Connection connection, List<Session> sessions, Set<Long> roles)
            throws SQLException {
        var pids = new HashSet<Integer>();
        try (PreparedStatement query = connection.prepareStatement(
                "select pid from pg_catalog.pg_stat_activity where usesysid::bigint = any (?)")) {
            query.setArray(1, connection.createArrayOf("int8", roles.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    pids.add(row.getInt(1));
                }
            }
        }
        return sessions.stream().filter(session -> pids.contains(session.pid())).toList();
    }

    /// Backends of any kind but ours that have a transaction that wrote; autovacuum writes no rows of
    /// anybody's.
    public static List<Session> writing(Connection connection, Set<Integer> ours) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(SELECT + """
                 where a.datname = current_database() and a.backend_xid is not null
                   and a.backend_type is distinct from 'autovacuum worker'
                   and not (a.pid = any (?) and a.application_name like 'handover%')
                 order by a.pid
                """)) {
            query.setArray(1, connection.createArrayOf("int4", ours.toArray()));
            return list(query);
        }
    }

    /// Whoever keeps `pid` waiting for a lock, whatever kind of backend.
    public static List<Session> blockersOf(Connection connection, int pid) throws SQLException {
        return related(connection, pid, "a.pid = any (pg_catalog.pg_blocking_pids(?))");
    }

    /// Whoever waits for a lock of `pid`.
    public static List<Session> waitingFor(Connection connection, int pid) throws SQLException {
        return related(connection, pid, "? = any (pg_catalog.pg_blocking_pids(a.pid))");
    }

    /// Whether `pid` sleeps in `pg_sleep`.
    static boolean sleeps(Connection connection, int pid) throws SQLException {
        return is(connection, pid, "state = 'active' and wait_event = 'PgSleep'");
    }

    /// Whether `pid` runs a statement.
    static boolean works(Connection connection, int pid) throws SQLException {
        return is(connection, pid, "state = 'active'");
    }

    private static boolean is(Connection connection, int pid, String condition) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select from pg_catalog.pg_stat_activity where pid = ? and " + condition)) {
            query.setInt(1, pid);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    /// Backends that are just starting in this database. Such a one may have read the database's settings
    /// already and be in no list of sessions yet; it holds a lock on the database until it is in the list.
    public static Set<Integer> starting(Connection connection) throws SQLException {
        return StaleSessions.starting(connection);
    }

    /// Transactions prepared in this database: name, owner and age, for people.
    public static List<String> prepared(Connection connection) throws SQLException {
        var names = new ArrayList<String>();
        try (PreparedStatement query = connection.prepareStatement("""
                        select quote_literal(gid) || ' of ' || owner || ', ' ||
                               extract(epoch from clock_timestamp() - prepared)::bigint || ' s'
                          from pg_catalog.pg_prepared_xacts where database = current_database() order by prepared
                        """);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    /// Which of `pids` our role may end: everybody's but a superuser's, if it may signal; its own in any
    /// case.
    public static Set<Integer> endable(Connection connection, Collection<Integer> pids) throws SQLException {
        var result = new HashSet<Integer>();
        try (PreparedStatement query = connection.prepareStatement("""
                select a.pid
                  from pg_catalog.pg_stat_activity a
                  join pg_catalog.pg_roles r on r.oid = a.usesysid
                  join pg_catalog.pg_roles me on me.rolname = current_user
                 where a.pid = any (?)
                   and %s
                """.formatted(MAY_END))) {
            query.setArray(1, connection.createArrayOf("int4", pids.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    result.add(row.getInt(1));
                }
            }
        }
        return result;
    }

    /// Tells the backends `pids` to end; returns at once, before they have.
    ///
    /// @throws SQLException `42501` if one of them may not be ended; the others may have been told
    public static void end(DbSession session, Collection<Integer> pids) throws SQLException {
        if (!pids.isEmpty()) {
            session.change("select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where pid in ("
                    + String.join(
                            ", ", pids.stream().sorted().map(String::valueOf).toList()) + ")");
        }
    }

    /// Tells whoever waits for a table that `pid` has locked, and may be ended by our role, to end: in one statement,
    /// because the application's first transaction on the new owner waits for it.
    ///
    /// @param most how many at most; the others go on waiting
    public static void endWaitingFor(DbSession session, int pid, int most) throws SQLException {
        session.change(endOfWaiting(pid, most));
    }

    /// Lets the server plan that and ends nobody: a session that reads the views about sessions and locks for the
    /// first time takes tens of milliseconds for it.
    public static void rehearseEnd(DbSession session, int pid) throws SQLException {
        try (Statement explain = session.jdbc().createStatement()) {
            explain.execute("explain " + endOfWaiting(pid, 1));
        }
    }

    private static String endOfWaiting(int pid, int most) {
        return """
                with l as (select * from pg_catalog.pg_locks where locktype = 'relation')
                select pg_catalog.pg_terminate_backend(x.pid)
                  from pg_catalog.unnest((
                      select (pg_catalog.array_agg(distinct a.pid))[1:%d]
                        from l w
                        join pg_catalog.pg_stat_activity a on a.pid = w.pid
                        join pg_catalog.pg_roles r on r.oid = a.usesysid
                        join pg_catalog.pg_roles me on me.rolname = current_user
                       where not w.granted
                         and w.database = (select oid from pg_catalog.pg_database where datname = current_database())
                         and w.relation = any (array(select h.relation from l h where h.pid = %d and h.granted))
                         and %s)) as x (pid)
                """.formatted(most, pid, MAY_END);
    }

    private static List<Session> began(Connection connection, String sql, Set<Integer> ours, Instant moment)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setArray(1, connection.createArrayOf("int4", ours.toArray()));
            query.setString(2, moment.toString());
            return list(query);
        }
    }

    private static List<Session> related(Connection connection, int pid, String condition) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(SELECT + " where " + condition + " order by a.pid")) {
            query.setInt(1, pid);
            return list(query);
        }
    }

    private static List<Session> list(PreparedStatement query) throws SQLException {
        var sessions = new ArrayList<Session>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                sessions.add(new Session(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        Duration.ofMillis((long) (row.getDouble(6) * 1000)),
                        row.getBoolean(7),
                        row.getString(8)));
            }
        }
        return sessions;
    }
}

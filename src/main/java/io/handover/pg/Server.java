package io.handover.pg;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.TlsMode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

/// One of the two servers: opens Handover's connections to it. Any thread.
///
/// All of them announce themselves as `handover …`, may write although the database is read-only by default,
/// are free of time-outs the administrator set for applications, see in each statement what was committed
/// before it whatever isolation is the default, use an empty search path, and are given names with quotes only where
/// they need them.
public final class Server implements AutoCloseable {

    /// `application_name` of every connection begins with this.
    public static final String APPLICATION = "handover";

    private static final String OPTIONS = "-c default_transaction_read_only=off -c statement_timeout=0"
            + " -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c search_path="
            + " -c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c bytea_output=hex"
            + " -c row_security=off -c default_transaction_isolation=read\\ committed"
            + " -c quote_all_identifiers=off";

    /// Settings that only newer servers have cannot be among the options of the connection: an older one
    /// refuses it. Compiling pays for none of our statements: of catalogues with thousands of tables the
    /// planner expects so much that it compiles for half a second what then takes ten milliseconds.
    private static final String BEGIN = """
            select pg_catalog.pg_backend_pid(), (
                select count(pg_catalog.set_config(name, case name when 'jit' then 'off' else '0' end, false))
                  from pg_catalog.pg_settings
                 where name in ('idle_session_timeout', 'transaction_timeout', 'jit'))
            """;

    private final Side side;
    private final Endpoint endpoint;
    private final SqlLog log;
    private final HikariDataSource monitor;
    private final Set<DbSession> open = ConcurrentHashMap.newKeySet();
    private final Set<Integer> monitors = ConcurrentHashMap.newKeySet();

    /// Makes no connection yet.
    public Server(Side side, Endpoint endpoint, SqlLog log) {
        this.side = side;
        this.endpoint = endpoint;
        this.log = log;
        this.monitor = new HikariDataSource(pool());
    }

    /// Which one it is.
    public Side side() {
        return side;
    }

    /// How it is reached.
    public Endpoint endpoint() {
        return endpoint;
    }

    /// The log its sessions write to.
    public SqlLog log() {
        return log;
    }

    /// A new connection for work, autocommit on. The caller closes it.
    ///
    /// @param purpose shown in `pg_stat_activity`, for example `copy 3`
    public DbSession open(String purpose) throws SQLException {
        return begin(properties(endpoint, purpose));
    }

    /// Like `open`, in the simple query protocol: for text that came from `pg_dump`.
    public DbSession openSimple(String purpose) throws SQLException {
        Properties properties = properties(endpoint, purpose);
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        return begin(properties);
    }

    /// A connection that speaks the replication protocol for this database.
    public Connection openReplication(String purpose) throws SQLException {
        Properties properties = properties(endpoint, purpose);
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.4");
        return connect(properties);
    }

    /// A pooled connection for monitoring: quick reads only. Five a server, apart from the work, so that a
    /// sample never queues behind a copy; waits at most 5 s for one.
    public Connection monitor() throws SQLException {
        Connection connection = monitor.getConnection();
        monitors.add(connection.unwrap(PGConnection.class).getBackendPID());
        return connection;
    }

    /// The backends of this object's own connections; may have some that are gone already, so that a number
    /// alone proves nothing: see `Sessions`.
    public Set<Integer> backends() {
        var pids = new HashSet<Integer>(monitors);
        open.forEach(session -> pids.add(session.pid()));
        return pids;
    }

    /// Tears all connections down at once, as the end of the process would: nothing is said to the server.
    public void abort() throws SQLException {
        for (DbSession session : open) {
            session.abort();
        }
        monitor.close();
    }

    @Override
    public void close() {
        monitor.close();
    }

    /// Tried twice where the server ends the session while it begins: whoever hands over, this program included, ends
    /// all that it does not know as its own, and one that is just beginning nobody knows yet.
    private DbSession begin(Properties properties) throws SQLException {
        try {
            return session(connect(properties));
        } catch (SQLException e) {
            if (SqlFailure.state(e).equals("57P01")) {
                return session(connect(properties));
            }
            throw e;
        }
    }

    private DbSession session(Connection connection) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(BEGIN)) {
            row.next();
            var session = new DbSession(side, connection, log, row.getInt(1), open::remove);
            open.add(session);
            return session;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private Connection connect(Properties properties) throws SQLException {
        return DriverManager.getConnection(url(), properties);
    }

    private String url() {
        return url(endpoint.profile());
    }

    /// What pgjdbc is told to connect to.
    static String url(Profile profile) {
        String host = profile.host().contains(":") ? "[" + profile.host() + "]" : profile.host();
        return "jdbc:postgresql://" + host + ":" + profile.port() + "/"
                + java.net.URLEncoder.encode(profile.database(), java.nio.charset.StandardCharsets.UTF_8)
                        .replace("+", "%20");
    }

    /// What pgjdbc is told to connect, TLS rules and all.
    static Properties properties(Endpoint endpoint, String purpose) {
        Profile profile = endpoint.profile();
        var properties = new Properties();
        PGProperty.USER.set(properties, profile.user());
        if (!endpoint.password().isNone()) {
            PGProperty.PASSWORD.set(properties, endpoint.password().reveal());
        }
        PGProperty.APPLICATION_NAME.set(properties, (APPLICATION + " " + purpose).strip());
        PGProperty.OPTIONS.set(properties, OPTIONS);
        PGProperty.CONNECT_TIMEOUT.set(properties, 10);
        PGProperty.LOGIN_TIMEOUT.set(properties, 15);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.SSL_MODE.set(properties, profile.tls().word());
        if (!profile.rootCertificate().isEmpty()) {
            PGProperty.SSL_ROOT_CERT.set(properties, profile.rootCertificate());
        } else if (profile.tls() == TlsMode.VERIFY_CA || profile.tls() == TlsMode.VERIFY_FULL) {
            PGProperty.SSL_FACTORY.set(properties, "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        return properties;
    }

    private HikariConfig pool() {
        var config = new HikariConfig();
        config.setPoolName("monitor-" + side.word());
        config.setJdbcUrl(url());
        config.setDataSourceProperties(properties(endpoint, "monitor"));
        config.setConnectionInitSql(BEGIN);
        config.setMaximumPoolSize(5);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
        config.setIdleTimeout(Duration.ofMinutes(1).toMillis());
        config.setInitializationFailTimeout(-1); // a server that is down is a reading, not a crash at the start
        config.setThreadFactory(NamedThreads.daemons("monitor-pool"));
        return config;
    }
}

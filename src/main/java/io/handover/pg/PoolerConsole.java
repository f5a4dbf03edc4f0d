package io.handover.pg;

import io.handover.model.Endpoint;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Logger;
import org.postgresql.PGProperty;

/// The administration console of a PgBouncer. It understands its own few commands, in the simple protocol only, and
/// says all errors with the same SQLSTATE. Not for two threads at once.
///
/// A paused database stays paused when the console's connection ends: only `resume` undoes it.
public final class PoolerConsole implements AutoCloseable {

    /// The driver's warning about a server that is none, at each connection. A field, because loggers are held weakly.
    private static final Logger DRIVER = Logger.getLogger("org.postgresql.jdbc.PgConnection");

    static {
        DRIVER.setFilter(warning -> !"Unsupported Server Version: {0}".equals(warning.getMessage()));
    }

    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final Connection connection;
    private final String words;
    private final String user;
    private final Side side;
    private final SqlLog log;

    private PoolerConsole(Connection connection, String words, String user, Side side, SqlLog log) {
        this.connection = connection;
        this.words = words;
        this.user = user;
        this.side = side;
        this.log = log;
    }

    /// What PgBouncer says about one of its databases.
    ///
    /// @param version      for example `PgBouncer 1.18.0`
    /// @param admin        whether the console's user may pause
    /// @param pointsTo     where it sends the clients, `host:port/database`; empty if it has no such database
    /// @param paused       whether its clients wait
    /// @param poolMode     `session`, `transaction` or `statement`
    /// @param clients      clients that are connected now
    /// @param waitingLimit how long a client may wait before it is disconnected; zero for ever
    public record Reading(
            String version,
            boolean admin,
            Optional<String> pointsTo,
            boolean paused,
            String poolMode,
            int clients,
            Duration waitingLimit) {}

    /// Connects; an answer that takes longer than 5 s is an error.
    ///
    /// @param side whose clients it serves, for the log
    public static PoolerConsole open(Endpoint console, Side side, SqlLog log) throws SQLException {
        Profile profile = console.profile();
        Properties properties = Server.properties(console, "console");
        properties.remove(PGProperty.OPTIONS.getName()); // it refuses what it does not know
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        // The driver's first SET, which the console refuses, is left out for replication; and a connection is made one
        // for
        // servers from 9.4 on only.
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.0");
        PGProperty.CONNECT_TIMEOUT.set(properties, (int) ANSWER.toSeconds());
        PGProperty.LOGIN_TIMEOUT.set(properties, (int) ANSWER.toSeconds());
        PGProperty.SOCKET_TIMEOUT.set(properties, (int) ANSWER.toSeconds());
        Connection connection = DriverManager.getConnection(Server.url(profile), properties);
        String host = profile.host().contains(":") ? "[" + profile.host() + "]" : profile.host();
        return new PoolerConsole(connection, "PgBouncer " + host + ":" + profile.port(), profile.user(), side, log);
    }

    /// Asks about `database`; changes nothing.
    public Reading read(String database) throws SQLException {
        Map<String, String> config = config();
        boolean admin = Arrays.stream(config.getOrDefault("admin_users", "").split(","))
                .map(String::strip)
                .anyMatch(user::equals);
        Optional<Entry> entry = entry(database);
        String mode = entry.map(Entry::poolMode)
                .filter(word -> !word.isEmpty())
                .orElse(config.getOrDefault("pool_mode", "session"));
        int clients = 0;
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("show pools")) {
            while (row.next()) {
                if (database.equals(row.getString("database"))) {
                    clients += row.getInt("cl_active") + row.getInt("cl_waiting");
                    mode = "session".equals(row.getString("pool_mode")) ? "session" : mode;
                }
            }
        }
        double seconds = Double.parseDouble(config.getOrDefault("query_wait_timeout", "120"));
        return new Reading(
                version(),
                admin,
                entry.map(Entry::pointsTo),
                entry.isPresent() && entry.get().paused(),
                mode,
                clients,
                Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /// Where it sends the clients of `database` now, `host:port/database`; empty if it has no such database.
    public Optional<String> pointsTo(String database) throws SQLException {
        return entry(database).map(Entry::pointsTo);
    }

    /// Has the clients of `database` wait, once their transactions have ended. If that takes longer than `limit` they
    /// wait all the same, and this console is of no use any more: open another one and `resume`.
    ///
    /// @return false if `limit` passed
    /// @throws SQLException if it refused, or the connection was lost: it may have paused
    public boolean pause(String database, Duration limit) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) Math.max(1, limit.toMillis()));
        long end = System.nanoTime() + limit.toNanos();
        try {
            command("PAUSE " + SqlNames.quoted(database));
        } catch (SQLException e) {
            if (SqlFailure.connectionLost(e) && System.nanoTime() >= end) {
                return false;
            }
            throw e;
        }
        connection.setNetworkTimeout(Runnable::run, (int) ANSWER.toMillis());
        return true;
    }

    /// Has it read its configuration again.
    public void reload() throws SQLException {
        command("RELOAD");
    }

    /// Lets the clients of `database` go on; nothing happens if they do not wait.
    ///
    /// @return whether they had waited
    public boolean resume(String database) throws SQLException {
        if (entry(database).filter(Entry::paused).isEmpty()) {
            return false;
        }
        command("RESUME " + SqlNames.quoted(database));
        return true;
    }

    /// Ends the connection; what is paused stays so.
    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private record Entry(String pointsTo, boolean paused, String poolMode) {}

    private Optional<Entry> entry(String database) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("show databases")) {
            while (row.next()) {
                if (database.equals(row.getString("name"))) {
                    String to = text(row, "host") + ":" + text(row, "port") + "/" + text(row, "database");
                    return Optional.of(new Entry(to, row.getInt("paused") != 0, text(row, "pool_mode")));
                }
            }
            return Optional.empty();
        }
    }

    private void command(String command) throws SQLException {
        SqlRecord entry = log.began(side, command + " -- on the console of " + words);
        try (Statement statement = connection.createStatement()) {
            statement.execute(command);
            log.done(entry, "");
        } catch (SQLException e) {
            log.failed(entry, e.getSQLState() + " " + e.getMessage());
            throw e;
        }
    }

    private Map<String, String> config() throws SQLException {
        var config = new HashMap<String, String>();
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("show config")) {
            while (row.next()) {
                config.put(row.getString("key"), text(row, "value"));
            }
        }
        return config;
    }

    private String version() throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("show version")) {
            return row.next() ? text(row, "version") : "";
        }
    }

    private static String text(ResultSet row, String column) throws SQLException {
        String value = row.getString(column);
        return value == null ? "" : value;
    }
}

package io.handover.testkit;

import io.handover.demo.DemoServer;
import io.handover.demo.ServerBinaries;
import io.handover.model.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A real server for tests: one of each version for the whole run, and a fresh database for each test.
///
/// ```java
/// var server = PgServer.major("15");
/// var database = server.newDatabase();
/// try (var db = server.open(database)) { … }
/// server.drop(database); // if the test made subscriptions or slots; otherwise it may stay
/// ```
public sealed class PgServer permits PgServer.Dedicated {

    private static final Map<Integer, PgServer> SHARED = new ConcurrentHashMap<>();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    final DemoServer server;

    private PgServer(DemoServer server) {
        this.server = server;
    }

    /// The server of that version that all tests share; started when first asked for, ended with the JVM.
    public static PgServer major(String major) {
        return SHARED.computeIfAbsent(Integer.valueOf(major), number -> new PgServer(start(number, Map.of())));
    }

    /// A server for one test alone, which may crash it or change its settings; the caller closes it.
    public static Dedicated dedicated(String major) {
        return dedicated(major, Map.of());
    }

    /// The same with settings in `postgresql.conf`, for example `Map.of("wal_level", "replica")`.
    public static Dedicated dedicated(String major, Map<String, String> settings) {
        return new Dedicated(start(Integer.parseInt(major), settings));
    }

    /// A new empty database; its name is unique in the run and needs no quotes.
    public String newDatabase() {
        return create("test_" + DATABASES.incrementAndGet());
    }

    /// A new empty database whose name has a quote, an apostrophe, spaces, capitals, a backslash, URL characters and
    /// an emoji: for whatever builds a statement, a connection string or a file name of it.
    public String newHostileDatabase() {
        return create("We\"ird d'b \\ %41?&=/# 🐘 " + DATABASES.incrementAndGet());
    }

    /// A new connection as superuser, in autocommit; the caller closes it.
    public Connection open(String database) throws SQLException {
        return server.open(database);
    }

    /// How to reach `database` as superuser; the password is full of characters that need quoting.
    public Endpoint endpoint(String database) {
        return server.endpoint(database);
    }

    /// The major version as a number.
    public int majorNumber() {
        return server.major();
    }

    /// The TCP port on 127.0.0.1.
    public int port() {
        return server.port();
    }

    /// The server's log file.
    public Path log() {
        return server.log();
    }

    /// Removes `database` with all that would keep it: its subscriptions, its slots and everybody connected.
    /// A subscription's slot on the other server stays; dropping that server's database removes it.
    public void drop(String database) throws SQLException, InterruptedException {
        try (var db = open(database);
                var sql = db.createStatement()) {
            sql.execute("set session characteristics as transaction read write"); // it may have been handed over
            for (String name : names(db, """
                    select quote_ident(subname) from pg_subscription s join pg_database d on d.oid = s.subdbid
                     where d.datname = current_database()""")) {
                sql.execute("alter subscription " + name + " disable");
                sql.execute("alter subscription " + name + " set (slot_name = none)");
                sql.execute("drop subscription " + name);
            }
        }
        try (var db = open(DemoServer.USER);
                var sql = db.createStatement()) {
            String literal = "'" + database.replace("'", "''") + "'";
            sql.execute("alter database " + quoted(database) + " with allow_connections false");
            Eventually.await(Duration.ofSeconds(20), "nobody uses the slots of " + database, () -> {
                sql.execute("select pg_terminate_backend(active_pid) from pg_replication_slots"
                        + " where active and database = " + literal);
                return names(db, "select slot_name from pg_replication_slots where active and database = " + literal)
                        .isEmpty();
            });
            if (majorNumber() < 13) {
                Eventually.await(Duration.ofSeconds(20), "nobody is left in " + database, () -> {
                    sql.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = " + literal);
                    return names(db, "select pid from pg_stat_activity where datname = " + literal)
                            .isEmpty();
                });
            }
            sql.execute("drop database " + quoted(database)
                    + (majorNumber() < 13 ? "" : " with (force)")); // takes the slots along
        }
    }

    /// Identifier in double quotes.
    public static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    private String create(String database) {
        try (var db = open(DemoServer.USER);
                var sql = db.createStatement()) {
            sql.execute("create database " + quoted(database) + " template template0");
            return database;
        } catch (SQLException e) {
            throw new IllegalStateException("no database " + database + " on PostgreSQL " + server.major(), e);
        }
    }

    private static List<String> names(Connection db, String query) throws SQLException {
        var names = new ArrayList<String>();
        try (var sql = db.createStatement();
                var rows = sql.executeQuery(query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static DemoServer start(int major, Map<String, String> settings) {
        try {
            return DemoServer.start(ServerBinaries.of(major), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL " + major + " was starting", e);
        }
    }

    /// A server that belongs to one test.
    public static final class Dedicated extends PgServer implements AutoCloseable {

        private Dedicated(DemoServer server) {
            super(server);
        }

        /// Stops it in good order; its data stay.
        public void stop() throws IOException, InterruptedException {
            server.stop();
        }

        /// Ends all its processes as a power cut would.
        public void crash() throws IOException, InterruptedException {
            server.crash();
        }

        /// Starts it again on the same data and port.
        public void restart() throws IOException, InterruptedException {
            server.restart();
        }

        /// Ends it and removes its data.
        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}

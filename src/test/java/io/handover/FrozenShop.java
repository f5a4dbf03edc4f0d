package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
import io.handover.model.Side;
import io.handover.testkit.DatabasePair;
import io.handover.testkit.Eventually;
import io.handover.testkit.Pace;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// A migration that streams, made by commands in processes of their own, and an application that logs in as
/// two roles which a freeze by role names. Its writers are as a bad pool: they keep a session as long as it
/// is connected, whatever error it gives them.
final class FrozenShop implements AutoCloseable {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String SETTINGS = "{work_mem=2MB,default_transaction_read_only=off,lock_timeout=30s}";

    private final NamedThreads threads = new NamedThreads(_ -> {});
    private final DatabasePair pair = DatabasePair.of("15", "17");
    private final Endpoint source = pair.source();
    private final Endpoint target = pair.target();
    private final Path folder;
    private final AtomicReference<Side> pointsTo = new AtomicReference<>(Side.SOURCE);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    private final List<Future<?>> writers = new ArrayList<>();
    private final ExecutorService pool;
    private final List<String> roles;

    FrozenShop(Path folder) throws Exception {
        this.folder = folder;
        String database = source.profile().database();
        roles = List.of("app 'of' \"" + database + "\" \\ %I", "jobs of " + database);
        for (Side side : Side.values()) {
            for (String role : roles) {
                pair.run(side, "create role " + PgServer.quoted(role) + " login password 'secret'");
            }
        }
        pair.run(
                Side.SOURCE,
                "create table ledger (number bigint primary key, note text)",
                "create table balance (id int primary key, n bigint not null)",
                "insert into balance select g, 0 from generate_series(1, 20) g");
        for (String role : roles) {
            pair.run(Side.SOURCE, "grant select, insert, update on ledger, balance to " + PgServer.quoted(role));
        }
        String first = "alter role " + PgServer.quoted(roles.getFirst()) + " in database " + database + " set ";
        pair.run(
                Side.SOURCE,
                first + "work_mem = '2MB'",
                first + "default_transaction_read_only = off",
                first + "lock_timeout = '30s'");
        var migrate = AppProcess.start(folder, "migrate", source, target, "--keep-grants", "--until", "verified");
        assertEquals(0, migrate.end(), migrate::told);
        pool = threads.pool("writers", roles.size());
        for (int i = 0; i < roles.size(); i++) {
            int writer = i;
            writers.add(pool.submit(() -> write(writer)));
        }
    }

    /// Hands over by role, with a deadline of five seconds.
    AppProcess cutover(String hook) throws Exception {
        return cutover(hook, 5);
    }

    AppProcess cutover(String hook, int deadline) throws Exception {
        var more = new ArrayList<>(List.of(
                "--yes", "--deadline", String.valueOf(deadline), "--hook-switch", hook, "--freeze", "NAMED_ROLES"));
        for (String role : roles) {
            more.addAll(List.of("--freeze-role", role));
        }
        return AppProcess.start(folder, "cutover", source, target, more.toArray(String[]::new));
    }

    /// Hands back, with the hook of the cutover.
    AppProcess rollback() throws Exception {
        return AppProcess.start(folder, "rollback", source, target, "--yes");
    }

    /// Starting it again decides what a kill left open.
    void assertOwnedAfterStatus(Side side) throws Exception {
        var status = AppProcess.start(folder, "status", source, target, "--json");
        assertEquals(0, status.end(), status::told);
        assertTrue(status.result().contains("\"owner\" : \"" + side.word() + "\""), status::told);
    }

    /// Until it is rolled back, nobody can change a setting of a role on the source; log-ins read them all the same.
    Connection holdSettings() throws SQLException {
        var connection = pair.open(Side.SOURCE);
        connection.setAutoCommit(false);
        try (var sql = connection.createStatement()) {
            sql.execute("lock table pg_catalog.pg_db_role_setting in share mode");
        }
        return connection;
    }

    /// Queues for the mark behind the transaction that is changing it: nobody changes it again after that
    /// one. By a lock that writes nothing, as a transaction that writes stops the cutover.
    HeldMark holdMarkNext(Side side) throws Exception {
        var connection = pair.open(side);
        connection.setAutoCommit(false);
        ExecutorService thread = threads.single("mark");
        Future<?> held = thread.submit(() -> {
            try (var sql = connection.createStatement()) {
                sql.execute("lock table handover.mark in share mode");
            }
            return null;
        });
        thread.shutdown();
        Eventually.await(LONG, "it queues", () -> waits(side, "lock table handover.mark in share mode"));
        return new HeldMark(connection, held);
    }

    /// @param connection holds it in a transaction
    /// @param got        done when it does
    record HeldMark(Connection connection, Future<?> got) implements AutoCloseable {

        void held() throws Exception {
            got.get(1, TimeUnit.MINUTES);
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /// Waits until Handover's statement like `pattern` waits for a lock.
    void awaitStatement(Side side, String pattern, AppProcess process) throws InterruptedException {
        Eventually.await(LONG, pattern + " waits", () -> waits(side, pattern) || !process.isAlive());
        assertTrue(process.isAlive(), process::told);
    }

    void endStatement(Side side, String pattern) throws SQLException, InterruptedException {
        pair.ask(side, "select count(pg_terminate_backend(pid)) " + WAITS.formatted(literal(pattern)));
        Eventually.await(LONG, "it is gone", () -> !waits(side, pattern));
    }

    private static final String WAITS = """
            from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
             and pid <> pg_backend_pid() and query like %s""";

    private boolean waits(Side side, String pattern) throws SQLException {
        return !pair.ask(side, "select count(*) " + WAITS.formatted(literal(pattern)))
                .equals("0");
    }

    String markState(Side side) throws SQLException {
        return pair.ask(side, "select coalesce((select state from handover.mark), 'none')");
    }

    /// Whether both roles are read-only by default there.
    boolean frozen(Side side) throws SQLException {
        return settings(side).stream().allMatch(setting -> setting.contains("default_transaction_read_only=on"));
    }

    /// The servers have given back what was taken, without anybody's help; then the next start finds no fault.
    void assertAsBefore(Side side, String killed) throws Exception {
        Eventually.await(
                LONG,
                "the mark is back, and everybody's session can write: killed " + killed,
                () -> pair.ask(side, "select count(*) from handover.mark where state = 'owns' and marked_at is null")
                        .equals("1"));
        assertSettingsAsBefore(side);
        more();
        assertOwnedAfterStatus(side);
        assertSettingsAsBefore(side);
        more();
    }

    void assertSettingsAsBefore(Side side) throws SQLException {
        assertEquals(List.of(SETTINGS, ""), settings(side), "exactly as before");
        assertEquals("0", pair.ask(side, "select count(*) from handover.frozen_role where read_only"));
    }

    /// The roles are read-only on `side`, and on the other not.
    void assertFrozenAlone(Side side) throws SQLException {
        assertTrue(frozen(side), () -> settingsOrThrow(side));
        assertTrue(settings(side.other()).stream().noneMatch(s -> s.contains("read_only=on")));
    }

    void goTo(Side side) throws InterruptedException {
        pointsTo.set(side);
        more();
    }

    /// Each writer gets its transactions through again.
    void more() throws InterruptedException {
        for (int i = 0; i < roles.size(); i++) {
            int writer = i;
            long before = count(writer);
            Eventually.await(LONG, "writer " + writer + " writes", () -> count(writer) > before + 10);
        }
    }

    /// Nothing that was acknowledged is missing anywhere, and each transaction is there as a whole and once.
    void assertExact() throws Exception {
        stop.set(true);
        for (Future<?> writer : writers) {
            writer.get();
        }
        String sums =
                "select (select count(*) || ' ' || sum(number) from ledger) || ' ' || (select sum(n) from balance)";
        Eventually.await(
                LONG, "both sides are equal", () -> pair.ask(Side.SOURCE, sums).equals(pair.ask(Side.TARGET, sums)));
        for (Side side : Side.values()) {
            assertEquals(Set.of(), missing(side));
            assertEquals(pair.ask(side, "select count(*) from ledger"), pair.ask(side, "select sum(n) from balance"));
        }
    }

    private Set<Long> missing(Side side) throws SQLException {
        var missing = new HashSet<>(acknowledged);
        try (var connection = pair.open(side);
                var sql = connection.createStatement();
                var rows = sql.executeQuery("select number from ledger")) {
            while (rows.next()) {
                missing.remove(rows.getLong(1));
            }
        }
        return missing;
    }

    private long count(int writer) {
        return acknowledged.stream().filter(n -> n % roles.size() == writer).count();
    }

    private void write(int writer) {
        long number = writer;
        while (!stop.get()) {
            Side side = pointsTo.get();
            try (Connection connection = openAs(side, roles.get(writer));
                    var sql = connection.createStatement()) {
                while (!stop.get() && pointsTo.get() == side && connection.isValid(5)) {
                    number += roles.size(); // never used twice: what became of one that failed is not known
                    try {
                        sql.execute("insert into ledger values (" + number + ", repeat('x', 50))");
                        sql.execute("update balance set n = n + 1 where id = " + (1 + number % 20));
                        connection.commit();
                        acknowledged.add(number);
                        Pace.rest();
                    } catch (SQLException _) {
                        connection.rollback();
                        LockSupport.parkNanos(5_000_000);
                    }
                }
            } catch (SQLException _) {
                LockSupport.parkNanos(5_000_000); // ended, or not let in: it comes again
            }
        }
    }

    private Connection openAs(Side side, String role) throws SQLException {
        var at = (side == Side.SOURCE ? source : target).profile();
        var connection = DriverManager.getConnection(
                "jdbc:postgresql://" + at.host() + ":" + at.port() + "/" + at.database(), role, "secret");
        connection.setAutoCommit(false);
        return connection;
    }

    private List<String> settings(Side side) throws SQLException {
        var settings = new ArrayList<String>();
        for (String role : roles) {
            settings.add(pair.ask(
                    side,
                    "select coalesce((select s.setconfig::text from pg_db_role_setting s"
                            + " join pg_database d on d.oid = s.setdatabase and d.datname = current_database()"
                            + " join pg_roles r on r.oid = s.setrole and r.rolname = " + literal(role) + "), '')"));
        }
        return settings;
    }

    private String settingsOrThrow(Side side) {
        try {
            return settings(side).toString();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    @Override
    public void close() throws SQLException {
        stop.set(true);
        pool.shutdownNow();
        try {
            assertTrue(pool.awaitTermination(1, TimeUnit.MINUTES));
            pair.drop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a test is cleared away", e);
        }
        for (Side side : Side.values()) {
            try (var db = pair.server(side).open("postgres");
                    var sql = db.createStatement()) {
                for (String role : roles) {
                    sql.execute("drop role if exists " + PgServer.quoted(role));
                }
            }
        }
    }
}

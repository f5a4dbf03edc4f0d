package io.handover.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
import io.handover.testkit.Eventually;
import io.handover.testkit.LateSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaleSessionsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @ParameterizedTest
    @ValueSource(strings = {"10", "13", "15", "18"})
    void whoWasLoggingInWhenTheDatabaseBecameReadOnlyIsEnded(String major) throws Exception {
        try (var at = new Ownership(major);
                var before = at.application()) {
            at.attempt(1).arm(LONG);
            try (Connection late = readOnlyByASlowLogIn(at)) {
                assertTrue(at.attempt(1).takeBack());

                assertTrue(StaleSessions.end(at.control, at.server.backends(), LONG));

                Eventually.await(LONG, "the late one is ended", () -> !late.isValid(5));
                assertTrue(Ownership.writes(before), "who was in the list before stays, however young");
            }
        }
    }

    @Test
    void theWatchdogEndsItAsWell() throws Exception {
        try (var at = new Ownership("15");
                var before = at.application();
                var locks = at.server.open("freeze")) {
            at.attempt(1).arm(Duration.ofSeconds(3));
            try (var watchdog = Watchdog.start(at.server, Ownership.ID, 1, locks, threads);
                    Connection late = readOnlyByASlowLogIn(at)) {
                assertFalse(watchdog.ended(), "the deadline is yet to come");

                Eventually.await(LONG, "the late one is ended", () -> !late.isValid(5));
                assertTrue(Ownership.writes(before), "who was in the list before stays, however young");
                assertEquals(Mark.State.OWNS, at.mark().state());
            }
        }
    }

    /// It has read the settings, but hangs where a conversion is looked up, before it enters the list.
    @Test
    void whoIsJustStartingIsWaitedFor() throws Exception {
        try (var at = new Ownership("15");
                var holder = at.application()) {
            at.attempt(1).arm(LONG);
            at.attempt(1).handOver(Duration.ZERO);
            holder.setAutoCommit(false);
            try (var lock = holder.createStatement()) {
                lock.execute("lock table pg_catalog.pg_conversion in access exclusive mode");
            }
            Process psql = psql(at.pg.endpoint(at.database));
            Eventually.await(
                    LONG,
                    "it is just starting",
                    () -> !Sessions.starting(at.control.jdbc()).isEmpty());
            assertTrue(at.attempt(1).takeBack());

            assertFalse(
                    StaleSessions.end(at.control, at.server.backends(), Duration.ofMillis(100)),
                    "it cannot be ended yet, and that is said");
            var ended = threads.single("end").submit(() -> StaleSessions.end(at.control, at.server.backends(), LONG));
            TimeUnit.MILLISECONDS.sleep(200);
            assertFalse(ended.isDone());
            holder.rollback();

            assertTrue(ended.get());
            assertTrue(psql.waitFor(1, TimeUnit.MINUTES));
            assertThat(new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("terminating connection");
        }
    }

    private Connection readOnlyByASlowLogIn(Ownership at) throws Exception {
        LateSocket.hold();
        var opening = threads.single("late").submit(() -> lateConnection(at.pg.endpoint(at.database)));
        LateSocket.awaitFork();
        assertTrue(at.attempt(1).handOver(Duration.ZERO));
        LateSocket.goOn();
        Connection late = opening.get();
        assertFalse(Ownership.writes(late), "it has read the settings as they were after the mark");
        return late;
    }

    private static Connection lateConnection(Endpoint at) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", at.profile().user());
        properties.setProperty("password", at.password().reveal());
        properties.setProperty("PGDBNAME", at.profile().database());
        properties.setProperty("sslmode", "prefer");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("socketFactory", LateSocket.class.getName());
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + at.profile().port() + "/", properties);
    }

    private static Process psql(Endpoint at) throws IOException, InterruptedException {
        var command = new ProcessBuilder("psql", "-X", "-c", "select pg_sleep(30)").redirectErrorStream(true);
        var environment = command.environment();
        environment.put("PGHOST", "127.0.0.1");
        environment.put("PGPORT", String.valueOf(at.profile().port()));
        environment.put("PGUSER", at.profile().user());
        environment.put("PGPASSWORD", at.password().reveal());
        environment.put("PGDATABASE", at.profile().database());
        environment.put("PGCLIENTENCODING", "LATIN1");
        Process started;
        try {
            started = command.start();
        } catch (IOException _) {
            assumeTrue(false, "no psql is installed");
            throw new IllegalStateException();
        }
        return started;
    }
}

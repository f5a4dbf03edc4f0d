package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchdogTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final TableRef TABLE = new TableRef("public", "written");

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @ParameterizedTest
    @ValueSource(strings = {"10", "13", "15", "17", "18"})
    void itOutlivesItsClientAndGivesEverythingBack(String major) throws Exception {
        try (var at = new Ownership(major);
                var writer = at.application();
                var waiting = at.application();
                var judge = at.application()) {
            assertTrue(Ownership.writes(writer));
            var locks = at.server.open("freeze");
            at.attempt(1).arm(Duration.ofSeconds(3));
            var watchdog = Watchdog.start(at.server, Ownership.ID, 1, locks, threads);
            Eventually.await(LONG, "the watchdog sleeps", () -> watchdog.sleeps(at.control));
            var lock = new FreezeLock(locks, List.of(TABLE), LONG);
            assertTrue(lock.reserve(LONG) && lock.take(LONG));
            assertTrue(at.attempt(1).handOver(Duration.ZERO));
            var readOnly = at.application();
            assertFalse(Ownership.writes(readOnly));
            var written = threads.single("waiting writer").submit(() -> Ownership.writes(waiting));

            at.server.abort(); // the app is gone, with every connection

            assertTrue(written.get(), "who waited for the lock has written in the end");
            Eventually.await(
                    LONG,
                    "the mark is back",
                    () -> Mark.read(judge).orElseThrow().state() == Mark.State.OWNS);
            assertEquals(Optional.empty(), ReadOnlyDefault.ofDatabase(judge));
            Eventually.await(LONG, "who began read-only was ended", () -> !readOnly.isValid(5));
            try (var fresh = at.application()) {
                assertTrue(Ownership.writes(fresh));
            }
            Eventually.await(LONG, "nobody of Handover's is left", () -> ours(judge) == 0);
        }
    }

    @Test
    void itLetsAConfirmedOneAloneAndEndsByItself() throws Exception {
        try (var at = new Ownership("15")) {
            var locks = at.server.open("freeze");
            at.attempt(1).arm(LONG);
            try (var watchdog = Watchdog.start(at.server, Ownership.ID, 1, locks, threads)) {
                Eventually.await(LONG, "the watchdog sleeps", () -> watchdog.sleeps(at.control));
                at.attempt(1).handOver(Duration.ZERO);
                assertTrue(at.attempt(1).confirm(FreezeLock.Guard.none()));
                Eventually.await(LONG, "it sees that nothing is left to watch", watchdog::ended);
                assertEquals(Mark.State.HANDED_OVER, at.mark().state());
                assertEquals(Optional.of("on"), at.readOnlyDefault());
                assertTrue(locks.jdbc().isValid(5));
            }
        }
    }

    @Test
    void itHeedsADeadlineThatWasSetAnew() throws Exception {
        try (var at = new Ownership("15")) {
            var locks = at.server.open("freeze");
            at.attempt(1).arm(LONG);
            try (var watchdog = Watchdog.start(at.server, Ownership.ID, 1, locks, threads)) {
                Eventually.await(LONG, "the watchdog sleeps", () -> watchdog.sleeps(at.control));
                assertTrue(at.attempt(1).setDeadline(Duration.ofMillis(50)));
                Eventually.await(
                        Duration.ofSeconds(10), "taken back", () -> at.mark().state() == Mark.State.OWNS);
            }
        }
    }

    @Test
    void confirmingWithoutTheLocksFails() throws Exception {
        try (var at = new Ownership("15");
                var writer = at.application()) {
            assertTrue(Ownership.writes(writer));
            var locks = at.server.open("freeze");
            var lock = new FreezeLock(locks, List.of(TABLE), LONG);
            assertTrue(lock.reserve(LONG));
            assertTrue(lock.take(LONG));
            at.attempt(1).arm(LONG);
            at.attempt(1).handOver(Duration.ZERO);
            Sessions.end(at.control, List.of(locks.pid()));
            Eventually.await(
                    LONG, "the lock session is gone", () -> !locks.jdbc().isValid(5));

            assertFalse(at.attempt(1).confirm(lock.guard()));
            assertTrue(at.attempt(1).takeBack());
        }
    }

    /// The deadline lies right at the confirmation, again and again: whoever wins, mark and default agree.
    @Test
    void watchdogAndConfirmationNeverBothWin() throws Exception {
        int confirmed = 0;
        int rounds = 50;
        try (var at = new Ownership("15");
                var second = at.server.openSimple("second")) {
            var locks = at.server.open("freeze");
            for (int epoch = 1; epoch <= rounds; epoch++) {
                var attempt = at.attempt(epoch);
                assertTrue(attempt.arm(LONG));
                assertTrue(attempt.handOver(Duration.ZERO));
                var deadline = deadlineIn(at, Duration.ofMillis(150 + epoch % 25));
                try (var watchdog = Watchdog.start(at.server, Ownership.ID, epoch, locks, threads)) {
                    boolean won = confirmAt(deadline, epoch % 6 - 4, second, epoch);
                    Eventually.await(LONG, "the watchdog has decided", watchdog::ended);
                    assertEquals(
                            won ? Mark.State.HANDED_OVER : Mark.State.OWNS,
                            at.mark().state(),
                            "round " + epoch);
                    assertEquals(won ? Optional.of("on") : Optional.empty(), at.readOnlyDefault(), "round " + epoch);
                    confirmed += won ? 1 : 0;
                }
                if (!locks.jdbc().isValid(5)) {
                    locks = at.server.open("freeze");
                }
                at.control.change("update handover.mark set state = 'owns', owner = 'source'");
                ReadOnlyDefault.putBack(at.control, Optional.empty());
            }
        }
        assertTrue(confirmed < rounds, "the last of six comes after the deadline");
    }

    /// A deadline after the time the watchdog needs to start.
    private static String deadlineIn(Ownership at, Duration fromNow) throws SQLException {
        at.control.change("update handover.mark set deadline = clock_timestamp() + interval '" + fromNow.toMillis()
                + " milliseconds'");
        return at.mark().deadline().orElseThrow().toString();
    }

    /// Waits on the server until `millis` after the deadline, before it if negative, then confirms.
    private static boolean confirmAt(String deadline, int millis, DbSession session, long epoch) throws SQLException {
        session.change(
                "select pg_sleep(greatest(0, extract(epoch from '%s'::timestamptz - clock_timestamp()) + %d / 1000.0))"
                        .formatted(deadline, millis));
        return new MarkChange(session, Ownership.ID, Side.SOURCE, epoch).confirm(FreezeLock.Guard.none());
    }

    private static int ours(Connection judge) throws SQLException {
        try (var sql = judge.createStatement();
                var row = sql.executeQuery("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and application_name like 'handover%' and application_name <> 'handover demo'")) {
            row.next();
            return row.getInt(1);
        }
    }
}

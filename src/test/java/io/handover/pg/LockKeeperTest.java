package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.TableRef;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The keeper of the locks when it is the last one left: this program is dead, and somebody has ended the watchdog.
class LockKeeperTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final TableRef TABLE = new TableRef("public", "written");

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @ParameterizedTest
    @ValueSource(strings = {"10", "13", "15", "18"})
    void itTakesTheMarkBackAndEndsWhoBeganReadOnly(String major) throws Exception {
        try (var at = new Ownership(major);
                var before = at.application();
                var waiting = at.application();
                var judge = at.application()) {
            assertTrue(Ownership.writes(before));
            DbSession locks = frozen(at);
            at.attempt(1).arm(DEADLINE);
            assertTrue(at.attempt(1).handOver(Duration.ZERO));
            keep(at, locks, Optional.empty());
            var readOnly = at.application();
            assertFalse(Ownership.writes(readOnly));
            var written = threads.single("waiting writer").submit(() -> Ownership.writes(waiting));

            at.server.abort();

            assertTrue(written.get(), "who waited for the lock has written in the end");
            assertGivenBack(judge);
            assertEquals(Optional.empty(), ReadOnlyDefault.ofDatabase(judge));
            Eventually.await(LONG, "who began read-only was ended", () -> !readOnly.isValid(5));
            try (var fresh = at.application()) {
                assertTrue(Ownership.writes(fresh));
            }
            assertTrue(before.isValid(5) && judge.isValid(5), "who began before stays");
        }
    }

    @Test
    void byRoleItEndsTheirSessionsAlone() throws Exception {
        try (var at = new Ownership("15");
                var judge = at.application()) {
            String role = "keeper_" + at.pg.port() + "_" + System.nanoTime();
            String inHere = "alter role " + role + " in database " + SqlNames.quoted(at.database);
            assertTrue(Ownership.writes(judge));
            at.control.change("create role " + role + " login password 'secret'");
            at.control.change("grant insert on public.written to " + role);
            at.control.change(inHere + " set default_transaction_read_only = off");
            try {
                long oid = FreezeRoles.find(at.control.jdbc(), List.of(role))
                        .getFirst()
                        .oid();
                DbSession locks = frozen(at);
                at.attempt(1).arm(DEADLINE);
                assertTrue(at.attempt(1).handOver(Set.of(oid), Duration.ZERO));
                keep(at, locks, Optional.of(Set.of(oid)));
                try (var readOnly = login(at, role);
                        var other = at.application()) {
                    at.server.abort();

                    assertGivenBack(judge);
                    Eventually.await(LONG, "who began read-only was ended", () -> !readOnly.isValid(5));
                    assertTrue(other.isValid(5), "of no named role");
                    try (var sql = judge.createStatement();
                            var row = sql.executeQuery("select (select s.setconfig::text from pg_db_role_setting s"
                                    + " where s.setrole = " + oid + "), (select count(*) from handover.frozen_role)")) {
                        row.next();
                        assertEquals("{default_transaction_read_only=off}", row.getString(1), "as before");
                        assertEquals(0, row.getInt(2), "and forgotten");
                    }
                }
            } finally {
                try (var sql = judge.createStatement()) {
                    sql.execute("drop owned by " + role);
                    sql.execute("drop role " + role);
                }
            }
        }
    }

    /// Somebody else has taken it back and looks after the sessions; the application is on new ones by then.
    @Test
    void itEndsNobodyIfSomebodyElseTookItBack() throws Exception {
        try (var at = new Ownership("15")) {
            try (var writer = at.application()) {
                assertTrue(Ownership.writes(writer));
            }
            DbSession locks = frozen(at);
            at.attempt(1).arm(LONG);
            assertTrue(at.attempt(1).handOver(Duration.ZERO));
            LockKeeper keeper = keep(at, locks, Optional.empty());
            try (var readOnly = at.application()) {
                assertTrue(at.attempt(1).takeBack());

                assertTrue(keeper.letGo(LONG));
                assertTrue(readOnly.isValid(5), "its end is the business of whoever took it back");
                assertTrue(at.mark().markedAt().isPresent());
            }
        }
    }

    private static DbSession frozen(Ownership at) throws SQLException {
        DbSession locks = at.server.openSimple("freeze");
        Durability.withoutLimits(locks);
        var lock = new FreezeLock(locks, List.of(TABLE), LONG);
        assertTrue(lock.reserve(LONG) && lock.take(LONG));
        return locks;
    }

    private LockKeeper keep(Ownership at, DbSession locks, Optional<Set<Long>> roles)
            throws SQLException, InterruptedException {
        String cutoff = LockWaits.now(at.control.jdbc());
        WriteGuard.prepare(at.control);
        LockKeeper keeper =
                LockKeeper.start(locks, Ownership.ID, 1, at.server.backends(), cutoff, roles, List.of(TABLE), threads);
        assertTrue(keeper.keeps(at.control, LONG));
        return keeper;
    }

    private static void assertGivenBack(Connection judge) throws InterruptedException {
        Eventually.await(
                LONG,
                "the mark is back, and since when it was read-only is forgotten",
                () -> Mark.read(judge)
                        .filter(mark -> mark.state() == Mark.State.OWNS
                                && mark.markedAt().isEmpty())
                        .isPresent());
    }

    private static Connection login(Ownership at, String role) throws SQLException {
        var to = at.pg.endpoint(at.database).profile();
        var properties = new java.util.Properties();
        properties.setProperty("user", role);
        properties.setProperty("password", "secret");
        properties.setProperty("PGDBNAME", at.database);
        return DriverManager.getConnection("jdbc:postgresql://" + to.host() + ":" + to.port() + "/", properties);
    }
}

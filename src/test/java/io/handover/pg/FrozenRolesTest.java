package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Scope;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a freeze by role could leave behind: a role that stays read-only, or has another setting than before,
/// because somebody died, raced, or changed the roles meanwhile.
class FrozenRolesTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final NamedThreads threads = new NamedThreads(_ -> {});

    @ParameterizedTest
    @ValueSource(strings = {"13", "15", "18"})
    void theWatchdogPutsEachRoleBackAndEndsTheirSessionsAlone(String major) throws Exception {
        try (var at = new Ownership(major);
                var roles = new Roles(at);
                var judge = at.application()) {
            long[] frozen = roles.oids("none", "on", "off", "more", "renamed", "dropped", "again");
            var locks = at.server.open("freeze");
            var attempt = at.attempt(1);
            assertTrue(attempt.arm(Duration.ofSeconds(4)));
            var watchdog = Watchdog.start(at.server, Ownership.ID, 1, locks, threads);
            Eventually.await(LONG, "the watchdog sleeps", () -> watchdog.sleeps(at.control));
            assertTrue(attempt.handOver(list(frozen), Duration.ZERO));
            for (String role : List.of("none", "on", "off", "renamed")) {
                assertEquals("{default_transaction_read_only=on}", roles.setting(role), role);
            }
            var stale = roles.open("none");
            assertFalse(mayWrite(stale));
            var other = roles.open("other");
            assertTrue(mayWrite(other), "a role that is not named is not read-only");
            assertEquals(Optional.empty(), at.readOnlyDefault());
            roles.run("alter role %s rename to %s", roles.name("renamed"), roles.name("new name"));
            roles.run("drop role %s", roles.name("dropped"));
            roles.run("drop role %s", roles.name("again"));
            roles.run("create role %s login", roles.name("again"));
            roles.run(
                    "alter role %s in database " + SqlNames.quoted(at.database)
                            + " set default_transaction_read_only = true",
                    roles.name("again"));

            at.server.abort(); // the app is gone, with every connection

            Eventually.await(
                    LONG,
                    "the mark is back, and its sessions ended",
                    () -> Mark.read(judge).orElseThrow().state() == Mark.State.OWNS
                            && Mark.read(judge).orElseThrow().markedAt().isEmpty());
            assertEquals("", roles.setting("none"));
            assertEquals("{default_transaction_read_only=on}", roles.setting("on"));
            assertEquals("{default_transaction_read_only=off}", roles.setting("off"));
            assertEquals("{work_mem=1MB,default_transaction_read_only=false}", roles.setting("more"));
            assertEquals("", roles.setting("new name"));
            assertEquals("{default_transaction_read_only=true}", roles.setting("again"), "another role: never changed");
            assertFalse(stale.isValid(5), "it would stay read-only");
            assertTrue(mayWrite(other), "nobody has ended it");
            assertEquals(List.of(), FrozenRoles.left(judge));
            assertEquals(Optional.empty(), FrozenRoles.stale(judge));
        }
    }

    /// The deadline lies right at the confirmation, again and again: whoever wins, mark and role agree.
    @Test
    void watchdogAndConfirmationNeverBothWin() throws Exception {
        int confirmed = 0;
        int rounds = 30;
        try (var at = new Ownership("15");
                var roles = new Roles(at)) {
            long[] frozen = roles.oids("off");
            var locks = at.server.open("freeze");
            for (int epoch = 1; epoch <= rounds; epoch++) {
                var attempt = at.attempt(epoch);
                assertTrue(attempt.arm(LONG));
                assertTrue(attempt.handOver(list(frozen), Duration.ZERO));
                at.control.change(
                        "update handover.mark set deadline = clock_timestamp() + interval '250 milliseconds'");
                try (var watchdog = Watchdog.start(at.server, Ownership.ID, epoch, locks, threads)) {
                    at.control.change("select pg_sleep(greatest(0, extract(epoch from deadline - clock_timestamp())"
                            + " + %d / 1000.0)) from handover.mark".formatted(epoch % 6 - 4));
                    boolean won = attempt.confirm(FreezeLock.Guard.none());
                    Eventually.await(LONG, "the watchdog has decided", watchdog::ended);
                    assertEquals(
                            won ? Mark.State.HANDED_OVER : Mark.State.OWNS,
                            at.mark().state(),
                            "round " + epoch);
                    assertEquals(
                            "{default_transaction_read_only=" + (won ? "on" : "off") + "}",
                            roles.setting("off"),
                            "round " + epoch);
                    confirmed += won ? 1 : 0;
                }
                if (!locks.jdbc().isValid(5)) {
                    locks = at.server.open("freeze");
                }
                at.control.change("update handover.mark set state = 'owns', owner = 'source'");
                FrozenRoles.putBack(at.control);
                assertEquals("{default_transaction_read_only=off}", roles.setting("off"));
            }
        }
        assertTrue(confirmed < rounds, "the last of six comes after the deadline");
    }

    /// Somebody is just altering one of them: the server must be given back all the same, and the role later.
    @Test
    void aRoleThatCannotBePutBackKeepsNothingFromBeingTakenBack() throws Exception {
        try (var at = new Ownership("15");
                var roles = new Roles(at);
                var holder = at.pg.open(at.database);
                var sql = holder.createStatement()) {
            assertTrue(at.attempt(1).arm(LONG));
            assertTrue(at.attempt(1).handOver(list(roles.oids("off", "on", "none")), Duration.ZERO));
            holder.setAutoCommit(false);
            sql.execute("alter role " + roles.name("off") + " in database " + SqlNames.quoted(at.database)
                    + " set work_mem = '2MB'");

            assertTrue(at.attempt(1).takeBack());

            assertEquals(Mark.State.OWNS, at.mark().state());
            assertEquals("", roles.setting("none"));
            assertEquals(1, FrozenRoles.left(at.control.jdbc()).size());
            at.attempt(1).forgetReadOnly();
            holder.rollback();
            assertEquals("{default_transaction_read_only=on}", roles.setting("off"));

            // the next attempt finds it read-only by the first one, which is not how it was before
            assertTrue(at.attempt(2).arm(LONG));
            assertTrue(at.attempt(2).handOver(list(roles.oids("off")), Duration.ZERO));
            assertTrue(at.attempt(2).takeBack());
            assertEquals("{default_transaction_read_only=off}", roles.setting("off"));
            assertEquals(List.of(), FrozenRoles.left(at.control.jdbc()));
        }
    }

    /// The client dies while the server is between the mark and the roles, past the deadline too.
    @Test
    void aClientThatDiesBetweenTheMarkAndTheRolesLeavesNoRoleReadOnly() throws Exception {
        try (var at = new Ownership("15");
                var roles = new Roles(at);
                var judge = at.application();
                var holder = at.pg.open(at.database);
                var sql = holder.createStatement()) {
            long[] frozen = roles.oids("off", "none");
            var locks = at.server.open("freeze");
            assertTrue(at.attempt(1).arm(Duration.ofSeconds(3)));
            var watchdog = Watchdog.start(at.server, Ownership.ID, 1, locks, threads);
            Eventually.await(LONG, "the watchdog sleeps", () -> watchdog.sleeps(at.control));
            holder.setAutoCommit(false);
            sql.execute("alter role " + roles.name("off") + " in database " + SqlNames.quoted(at.database)
                    + " set work_mem = '2MB'");
            var thread = threads.single("freezing");
            var freezing = thread.submit(() -> at.attempt(1).handOver(list(frozen), Duration.ZERO));
            Eventually.await(
                    LONG, "it has moved the mark and waits for the role", () -> waits(judge, "do $handover$%"));
            at.server.abort();
            assertThrows(ExecutionException.class, freezing::get, "nobody hears of it");
            Eventually.await(LONG, "the watchdog waits for the mark's row", () -> waits(judge, "begin;%"));

            holder.rollback();

            Eventually.await(
                    LONG,
                    "all is back",
                    () -> Mark.read(judge).orElseThrow().state() == Mark.State.OWNS
                            && FrozenRoles.left(judge).isEmpty());
            assertEquals("{default_transaction_read_only=off}", roles.setting("off"));
            assertEquals("", roles.setting("none"));
            thread.shutdownNow();
        }
    }

    private static boolean waits(Connection judge, String query) throws SQLException {
        try (var sql = judge.prepareStatement("select from pg_stat_activity where datname = current_database()"
                + " and wait_event_type = 'Lock' and query like ?")) {
            sql.setString(1, query);
            try (var row = sql.executeQuery()) {
                return row.next();
            }
        }
    }

    @Test
    void whatIsLeftIsPutBackByTheNextOneWhoAsks() throws Exception {
        try (var at = new Ownership("15");
                var roles = new Roles(at);
                var holder = at.pg.open(at.database);
                var sql = holder.createStatement()) {
            assertTrue(at.attempt(1).arm(LONG));
            assertTrue(at.attempt(1).handOver(list(roles.oids("off", "none")), Duration.ZERO));
            holder.setAutoCommit(false);
            sql.execute("alter role " + roles.name("off") + " in database " + SqlNames.quoted(at.database)
                    + " set work_mem = '2MB'");
            assertTrue(at.attempt(1).takeBack());
            holder.rollback();
            assertTrue(at.attempt(1).takeBack(), "asked once more, as an undo after a restart does");
            assertEquals("{default_transaction_read_only=off}", roles.setting("off"));
            assertEquals(List.of(), FrozenRoles.left(at.control.jdbc()));
        }
    }

    @Test
    void whoMayNotIsToldSoAndARehearsalChangesNothing() throws Exception {
        try (var at = new Ownership("18");
                var roles = new Roles(at)) {
            roles.run("alter role %s createrole", roles.name("other"));
            String superuser = at.server.endpoint().profile().user();
            try (var plain = roles.open("other")) {
                for (var role : FreezeRoles.find(plain, List.of(roles.plain("off"), superuser, roles.plain("other")))) {
                    assertEquals(role.name().equals(roles.plain("other")), role.alterable(), role::toString);
                }
            }
            var found = FreezeRoles.find(at.control.jdbc(), List.of(roles.plain("off"), "nobody"));
            assertEquals(
                    List.of(roles.plain("off")),
                    found.stream().map(FreezeRoles.Role::name).toList());
            FreezeRoles.rehearse(at.control, found.getFirst());
            assertEquals("{default_transaction_read_only=off}", roles.setting("off"));
        }
    }

    @Test
    void thoseToChooseFromHaveSessionsOrWriteHere() throws Exception {
        try (var at = new Ownership("15");
                var roles = new Roles(at)) {
            roles.run("create table public.held (id int)");
            roles.run("grant insert on public.held to %s", roles.name("on"));
            roles.run("grant select on public.held to %s", roles.name("off"));
            roles.run("create unlogged table public.volatile (id int)");
            Map<String, Boolean> writes = new HashMap<>();
            try (var reader = roles.open("none")) {
                assertTrue(reader.isValid(5));
                for (var role : FreezeRoles.candidates(at.control.jdbc())) {
                    writes.put(role.name(), role.writes());
                }
            }
            assertFalse(writes.get(roles.plain("none")), "it has a session");
            assertTrue(writes.get(roles.plain("on")));
            assertFalse(writes.containsKey(roles.plain("off")));
            assertEquals(
                    List.of("the unlogged table public.volatile"),
                    FreezeRoles.unguarded(at.control.jdbc(), Scope.everything()));
            roles.run("select lo_create(0)");
            assertTrue(
                    FreezeRoles.unguarded(at.control.jdbc(), Scope.everything()).contains("large objects"));
        }
    }

    private static List<Long> list(long[] oids) {
        return java.util.Arrays.stream(oids).boxed().toList();
    }

    private static boolean mayWrite(Connection connection) throws SQLException {
        try (var sql = connection.createStatement();
                var row = sql.executeQuery("show transaction_read_only")) {
            return row.next() && row.getString(1).equals("off");
        }
    }

    /// Roles with names that nobody should have, each with a setting of its own, or none.
    private static final class Roles implements AutoCloseable {
        private final Ownership at;
        private final String suffix = UUID.randomUUID().toString().substring(0, 8);
        private final List<String> all =
                List.of("none", "on", "off", "more", "renamed", "dropped", "again", "other", "new name");

        Roles(Ownership at) throws SQLException {
            this.at = at;
            for (String role : all.subList(0, all.size() - 1)) {
                run("create role %s login password 'secret'", name(role));
            }
            set("on", "default_transaction_read_only = on");
            set("off", "default_transaction_read_only = off");
            set("more", "work_mem = '1MB'");
            set("more", "default_transaction_read_only = false");
            set("dropped", "default_transaction_read_only = off");
            set("again", "default_transaction_read_only = off");
        }

        private void set(String role, String what) throws SQLException {
            run(
                    "alter role %s in database " + SqlNames.quoted(at.database).replace("%", "%%") + " set " + what,
                    name(role));
        }

        String plain(String role) {
            return role + " $handover$ \"' %I \\ " + suffix;
        }

        String name(String role) {
            return SqlNames.quoted(plain(role));
        }

        void run(String statement, String... names) throws SQLException {
            try (var connection = at.pg.open(at.database);
                    var sql = connection.createStatement()) {
                String text = statement;
                for (String name : names) {
                    int at = text.indexOf("%s");
                    text = text.substring(0, at) + name + text.substring(at + 2);
                }
                sql.execute(text.replace("%%", "%"));
            }
        }

        long[] oids(String... roles) throws SQLException {
            return FreezeRoles.find(
                            at.control.jdbc(),
                            java.util.Arrays.stream(roles).map(this::plain).toList())
                    .stream()
                    .mapToLong(FreezeRoles.Role::oid)
                    .toArray();
        }

        String setting(String role) throws SQLException {
            try (var connection = at.pg.open(at.database);
                    var query = connection.prepareStatement("select s.setconfig::text from pg_db_role_setting s"
                            + " join pg_database d on d.oid = s.setdatabase and d.datname = current_database()"
                            + " join pg_roles r on r.oid = s.setrole and r.rolname = ?")) {
                query.setString(1, plain(role));
                try (var row = query.executeQuery()) {
                    return row.next() ? row.getString(1) : "";
                }
            }
        }

        Connection open(String role) throws SQLException {
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + at.pg.port() + "/"
                            + java.net.URLEncoder.encode(at.database, java.nio.charset.StandardCharsets.UTF_8),
                    plain(role),
                    "secret");
        }

        @Override
        public void close() throws SQLException {
            for (String role : all) {
                try (var connection = at.pg.open(at.database);
                        var sql = connection.createStatement();
                        var query = connection.prepareStatement("select 1 from pg_roles where rolname = ?")) {
                    query.setString(1, plain(role));
                    if (query.executeQuery().next()) {
                        sql.execute("drop owned by " + name(role));
                        sql.execute("drop role " + name(role));
                    }
                }
            }
        }
    }
}

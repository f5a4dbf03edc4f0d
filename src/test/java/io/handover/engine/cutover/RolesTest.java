package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import io.handover.testkit.Pace;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Applications that write as whoever they like, and come back at once whenever they are ended. What
/// could go wrong: a
/// right, or a setting of a role that goes before the database's, gets one of them past the freeze,
/// and the row it was
/// told is committed stays behind on the old owner.
class RolesTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /// Who they are: how they log in, and what they say first. `%s` is the roles' suffix.
    private enum Who {
        /// Has the right only by becoming a member of the group.
        MEMBER_WITHOUT_INHERITANCE(51, "member_%s", "set role group_%s"),
        /// Owns the table, and nothing else.
        OWNER_OF_ONE_TABLE(52, "owner_%s", ""),
        /// Its own setting of the role in this database goes before that of the database.
        WITH_A_SETTING_OF_ITS_OWN(53, "set_%s", ""),
        SUPERUSER(54, "", "set default_transaction_read_only = off"),
        SUPERUSER_AS_ANOTHER(55, "", "set role set_%s"),
        SUPERUSER_WITHOUT_TRIGGERS(56, "", "set session_replication_role = replica"),
        SUPERUSER_IN_ANOTHERS_SESSION(57, "", "set session authorization set_%s");

        private final int writer;
        private final String login;
        private final String first;

        Who(int writer, String login, String first) {
            this.writer = writer;
            this.login = login;
            this.first = first;
        }
    }

    @ParameterizedTest
    @EnumSource(FreezeMethod.class)
    void whoeverWritesIsOnTheNewOwnerOrWasRefused(FreezeMethod method) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(method, DEADLINE, Hooks.none());
                var roles = new Roles(world);
                var writers = new Writers(world, roles)) {
            Eventually.await(LONG, "each of them writes", () -> writers.least() > 10);
            var outcome = world.step(Side.SOURCE).run(context);
            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);

            int[] before = writers.refused();
            Eventually.await(LONG, "each of them is refused again and again", () -> writers.refusedSince(before) > 5);
            writers.end();

            var there = new HashSet<String>();
            try (var connection = world.open(Side.TARGET);
                    var sql = connection.createStatement();
                    var rows = sql.executeQuery("select note || ' ' || number from ledger where writer >= 50")) {
                while (rows.next()) {
                    there.add(rows.getString(1));
                }
            }
            for (Who who : Who.values()) {
                var lost = new HashSet<>(writers.done.get(who));
                lost.removeAll(there);
                assertEquals(Set.of(), lost, () -> who + " was told that these are committed");
            }
            assertEquals(
                    List.of(),
                    context.cutovers().getLast().notes().stream()
                            .filter(note -> note.contains("ATTENTION"))
                            .toList());
            world.write(Side.TARGET, 1, 1);
            world.same();
        }
    }

    /// Made for one test on the source's server.
    private static final class Roles implements AutoCloseable {
        private final CutoverWorld world;
        private final String suffix;

        Roles(CutoverWorld world) throws SQLException {
            this.world = world;
            suffix = world.plan().id().value();
            run("create role group_%s nologin", "grant select, insert on ledger to group_%s");
            run("create role member_%s login noinherit password 'secret' in role group_%s");
            run("create role owner_%s login password 'secret'", "alter table ledger owner to owner_%s");
            run("grant select, insert on ledger to group_%s");
            run("create role set_%s login password 'secret' in role group_%s");
            for (String role : List.of("member", "owner", "set")) {
                run("alter role " + role + "_%s set default_transaction_read_only = off");
                run("alter role " + role + "_%s in database \""
                        + world.plan().source().database() + "\" set default_transaction_read_only = off");
            }
        }

        private void run(String... statements) throws SQLException {
            try (var connection = world.open(Side.SOURCE);
                    var sql = connection.createStatement()) {
                for (String statement : statements) {
                    sql.execute("set default_transaction_read_only = off");
                    sql.execute(statement.replace("%s", suffix));
                }
            }
        }

        Connection open(Who who) throws SQLException {
            if (who.login.isEmpty()) {
                return world.open(Side.SOURCE);
            }
            var source = world.plan().source();
            return DriverManager.getConnection(
                    "jdbc:postgresql://" + source.host() + ":" + source.port() + "/" + source.database(),
                    who.login.replace("%s", suffix),
                    "secret");
        }

        @Override
        public void close() throws SQLException {
            // the old owner is guarded against what drops tables: the guard goes first
            run("do $$ declare e name; begin for e in select evtname from pg_event_trigger loop"
                    + " execute 'drop event trigger ' || quote_ident(e); end loop; end $$");
            run("reassign owned by owner_%s to current_user");
            for (String role : List.of("owner", "member", "set", "group")) {
                run("drop owned by " + role + "_%s", "drop role " + role + "_%s");
            }
        }
    }

    private static final class Writers implements AutoCloseable {
        final Map<Who, Set<String>> done = new EnumMap<>(Who.class);
        private final Map<Who, AtomicInteger> refused = new EnumMap<>(Who.class);
        private final AtomicBoolean stop = new AtomicBoolean();
        private final ExecutorService threads;
        private final List<Future<?>> running = new ArrayList<>();

        Writers(CutoverWorld world, Roles roles) {
            threads = world.threads.pool("roles", Who.values().length);
            for (Who who : Who.values()) {
                done.put(who, ConcurrentHashMap.newKeySet());
                refused.put(who, new AtomicInteger());
            }
            for (Who who : Who.values()) {
                running.add(threads.submit(() -> write(roles, who)));
            }
        }

        private void write(Roles roles, Who who) {
            long number = 0;
            while (!stop.get()) {
                try (Connection connection = roles.open(who);
                        var sql = connection.createStatement()) {
                    if (!who.first.isEmpty()) {
                        sql.execute(who.first.replace("%s", roles.suffix));
                    }
                    for (int i = 0; i < 20 && !stop.get(); i++) {
                        number++; // never twice: whether a broken commit succeeded nobody knows
                        sql.execute("begin read write");
                        sql.execute("insert into ledger values (" + who.writer + ", " + number + ", '" + who + "')");
                        sql.execute("commit");
                        done.get(who).add(who + " " + number);
                        Pace.rest();
                    }
                } catch (SQLException _) {
                    refused.get(who).incrementAndGet();
                }
            }
        }

        int least() {
            return done.values().stream().mapToInt(Set::size).min().orElse(0);
        }

        int[] refused() {
            return refused.values().stream().mapToInt(AtomicInteger::get).toArray();
        }

        int refusedSince(int[] before) {
            int[] now = refused();
            int least = Integer.MAX_VALUE;
            for (int i = 0; i < now.length; i++) {
                least = Math.min(least, now[i] - before[i]);
            }
            return least;
        }

        void end() throws Exception {
            stop.set(true);
            for (Future<?> writer : running) {
                writer.get();
            }
        }

        @Override
        public void close() {
            stop.set(true);
            threads.shutdownNow();
            assertTrue(threads.isShutdown());
        }
    }
}

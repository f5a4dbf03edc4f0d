package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.DiscardStep;
import io.handover.engine.step.RetireStep;
import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.flow.Gate;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.LargeObjects;
import io.handover.pg.LateObjects;
import io.handover.pg.SqlNames;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The freeze by role: what others than the named could lose, and what could stay behind of it.
/// `CutoverStepTest`, `CutoverKillTest`, `RolesTest` and `StragglersTest` try it with the same as the other
/// methods.
class NamedRolesTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String OFF = "{default_transaction_read_only=off}";
    private static final String ON = "{default_transaction_read_only=on}";

    @ParameterizedTest
    @CsvSource({"15, 18", "13, 17"})
    void othersKeepTheirSessionsAndNothingIsLostThereBackAndThereAgain(String from, String to) throws Exception {
        try (var world = new CutoverWorld(from, to);
                var roles = new Roles(world);
                var context = roles.plan();
                var reader = new Reader(world, roles);
                var ledger = new Ledger(world, world.threads, 3, Side.SOURCE, side -> roles.open(side, "app"));
                var job = new Job(world, roles)) {
            roles.set(Side.SOURCE, "app", "off");
            Eventually.await(LONG, "all write", () -> ledger.count() > 50 && job.done.size() > 20);
            assertEquals(Optional.of(OFF), roles.setting(Side.SOURCE));

            handOver(world, context, ledger, Side.SOURCE);
            assertEquals(Optional.of(ON), roles.setting(Side.SOURCE));
            assertEquals(Optional.empty(), roles.setting(Side.TARGET));
            assertEquals(Optional.empty(), world.readOnlyDefault(Side.SOURCE));
            int refused = job.refused.get();
            Eventually.await(LONG, "who is not named is refused", () -> job.refused.get() > refused + 10);
            job.end();
            more(ledger);

            handOver(world, context, ledger, Side.TARGET);
            assertEquals(Optional.of(OFF), roles.setting(Side.SOURCE), "exactly as before");
            assertEquals(Optional.of(ON), roles.setting(Side.TARGET));
            more(ledger);

            handOver(world, context, ledger, Side.SOURCE);
            assertEquals(Optional.of(ON), roles.setting(Side.SOURCE));
            assertEquals(Optional.empty(), roles.setting(Side.TARGET));
            more(ledger);
            ledger.end();
            assertEquals(Set.of(), ledger.missingOn(Side.TARGET));
            assertEquals(Set.of(), job.missingOn(Side.TARGET));
            reader.end();
            assertEquals(0, reader.failed.get(), "a role that is not named reads on, in the same session");
            assertTrue(reader.read.get() > 100);
            world.same();
        }
    }

    @Test
    void whoIsNotNamedWritesNothingAfterwardsWhateverItHoldsOnTo() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new Roles(world);
                var context = roles.plan();
                var idle = roles.open(Side.SOURCE, "other");
                var between = roles.open(Side.SOURCE, "other");
                var snapshot = roles.open(Side.SOURCE, "other");
                var waiting = roles.open(Side.SOURCE, "other");
                var judge = world.open(Side.SOURCE)) {
            between.setAutoCommit(false);
            run(between, "select count(*) from ledger");
            snapshot.setAutoCommit(false);
            run(snapshot, "set transaction isolation level repeatable read");
            run(snapshot, "select count(*) from ledger"); // to it the mark is not there
            ExecutorService thread = world.threads.single("waiting");
            Future<?>[] write = new Future<?>[1];
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.FENCE_PLANTED) {
                    write[0] = thread.submit(() -> {
                        waiting.setAutoCommit(false);
                        run(waiting, "set transaction isolation level repeatable read");
                        run(waiting, "insert into ledger values (7, 7, 'lost')");
                        waiting.commit();
                        return null;
                    });
                    waits(judge);
                }
            }));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));

            assertThrows(java.util.concurrent.ExecutionException.class, () -> write[0].get());
            assertThrows(SQLException.class, () -> run(snapshot, "insert into ledger values (7, 8, 'lost')"));
            assertTrue(idle.isValid(5) && between.isValid(5), "who holds no snapshot keeps its session");
            for (Connection session : List.of(idle, between)) {
                var refusal = assertThrows(
                        SQLException.class, () -> run(session, "insert into ledger values (7, 9, 'lost')"));
                assertEquals("25006", refusal.getSQLState(), refusal::getMessage);
            }
            thread.shutdownNow();
            world.write(Side.TARGET, 1, 1);
            world.same();
            assertEquals("1", world.ask(Side.TARGET, "select count(*) from ledger"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "on", "off"})
    void anUndoPutsTheRoleBackAndEndsItsNewSessionsAlone(String before) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new Roles(world);
                var context = roles.plan();
                var other = roles.open(Side.SOURCE, "other")) {
            roles.set(Side.SOURCE, "app", before);
            Optional<String> was = roles.setting(Side.SOURCE);
            var sessions = new Connection[3];
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.DEADLINE) {
                    sessions[0] = roles.openOrThrow("app");
                }
                if (point == Point.SESSIONS_ENDED) {
                    assertFalse(valid(sessions[0]), "it began before the mark");
                    sessions[1] = roles.openOrThrow("app");
                    sessions[2] = roles.openOrThrow("other");
                }
                if (point == Point.REVERSE_SLOT) {
                    end(world, "handover cutover locks");
                }
            }));
            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));
            assertEquals("taken-back", failed.problem().code(), failed::toString);

            assertEquals(was, roles.setting(Side.SOURCE));
            assertFalse(valid(sessions[1]), "it would stay read-only");
            assertTrue(valid(sessions[2]) && valid(other), "of no named role");
            assertEquals("0", world.ask(Side.SOURCE, "select count(*) from handover.frozen_role"));
            var discarded = new DiscardStep().run(context);
            assertInstanceOf(StepOutcome.Done.class, discarded, discarded::toString);
            assertEquals(was, roles.setting(Side.SOURCE));
            sessions[2].close();
        }
    }

    /// An undo could not reach the role; whoever gives the migration up must.
    @Test
    void discardPutsBackWhatAnUndoCouldNot() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new Roles(world);
                var context = roles.plan();
                var holder = world.open(Side.SOURCE)) {
            roles.set(Side.SOURCE, "app", "off");
            holder.setAutoCommit(false);
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.REVERSE_SLOT) {
                    runOrThrow(
                            holder,
                            "alter role " + roles.name("app") + " in database "
                                    + SqlNames.quoted(world.plan().source().database()) + " set work_mem = '2MB'");
                    end(world, "handover cutover locks");
                }
            }));
            assertInstanceOf(StepOutcome.Failed.class, step.run(context));
            var notes = context.cutovers().getLast().notes();
            assertTrue(
                    notes.stream().anyMatch(note -> note.contains("ATTENTION") && note.contains(roles.name("app"))),
                    notes::toString);
            world.write(Side.SOURCE, 1, 1); // and nobody else is held up
            assertEquals(Optional.of(ON), roles.setting(Side.SOURCE));
            holder.rollback();
            holder.setAutoCommit(true);

            var discarded = new DiscardStep().run(context);
            assertInstanceOf(StepOutcome.Done.class, discarded, discarded::toString);
            assertEquals(Optional.of(OFF), roles.setting(Side.SOURCE));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void retirePutsTheRoleBackUnlessTheOldDatabaseIsToStayReadOnly(boolean stays) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new Roles(world);
                var context = roles.plan()) {
            roles.set(Side.SOURCE, "app", "off");
            assertInstanceOf(StepOutcome.Done.class, world.step(Side.SOURCE).run(context));
            assertEquals(Optional.of(ON), roles.setting(Side.SOURCE));
            var retired = new RetireStep(Side.TARGET, stays).run(context);
            assertInstanceOf(StepOutcome.Done.class, retired, retired::toString);
            assertEquals(Optional.of(stays ? ON : OFF), roles.setting(Side.SOURCE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"select lo_create(0)", "create unlogged table public.volatile (id int)"})
    void whatNeitherLocksNorTriggersHoldIsFoundInThePauseToo(String made) throws Exception {
        refused(made, "freeze-roles");
    }

    @Test
    void aTableThatIsMadeInThePauseIsNotLeftBehind() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new Roles(world);
                var context = roles.plan();
                var dba = world.open(Side.SOURCE)) {
            String[] state = new String[1];
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.REVERSE_SLOT) {
                    state[0] = assertThrows(SQLException.class, () -> run(dba, "create table public.late (id int)"))
                            .getSQLState();
                }
            }));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));
            assertEquals("25006", state[0]);
        }
        refused("set session_replication_role = origin; create table public.late (id int)", "freeze-roles");
    }

    /// @param made before the mark, when nothing refuses it yet
    private static void refused(String made, String code) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new Roles(world);
                var context = roles.plan();
                var dba = world.open(Side.SOURCE)) {
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.DEADLINE) {
                    runOrThrow(dba, made);
                }
            }));
            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));
            assertEquals(code, failed.problem().code(), failed::toString);
            assertEquals(Optional.empty(), roles.setting(Side.SOURCE));
            world.write(Side.SOURCE, 1, 1);
        }
    }

    /// Nothing can hold it back, so it is told, like a row that was written too late.
    @Test
    void aLargeObjectThatIsMadeOnTheOldOwnerAfterwardsIsToldAndNothingTakesItAway() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new Roles(world);
                var context = roles.plan();
                var other = roles.open(Side.SOURCE, "other")) {
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.RELEASED) {
                    runOrThrow(other, "select lo_from_bytea(987654, 'late')");
                }
            }));
            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));
            assertEquals(Problem.LATE_WRITES, failed.problem().code(), failed::toString);
            assertTrue(failed.problem().details().contains("987654"), failed::toString);
            assertTrue(failed.problem().details().contains(roles.plain("other")), failed::toString);
            assertTrue(failed.problem().action().contains("select lo_unlink(987654);"), failed::toString);
            assertEquals(Side.TARGET, world.owner(), "it is handed over all the same, and followed");
            assertEquals(
                    "0",
                    world.ask(
                            Side.SOURCE,
                            "select count(*) from pg_replication_slots where database = current_database()"),
                    "no slot has to stay for it");
            world.write(Side.TARGET, 1, 1);
            world.same();

            try (var from = context.server(Side.TARGET).open("test");
                    var to = context.server(Side.SOURCE).open("test")) {
                from.change("select lo_from_bytea(55, 'new')");
                LargeObjects.sync(from, to, new Gate()); // as a roll back does
                assertEquals(
                        List.of("large object 987654 of " + roles.plain("other")),
                        LateObjects.read(to.jdbc(), from.jdbc()));
                assertEquals("late", world.ask(Side.SOURCE, "select convert_from(lo_get(987654), 'UTF8')"));
                assertEquals("new", world.ask(Side.SOURCE, "select convert_from(lo_get(55), 'UTF8')"));
            }
            var retired = new RetireStep(Side.TARGET, false).run(context);
            assertInstanceOf(StepOutcome.Done.class, retired, retired::toString);
            assertTrue(
                    context.lines().stream()
                            .anyMatch(line -> line instanceof TestContext.Line.Note(String text)
                                    && text.contains("987654")
                                    && text.contains("ATTENTION")),
                    context.lines()::toString);
            run(other, "select lo_unlink(987654)");
        }
    }

    /// Readers would have to wait behind it until the deadline.
    @Test
    void whoWantsATableForItselfAloneDoesNotKeepReadersWaiting() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var roles = new Roles(world);
                var context = roles.plan();
                var dba = world.open(Side.SOURCE);
                var judge = world.open(Side.SOURCE)) {
            ExecutorService thread = world.threads.single("truncate");
            Future<?>[] truncate = new Future<?>[1];
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.REVERSE_SLOT) {
                    truncate[0] = thread.submit(() -> {
                        run(dba, "truncate ledger");
                        return null;
                    });
                    waits(judge);
                }
            }));
            assertInstanceOf(StepOutcome.Done.class, step.run(context));
            assertThrows(java.util.concurrent.ExecutionException.class, () -> truncate[0].get());
            thread.shutdownNow();
            world.same();
        }
    }

    /// Nobody could choose another way then: Handover does.
    @Test
    void aRollBackByItselfEndsEverySessionWhereAFreezeByRoleWouldNotHold() throws Exception {
        var hooks = new Hooks("", "test \"$HANDOVER_TO\" = source || exit 3", "", "", "", LONG);
        try (var world = new CutoverWorld("15", "18");
                var roles = new Roles(world);
                var context = world.with(FreezeMethod.NAMED_ROLES, DEADLINE, hooks, List.of(roles.plain("app")))) {
            roles.set(Side.SOURCE, "app", "off");
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.OPENED && world.ownerOrThrow() == Side.TARGET) {
                    try (var connection = world.open(Side.TARGET)) {
                        run(connection, "create unlogged table public.volatile (id int)");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                    world.write(Side.TARGET, 1, 1);
                }
            }));
            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));
            assertEquals("hook-switch", failed.problem().code(), failed::toString);
            assertEquals(Side.SOURCE, world.owner());
            assertEquals(Optional.of(OFF), roles.setting(Side.SOURCE));
            var notes = context.cutovers().getLast().notes();
            assertTrue(notes.stream().anyMatch(note -> note.contains("public.volatile")), notes::toString);
            world.write(Side.SOURCE, 1, 2);
            world.same();
        }
    }

    @Test
    void aNameThatIsNotThereRefusesBeforeAnythingIsTouched() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.NAMED_ROLES, DEADLINE, Hooks.none(), List.of("nobody"))) {
            var failed = assertInstanceOf(
                    StepOutcome.Failed.class, world.step(Side.SOURCE).run(context));
            assertEquals("freeze-roles", failed.problem().code());
            assertTrue(failed.problem().what().contains("nobody"));
        }
    }

    private static void handOver(CutoverWorld world, TestContext context, Ledger ledger, Side from)
            throws InterruptedException {
        var outcome = new CutoverStep(from, world.parts(point -> {
                    if (point == Point.OPENED) {
                        ledger.pointTo(from.other());
                    }
                }))
                .run(context);
        assertInstanceOf(
                StepOutcome.Done.class,
                outcome,
                () -> outcome + "\n" + context.cutovers().getLast());
    }

    private static void more(Ledger ledger) throws InterruptedException {
        int before = ledger.count();
        Eventually.await(LONG, "the application writes there", () -> ledger.count() > before + 50);
    }

    private static void waits(Connection judge) {
        try {
            Eventually.await(LONG, "it waits for the lock", () -> {
                try (var sql = judge.createStatement();
                        var row =
                                sql.executeQuery("select count(*) from pg_locks l join pg_class c on c.oid = l.relation"
                                        + " where not l.granted and c.relname = 'ledger'")) {
                    return row.next() && row.getInt(1) > 0;
                }
            });
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void end(CutoverWorld world, String application) {
        try (var connection = world.open(Side.SOURCE)) {
            run(
                    connection,
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                            + " and application_name = '" + application + "'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean valid(Connection connection) {
        try {
            return connection.isValid(5);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Connection connection, String statement) throws SQLException {
        try (var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private static void runOrThrow(Connection connection, String statement) {
        try {
            run(connection, statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The application's role and another that may write as well, on both servers, with names that nobody
    /// should have.
    private static final class Roles implements AutoCloseable {
        private final CutoverWorld world;

        Roles(CutoverWorld world) throws SQLException {
            this.world = world;
            for (Side side : Side.values()) {
                try (var connection = world.open(side)) {
                    for (String role : List.of("app", "other")) {
                        run(connection, "create role " + name(role) + " login password 'secret'");
                        run(connection, "grant select, insert, update on all tables in schema public to " + name(role));
                    }
                }
            }
        }

        TestContext plan() {
            return world.with(FreezeMethod.NAMED_ROLES, DEADLINE, Hooks.none(), List.of(plain("app")));
        }

        String plain(String role) {
            return role + " $handover$ \"' %I \\ " + world.plan().id();
        }

        String name(String role) {
            return SqlNames.quoted(plain(role));
        }

        /// @param value empty for none
        void set(Side side, String role, String value) throws SQLException {
            if (!value.isEmpty()) {
                try (var connection = world.open(side)) {
                    run(
                            connection,
                            "alter role " + name(role) + " in database "
                                    + SqlNames.quoted(world.plan().profile(side).database())
                                    + " set default_transaction_read_only = " + value);
                }
            }
        }

        Optional<String> setting(Side side) throws SQLException {
            return world.roleSetting(side, plain("app"));
        }

        Connection open(Side side, String role) throws SQLException {
            var at = world.plan().profile(side);
            return DriverManager.getConnection(
                    // otherwise a portal, and with it a snapshot, stays open until the next statement of a transaction
                    "jdbc:postgresql://" + at.host() + ":" + at.port() + "/" + at.database()
                            + "?preferQueryMode=simple",
                    plain(role),
                    "secret");
        }

        Connection openOrThrow(String role) {
            try {
                return open(Side.SOURCE, role);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws SQLException {
            for (Side side : Side.values()) {
                try (var connection = world.open(side)) {
                    run(connection, "set default_transaction_read_only = off");
                    run(
                            connection,
                            "do $$ declare e name; begin for e in select evtname from pg_event_trigger loop"
                                    + " execute 'drop event trigger ' || quote_ident(e); end loop; end $$");
                    for (String role : List.of("app", "other")) {
                        run(connection, "drop owned by " + name(role));
                        run(connection, "drop role " + name(role));
                    }
                }
            }
        }
    }

    /// Monitoring: one session of a role that is not named, which reads all the time.
    private static final class Reader implements AutoCloseable {
        final AtomicInteger read = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final ExecutorService thread;
        private final Future<?> running;

        Reader(CutoverWorld world, Roles roles) {
            thread = world.threads.single("reader");
            running = thread.submit(() -> {
                try (var connection = roles.open(Side.SOURCE, "other");
                        var sql = connection.createStatement()) {
                    while (!stop.get()) {
                        try (var row = sql.executeQuery("select count(*) from \"Odd Name\"")) {
                            assertTrue(row.next());
                            assertNotEquals(0, row.getInt(1));
                            read.incrementAndGet();
                        }
                    }
                } catch (SQLException _) {
                    failed.incrementAndGet();
                }
            });
        }

        void end() throws Exception {
            stop.set(true);
            running.get();
        }

        @Override
        public void close() {
            stop.set(true);
            thread.shutdownNow();
        }
    }

    /// A role that is not named, and writes on the source whatever happens.
    private static final class Job implements AutoCloseable {
        final Set<Long> done = ConcurrentHashMap.newKeySet();
        final AtomicInteger refused = new AtomicInteger();
        private final CutoverWorld world;
        private final AtomicBoolean stop = new AtomicBoolean();
        private final ExecutorService thread;
        private final Future<?> running;

        Job(CutoverWorld world, Roles roles) {
            this.world = world;
            thread = world.threads.single("job");
            running = thread.submit(() -> {
                long number = 0;
                while (!stop.get()) {
                    try (var connection = roles.open(Side.SOURCE, "other")) {
                        while (!stop.get()) {
                            number++;
                            run(connection, "insert into ledger values (70, " + number + ", 'job')");
                            done.add(number);
                        }
                    } catch (SQLException _) {
                        refused.incrementAndGet();
                    }
                }
            });
        }

        void end() throws Exception {
            stop.set(true);
            running.get();
        }

        Set<Long> missingOn(Side side) throws SQLException {
            var missing = new java.util.HashSet<>(done);
            try (var connection = world.open(side);
                    var sql = connection.createStatement();
                    var rows = sql.executeQuery("select number from ledger where writer = 70")) {
                while (rows.next()) {
                    missing.remove(rows.getLong(1));
                }
            }
            return missing;
        }

        @Override
        public void close() {
            stop.set(true);
            thread.shutdownNow();
        }
    }
}

package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.model.Command;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.Mark;
import io.handover.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RehearsalStepTest {

    /// Everything a server has that a rehearsal could leave behind or change.
    private static final String ALL_THERE_IS = """
            select concat_ws(E'\\n',
                (select string_agg(format('%s %s', relname, relkind), ',' order by relname, relkind) from pg_class
                  where relnamespace in ('handover'::regnamespace, 'public'::regnamespace)),
                (select string_agg(slot_name, ',' order by slot_name) from pg_replication_slots
                  where database = current_database()),
                (select string_agg(pubname, ',' order by pubname) from pg_publication),
                (select string_agg(tgname, ',' order by tgname) from pg_trigger where not tgisinternal),
                (select string_agg(setconfig::text, ',') from pg_db_role_setting
                  where setdatabase = (select oid from pg_database where datname = current_database())),
                (select last_value || ' ' || is_called from "Odd Name_id_seq"),
                (select count(*) from handover.fence), (select count(*) from handover.mark),
                (select count(*) from pg_stat_activity where datname = current_database()
                    and application_name like 'handover%' and application_name not like '%monitor%'
                    and backend_type = 'client backend'))
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18"})
    void itStopsNobodyAndLeavesNothingBehind(String from, String to) throws Exception {
        Path ran = folder.resolve("ran");
        String hook = "touch '" + ran + "'";
        var hooks = new Hooks(hook, hook, "", hook, hook, Duration.ofSeconds(5));
        try (var world = new CutoverWorld(from, to);
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), hooks);
                var ledger = new Ledger(world, world.threads, 2, Side.SOURCE)) {
            Eventually.await(LONG, "the application writes", () -> ledger.count() > 20);
            String source = there(world, Side.SOURCE);
            String target = there(world, Side.TARGET);

            var outcome = new RehearsalStep(Side.SOURCE, world.parts(Points.NOBODY)).run(context);

            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            assertTrue(note(context).contains("4 hooks parsed"), note(context));
            assertTrue(note(context).contains("2 tables locked"), note(context));
            assertTrue(Files.notExists(ran), "hooks are not run");
            assertEquals(List.of(), context.stages());
            assertEquals(List.of(), context.cutovers());
            Eventually.await(
                    LONG,
                    "its sessions and rows are gone",
                    () -> source.equals(there(world, Side.SOURCE)) && target.equals(there(world, Side.TARGET)));
            int before = ledger.count();
            Eventually.await(LONG, "the application writes on", () -> ledger.count() > before + 20);
            ledger.end();
            Eventually.await(
                    LONG, "all has arrived", () -> ledger.missingOn(Side.TARGET).isEmpty());
            assertEquals(Set.of(), ledger.missingOn(Side.SOURCE));
            world.same();
        }
    }

    @Test
    void aHookThatTheShellCannotReadAndAStreamThatStandsAreFound() throws Exception {
        var hooks = new Hooks("", "if then", "", "", "", Duration.ofSeconds(5));
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), hooks);
                var holder = world.open(Side.TARGET);
                var sql = holder.createStatement()) {
            holder.setAutoCommit(false);
            sql.execute("lock table handover.fence in share mode"); // the apply worker has to wait

            var failed = assertInstanceOf(
                    StepOutcome.Failed.class, new RehearsalStep(Side.SOURCE, world.parts(Points.NOBODY)).run(context));

            assertTrue(failed.problem().details().contains("switch"), failed::toString);
            assertTrue(failed.problem().details().contains("did not arrive"), failed::toString);
            holder.rollback();
            world.write(Side.SOURCE, 1, 1);
            world.same();
            assertEquals("0", world.ask(Side.SOURCE, "select count(*) from handover.fence"));
        }
    }

    /// What the pause would bring over is brought over, and what would not be all there is told.
    @Test
    void whatNoStreamCarriesIsRehearsedWithItsTimes() throws Exception {
        var no = new Problem("no", "Not all of it can be brought over.", "", "", "");
        var works = new PauseWork("Working", (_, _, to) -> () -> {
            to.change("select setval('public.\"Odd Name_id_seq\"', 4711)");
            return Optional.empty();
        });
        var refuses = new PauseWork("Refusing", (_, _, _) -> () -> Optional.of(no));
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Hooks.none())) {
            var outcome = new RehearsalStep(Side.SOURCE, world.parts(Points.NOBODY, List.of(works))).run(context);
            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            assertTrue(note(context).matches("(?s).*; Working \\d+\\.\\d ms;.*"), note(context));
            assertEquals("4711", world.ask(Side.TARGET, "select last_value from \"Odd Name_id_seq\""));

            var failed = assertInstanceOf(
                    StepOutcome.Failed.class,
                    new RehearsalStep(Side.SOURCE, world.parts(Points.NOBODY, List.of(works, refuses))).run(context));
            assertTrue(failed.problem().details().contains(no.what()), failed::toString);
        }
    }

    /// A stream goes on, and so do log-ins and writers, while both settings are tried: with somebody in the way, too.
    @Test
    void theReadOnlyDefaultAndTheEndOfTheStreamAreTriedAndRolledBack() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Hooks.none());
                var connection = world.open(Side.SOURCE);
                var sql = connection.createStatement();
                var there = world.open(Side.TARGET);
                var sqlThere = there.createStatement()) {
            String database = world.plan().source().database();
            sql.execute("alter database \"" + database + "\" set default_transaction_read_only = off");
            String worker = "select pid from pg_stat_subscription where subname = '"
                    + world.plan().id().subscription(Side.SOURCE) + "' and pid is not null";
            Eventually.await(
                    LONG, "the worker runs", () -> sqlThere.executeQuery(worker).next());
            String pid = world.ask(Side.TARGET, worker);

            var outcome = new RehearsalStep(Side.SOURCE, world.parts(Points.NOBODY)).run(context);

            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            assertTrue(note(context).contains("database made read-only by default and rolled back"), note(context));
            assertTrue(note(context).contains("stream disabled and rolled back"), note(context));
            assertEquals(Optional.of("off"), world.readOnlyDefault(Side.SOURCE), "as it was");
            assertEquals(
                    "t",
                    world.ask(
                            Side.TARGET,
                            "select subenabled from pg_subscription s join pg_database d"
                                    + " on d.oid = s.subdbid and d.datname = current_database()"));
            assertEquals(pid, world.ask(Side.TARGET, worker), "the same worker, which has heard nothing");
            world.write(Side.SOURCE, 1, 1);
            world.same();

            connection.setAutoCommit(false); // nobody else can set it now
            sql.execute("alter database \"" + database + "\" set work_mem = '2MB'");
            there.setAutoCommit(false);
            sqlThere.execute("lock table pg_catalog.pg_subscription in share mode"); // reading it the stream may
            var failed = assertInstanceOf(
                    StepOutcome.Failed.class, new RehearsalStep(Side.SOURCE, world.parts(Points.NOBODY)).run(context));
            assertTrue(
                    failed.problem().details().contains("the database cannot be made read-only by default"),
                    failed::toString);
            assertTrue(
                    failed.problem().details().contains("the stream cannot be stopped on the target"),
                    failed::toString);
            connection.rollback();
            there.rollback();
            world.write(Side.SOURCE, 1, 2);
            world.same();
        }
    }

    /// With a setting of its own, which must be there afterwards as it was.
    @Test
    void theRolesOfAFreezeAreTriedAndRolledBack() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.NAMED_ROLES, Duration.ofSeconds(30), Hooks.none());
                var connection = world.open(Side.SOURCE);
                var sql = connection.createStatement()) {
            String user = world.plan().source().user();
            sql.execute("alter role \"" + user + "\" in database \""
                    + world.plan().source().database() + "\" set default_transaction_read_only = off");
            var outcome = new RehearsalStep(Side.SOURCE, world.parts(Points.NOBODY)).run(context);
            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            assertTrue(note(context).contains("1 role made read-only and rolled back"), note(context));
            assertEquals(Optional.of("{default_transaction_read_only=off}"), world.roleSetting(Side.SOURCE, user));

            connection.setAutoCommit(false);
            sql.execute("alter role \"" + user + "\" in database \""
                    + world.plan().source().database() + "\" set work_mem = '2MB'"); // nobody else can set it now
            var failed = assertInstanceOf(
                    StepOutcome.Failed.class, new RehearsalStep(Side.SOURCE, world.parts(Points.NOBODY)).run(context));
            assertTrue(failed.problem().details().contains("cannot be made read-only"), failed::toString);
            connection.rollback();
        }
    }

    /// It is the same once the target owns the data.
    @Test
    void theWayBackIsRehearsedToo() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Hooks.none())) {
            assertInstanceOf(StepOutcome.Done.class, world.step(Side.SOURCE).run(context));
            var outcome = new RehearsalStep(Side.TARGET, world.parts(Points.NOBODY)).run(context);
            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            assertEquals(Mark.State.OWNS, world.mark(Side.TARGET).state());
            world.write(Side.TARGET, 1, 1);
            world.same();
        }
    }

    private static String there(CutoverWorld world, Side side) throws SQLException {
        return world.ask(side, ALL_THERE_IS);
    }

    private static String note(TestContext context) {
        return context.lines().stream()
                .filter(TestContext.Line.Note.class::isInstance)
                .map(line -> ((TestContext.Line.Note) line).text())
                .filter(text -> text.startsWith(Command.Rehearse.NOTE))
                .reduce((_, newer) -> newer)
                .orElseThrow();
    }
}

package io.handover.engine.cutover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.HandoverSchema;
import io.handover.pg.Leftovers;
import io.handover.pg.WriteGuard;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sessions that get round the read-only default of the server that has handed over.
class OldOwnerGuardTest {

    private static final String TRIGGERS =
            "select count(*) from pg_trigger where not tgisinternal and tgname = 'handover_guard'";

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18"})
    void aSessionThatSaysReadWriteItselfWritesNothingAndTheWayBackGoesOn(String from, String to) throws Exception {
        try (var world = new CutoverWorld(from, to);
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Hooks.none())) {
            world.write(Side.SOURCE, 1, 1);
            cutOver(world, context, Side.SOURCE);
            for (String write : new String[] {
                "insert into ledger values (9, 9, 'lost')",
                "update ledger set note = 'lost'",
                "delete from ledger",
                "truncate ledger",
                "insert into \"Odd Name\" (balance) values (9)"
            }) {
                assertEquals("25006", refused(world, Side.SOURCE, write), write);
                assertEquals("25006", refused(world, Side.SOURCE, "set session_replication_role = replica; " + write));
            }
            world.write(Side.TARGET, 1, 2); // the reverse stream passes the guard
            world.same();

            cutOver(world, context, Side.TARGET);
            world.write(Side.SOURCE, 1, 3);
            assertEquals("25006", refused(world, Side.TARGET, "delete from ledger"));
            world.same();

            cutOver(world, context, Side.SOURCE);
            world.write(Side.TARGET, 1, 4);
            assertEquals("25006", refused(world, Side.SOURCE, "delete from ledger"));
            world.same();
            for (Side side : Side.values()) {
                assertEquals("2", world.ask(side, TRIGGERS));
                try (var session = context.server(side).open("test")) {
                    HandoverSchema.drop(session, context.plan().id());
                }
                assertEquals("0", world.ask(side, TRIGGERS));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18"})
    void noTableIsMadeOrDroppedOnTheOldOwnerUntilItOwnsAgain(String from, String to) throws Exception {
        try (var world = new CutoverWorld(from, to);
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Hooks.none())) {
            cutOver(world, context, Side.SOURCE);
            for (String change : new String[] {
                "create table lost (id int)",
                "create table lost as select 1 as id",
                "select 1 as id into lost",
                "create temp table mine (id int); create sequence lost",
                "alter table ledger add lost int",
                "drop table ledger",
                "drop table \"Odd Name\" cascade"
            }) {
                assertEquals("25006", refused(world, Side.SOURCE, change), change);
            }
            try (var connection = world.open(Side.SOURCE);
                    var sql = connection.createStatement()) {
                connection.setAutoCommit(false);
                sql.execute("set transaction read write");
                sql.execute("create temp table mine (id int)");
                sql.execute("insert into mine values (1)");
                sql.execute("drop table mine");
                connection.commit();
            }
            cutOver(world, context, Side.TARGET);
            try (var connection = world.open(Side.SOURCE);
                    var sql = connection.createStatement()) {
                sql.execute("create table kept (id int)");
                sql.execute("drop table kept");
            }
            for (Side side : Side.values()) {
                assertEquals("2", world.ask(side, "select count(*) from pg_event_trigger"));
                try (var session = context.server(side).open("test")) {
                    HandoverSchema.drop(session, context.plan().id());
                }
                assertEquals("0", world.ask(side, "select count(*) from pg_event_trigger"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18"})
    void whatIsLeftOfTheMigrationCanBeTakenAwayByHand(String from, String to) throws Exception {
        try (var world = new CutoverWorld(from, to);
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(30), Hooks.none())) {
            cutOver(world, context, Side.SOURCE);
            try (var connection = world.open(Side.SOURCE);
                    var sql = connection.createStatement()) {
                sql.execute("set default_transaction_read_only = off");
                for (String left : Leftovers.find(connection, world.plan().id())) {
                    sql.execute(left);
                }
                assertEquals(List.of(), Leftovers.find(connection, world.plan().id()));
            }
            assertEquals("0", world.ask(Side.SOURCE, "select count(*) from pg_event_trigger"));
            assertEquals("0", world.ask(Side.SOURCE, TRIGGERS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parted", "parted_1"})
    void aPartitionedTableIsGuardedByEveryName(String name) throws Exception {
        try (var world = new CutoverWorld("15", "18")) {
            try (var session = world.context.server(Side.SOURCE).openSimple("test")) {
                session.change("create table public.parted (id int) partition by range (id)");
                session.change("create table public.parted_1 partition of public.parted for values from (0) to (10)");
                WriteGuard.make(session, List.of(new TableRef("public", "parted_1")));
                session.change("insert into public." + name + " values (1)"); // it has not handed over
                session.change("insert into handover.mark (id, migration, epoch, owner, state)"
                        + " values (1, 'x', 1, 'target', 'handed_over')");
            }
            assertEquals("25006", refused(world, Side.SOURCE, "insert into " + name + " values (2)"));
            assertEquals("25006", refused(world, Side.SOURCE, "truncate " + name));
        }
    }

    private static String refused(CutoverWorld world, Side side, String write) throws SQLException {
        try (var connection = world.open(side);
                var sql = connection.createStatement()) {
            connection.setAutoCommit(false);
            sql.execute("set transaction read write");
            return assertThrows(SQLException.class, () -> sql.execute(write)).getSQLState();
        }
    }

    private static void cutOver(CutoverWorld world, TestContext context, Side from) throws InterruptedException {
        var outcome = world.step(from).run(context);
        assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
    }
}

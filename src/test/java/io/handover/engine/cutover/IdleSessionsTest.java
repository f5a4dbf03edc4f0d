package io.handover.engine.cutover;

import static io.handover.engine.cutover.CutoverWorld.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.StepOutcome;
import io.handover.model.CutoverReport;
import io.handover.model.FreezeMethod;
import io.handover.model.Hooks;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sessions that do not wait for the locks are ended last. Whatever they do until then that no lock holds back is
/// brought
/// over, or refused.
class IdleSessionsTest {

    private static final String OBJECTS =
            "select string_agg(oid || ' ' || encode(lo_get(oid), 'escape'), ', ' order by oid)"
                    + " from pg_largeobject_metadata";
    private static final String WANTS_ALONE = "select count(*) from pg_stat_activity"
            + " where datname = current_database() and application_name = 'shop' and wait_event_type = 'Lock'";

    @ParameterizedTest
    @CsvSource({"13, FROZEN", "15, MARKED", "15, FENCE_ARRIVED", "13, FORWARD_OFF", "15, REVERSE_SLOT"})
    void whatNoLockHoldsBackIsBroughtOver(String from, Point when) throws Exception {
        try (var world = new CutoverWorld(from, "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none());
                var idle = world.open(Side.SOURCE);
                var open = world.open(Side.SOURCE)) {
            execute(
                    idle,
                    "select lo_from_bytea(71, 'as it was'), lo_from_bytea(72, 'goes'), lo_from_bytea(73, 'stays')");
            long[] drawn = new long[1];
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                if (point == when) {
                                    drawn[0] = draw(idle);
                                    execute(
                                            idle,
                                            "select lo_put(71, 0, 'AS'), lo_unlink(72), lo_from_bytea(74, 'new')");
                                    execute(open, "begin; select lo_from_bytea(75, 'never committed')");
                                }
                            },
                            Unstreamed.all(world.threads)));

            var outcome = step.run(context);

            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            assertEquals(drawn[0] + 1, draw(world, Side.TARGET), "neither given out twice nor left out");
            assertEquals("71 AS it was, 73 stays, 74 new", world.ask(Side.TARGET, OBJECTS));
            assertEquals(world.ask(Side.SOURCE, OBJECTS), world.ask(Side.TARGET, OBJECTS));
            assertEquals(List.of(), context.cutovers().getLast().notes());
            world.same();
        }
    }

    /// So many are brought over early; both sides move after that, and before they are looked at.
    @Test
    void ofManySequencesNoneIsLeftWhereItWasEarly() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none());
                var idle = world.open(Side.SOURCE);
                var follower = world.open(Side.TARGET)) {
            for (Connection side : List.of(idle, follower)) {
                execute(
                        side,
                        "do $$ begin for n in 1 .. " + Unstreamed.MANY
                                + " loop execute format('create sequence many_%s', n); end loop; end $$");
            }
            List<Integer> early = new ArrayList<>();
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                if (point == Point.FROZEN) {
                                    execute(idle, "select setval('many_1', 41)");
                                }
                                if (point == Point.REVERSE_SLOT) {
                                    early.add(number(world, "select last_value from many_1"));
                                    execute(idle, "select nextval('many_1'), nextval('many_2')");
                                    execute(follower, "select nextval('many_3')"); // as a trigger could
                                }
                            },
                            Unstreamed.all(world.threads)));

            var outcome = step.run(context);

            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            assertEquals(List.of(41), early, "brought over under the locks");
            assertEquals(List.of(), context.cutovers().getLast().notes(), "nothing was left for afterwards");
            assertEquals(43, number(world, "select nextval('many_1')"));
            assertEquals(2, number(world, "select nextval('many_2')"));
            assertEquals(1, number(world, "select nextval('many_3')"));
        }
    }

    /// Between the locks and the mark no trigger refuses it yet; nobody has locked it, and no stream carries its rows.
    @ParameterizedTest
    @CsvSource({
        "create table made (id int primary key); insert into made values (1)",
        "create unlogged table made (id int)",
        "create table made (id int) partition by range (id)"
    })
    void whoMakesATableHasAllOfItUndone(String sql) throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none());
                var idle = world.open(Side.SOURCE)) {
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.FROZEN) {
                    execute(idle, sql);
                }
            }));

            var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));

            assertEquals("tables-made", failed.problem().code());
            assertTrue(failed.problem().what().contains("public.made"), failed::toString);
            assertEquals(
                    CutoverReport.Outcome.UNDONE, context.cutovers().getLast().outcome());
            world.write(Side.SOURCE, 5, 1);
            world.same();
        }
    }

    /// A temporary one goes with its session, and one that is not in the plan's way may come and go.
    @Test
    void aTemporaryTableIsNobodysBusiness() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none());
                var idle = world.open(Side.SOURCE)) {
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.FROZEN) {
                    execute(idle, "create temporary table mine (id int)");
                }
            }));
            var outcome = step.run(context);
            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            world.same();
        }
    }

    /// It holds nothing that locks would stop, and could be committed whenever somebody likes.
    @Test
    void whoPreparesATransactionHasAllOfItUndone() throws Exception {
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none());
                var idle = world.open(Side.SOURCE)) {
            var step = new CutoverStep(Side.SOURCE, world.parts(point -> {
                if (point == Point.REVERSE_SLOT) {
                    execute(idle, "begin; select lo_from_bytea(76, 'later'); prepare transaction 'later'");
                }
            }));
            try {
                var failed = assertInstanceOf(StepOutcome.Failed.class, step.run(context));
                assertEquals("prepared-transactions", failed.problem().code());
            } finally {
                try (var fresh = world.open(Side.SOURCE)) {
                    execute(fresh, "rollback prepared 'later'");
                }
            }
            world.write(Side.SOURCE, 5, 1);
            world.same();
        }
    }

    /// Every reader waits behind it, what brings things over too; nobody may wait for the deadline for that.
    @Test
    void aTruncateThatComesLateKeepsNobodyFromReading() throws Exception {
        var begun = new CountDownLatch(1);
        var blocked = new CountDownLatch(1);
        var reading = new PauseWork("Reading", (_, from, _) -> new PauseWork.Ready() {
            @Override
            public boolean beginsEarly() {
                return true;
            }

            @Override
            public void early() throws SQLException, InterruptedException {
                begun.countDown();
                assertTrue(blocked.await(10, TimeUnit.SECONDS), "a truncate waits");
                execute(from.jdbc(), "select count(*) from public.ledger");
            }

            @Override
            public Optional<Problem> run() {
                return Optional.empty();
            }
        });
        try (var world = new CutoverWorld("15", "18");
                var context = world.with(FreezeMethod.LOCK_TABLES, Duration.ofSeconds(20), Hooks.none());
                var idle = world.open(Side.SOURCE)) {
            world.write(Side.SOURCE, 1, 1);
            List<Future<Optional<String>>> truncates = new ArrayList<>();
            var step = new CutoverStep(
                    Side.SOURCE,
                    world.parts(
                            point -> {
                                if (point == Point.FENCE_ARRIVED) {
                                    assertEquals(0, begun.getCount(), "begun under the locks");
                                    truncates.add(later(world, idle, "truncate public.ledger"));
                                    await(world, WANTS_ALONE, "1");
                                    blocked.countDown();
                                }
                            },
                            List.of(reading)));

            var outcome = step.run(context);

            assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
            assertEquals(Optional.of("57P01"), truncates.getFirst().get());
            assertEquals("1", world.ask(Side.TARGET, "select count(*) from ledger"));
            world.same();
        }
    }

    private static Future<Optional<String>> later(CutoverWorld world, Connection connection, String sql) {
        var thread = world.threads.single("late statement");
        try {
            return thread.submit(() -> {
                try (var statement = connection.createStatement()) {
                    statement.execute(sql);
                    return Optional.empty();
                } catch (SQLException e) {
                    return Optional.of(e.getSQLState());
                }
            });
        } finally {
            thread.shutdown();
        }
    }

    private static void execute(Connection connection, String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// On the new owner.
    private static int number(CutoverWorld world, String query) {
        try {
            return Integer.parseInt(world.ask(Side.TARGET, query));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long draw(CutoverWorld world, Side side) throws SQLException {
        try (var connection = world.open(side)) {
            return draw(connection);
        }
    }

    private static long draw(Connection connection) {
        try (var sql = connection.createStatement();
                var row = sql.executeQuery("select nextval('\"Odd Name_id_seq\"')")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CutoverWorld world, String query, String answer) {
        try {
            Eventually.await(LONG, query, () -> world.ask(Side.SOURCE, query).equals(answer));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

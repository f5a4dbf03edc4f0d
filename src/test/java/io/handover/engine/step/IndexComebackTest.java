package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.pg.PgDump;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Connections that break while indexes are built: it goes on by itself, but not for ever.
class IndexComebackTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final NamedThreads threads = new NamedThreads(e -> {
        throw new AssertionError(e);
    });
    private final PgDump pgDump = PgDump.installed(threads);

    @Test
    void itGoesOnByItselfAndDoublesNothing() throws Exception {
        try (var with = copied()) {
            Future<StepOutcome> outcome;
            try (DbSession lock = hold(with)) {
                outcome = begin(with);
                for (int i = 0; i < 2; i++) {
                    awaitWaiting(with, lock);
                    end(with);
                }
                awaitWaiting(with, lock);
            }
            assertEquals(new StepOutcome.Done(), outcome.get(60, TimeUnit.SECONDS));
            built(with);
            assertTrue(
                    with.lines().stream()
                            .anyMatch(line -> line instanceof TestContext.Line.Note(var text)
                                    && text.startsWith("A connection broke while indexes were being built")),
                    with.lines()::toString);
        }
    }

    @Test
    void itGivesUpWhereItBreaksAgainAndAgainWithNothingBuiltInBetween() throws Exception {
        try (var with = copied()) {
            try (DbSession lock = hold(with)) {
                Future<StepOutcome> outcome = begin(with);
                int broken = 0;
                for (; broken < 3; broken++) { // the first may have left the other table's indexes
                    awaitWaiting(with, lock);
                    end(with);
                }
                while (!outcome.isDone()) {
                    Eventually.await(LONG, "the end, or another try", () -> outcome.isDone() || waits(with, lock));
                    if (!outcome.isDone()) {
                        end(with);
                        broken++;
                    }
                }
                assertTrue(broken <= 4, broken + " times");
                var failed = assertInstanceOf(StepOutcome.Failed.class, outcome.get(60, TimeUnit.SECONDS));
                assertEquals("57P01", failed.problem().code(), failed::toString);
            }
            assertEquals(new StepOutcome.Done(), new IndexStep().run(with));
            built(with);
        }
    }

    private TestContext copied() throws Exception {
        var with = TestContext.between(PgServer.major("15"), PgServer.major("17"));
        NastySchema.run(
                with,
                Side.SOURCE,
                List.of(
                        "create table public.a (id int primary key, n int)",
                        "create index a_n on public.a (n)",
                        "insert into public.a select i, i from generate_series(1, 1000) i",
                        "create table public.held (id int primary key, n int references public.a (id))",
                        "create index held_n on public.held (n)",
                        "insert into public.held select i, i from generate_series(1, 1000) i"));
        assertEquals(new StepOutcome.Done(), new SchemaStep(pgDump).run(with));
        assertEquals(new StepOutcome.Done(), new BaselineStep().run(with));
        return with;
    }

    private static Future<StepOutcome> begin(TestContext with) {
        return with.threads().single("step").submit(() -> new IndexStep().run(with));
    }

    private static DbSession hold(TestContext with) throws SQLException {
        DbSession lock = with.server(Side.TARGET).open("test");
        lock.jdbc().setAutoCommit(false);
        lock.change("lock table public.held in access exclusive mode");
        return lock;
    }

    private static void awaitWaiting(TestContext with, DbSession lock) throws Exception {
        Eventually.await(LONG, "a build that waits for the held table", () -> waits(with, lock));
    }

    private static boolean waits(TestContext with, DbSession lock) throws SQLException {
        return !text(
                        with,
                        "select count(*) from pg_stat_activity where application_name like 'handover index %'" + " and "
                                + lock.pid() + " = any (pg_blocking_pids(pid))")
                .equals("0");
    }

    /// All of them: one that is left could finish the other table in between.
    private static void end(TestContext with) throws SQLException {
        String ended = text(
                with,
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                        + " where application_name like 'handover index %' and datname = current_database()");
        assertTrue(!ended.equals("0"), ended);
    }

    private static void built(TestContext with) throws SQLException {
        String indexes = "select string_agg(indexdef, e'\\n' order by indexname) from pg_indexes"
                + " where tablename in ('a', 'held')";
        assertEquals(NastySchema.text(with, Side.SOURCE, indexes), NastySchema.text(with, Side.TARGET, indexes));
        assertEquals("0", text(with, "select count(*) from pg_index where not indisvalid"));
        assertEquals("1", text(with, "select count(*) from pg_constraint where contype = 'f' and convalidated"));
    }

    private static String text(TestContext with, String query) throws SQLException {
        return NastySchema.text(with, Side.TARGET, query);
    }
}

package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.PgDump;
import io.handover.pg.SqlNames;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Hundreds of small tables, which share transactions: what that could lose, double or leave behind.
class SmallTablesTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int TABLES = 200;

    private final NamedThreads threads = new NamedThreads(e -> {
        throw new AssertionError(e);
    });
    private final PgDump pgDump = PgDump.installed(threads);

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18"})
    void manyAreOneTransactionAndAllOfEachIsThere(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            create(with);
            done(new SchemaStep(pgDump).run(with));
            // what somebody has left in a table is not kept beside its rows
            run(with, Side.TARGET, "insert into " + name(7) + " values (-1, 7, 'left behind'), (1, 1, 'doubled')");

            done(new BaselineStep().run(with));
            done(new IndexStep().run(with));

            long transactions =
                    Long.parseLong(text(with, Side.TARGET, "select count(distinct xmin::text) from handover.copied"));
            assertTrue(transactions < TABLES / 3, transactions + " transactions");
            long builds = Long.parseLong(text(
                    with,
                    Side.TARGET,
                    "select count(distinct xmin::text) from handover.dump where section <> 'PRE_DATA'"));
            assertTrue(builds < TABLES / 3, builds + " transactions for the keys, indexes and foreign keys");
            assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(with, Side.TARGET));
            assertEquals(objects(with, Side.SOURCE), objects(with, Side.TARGET));
            assertEquals(copied(with), with.copiedTables().size());
        }
    }

    @Test
    void oneThatIsRefusedIsNamedAndTakesNoneOfTheOthersAlong() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            create(with);
            done(new SchemaStep(pgDump).run(with));
            run(with, Side.TARGET, "alter table " + name(150) + " add constraint no check (id < 3)");

            Problem problem = assertInstanceOf(StepOutcome.Failed.class, new BaselineStep().run(with))
                    .problem();
            assertTrue(problem.what().contains("t 150"), problem::toString);
            var there = NastySchema.contents(with, Side.TARGET);
            var whole = NastySchema.contents(with, Side.SOURCE);
            whole.forEach((table, content) -> assertTrue(
                    there.get(table).equals(content)
                            || String.valueOf(there.get(table)).startsWith("0 rows"),
                    table + " has " + there.get(table)));

            run(with, Side.TARGET, "alter table " + name(150) + " drop constraint no");
            try (var again = with.again()) {
                done(new BaselineStep().run(again));
                done(new IndexStep().run(again));
            }
            assertEquals(whole, NastySchema.contents(with, Side.TARGET));
            assertEquals(objects(with, Side.SOURCE), objects(with, Side.TARGET));
        }
    }

    @Test
    void sessionsThatAreEndedAgainAndAgainLoseNoneAndDoubleNone() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            create(with);
            done(new SchemaStep(pgDump).run(with));
            var failure = new AtomicReference<Throwable>();
            var ended = new ArrayList<Side>();
            var over = new AtomicBoolean();
            Thread killer = threads.start("killer", () -> {
                try {
                    for (int i = 0; i < 6 && !over.get(); i++) {
                        Side side = i % 2 == 0 ? Side.TARGET : Side.SOURCE;
                        Eventually.await(LONG, "a worker to end", () -> over.get() || end(with, side));
                        ended.add(side);
                        TimeUnit.MILLISECONDS.sleep(40);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (Exception | AssertionError e) {
                    failure.set(e);
                }
            });
            done(new BaselineStep().run(with));
            over.set(true); // no interrupt: it would break off a log-in as a failure
            killer.join();
            done(new IndexStep().run(with));

            assertEquals(null, failure.get());
            assertTrue(ended.size() > 1, ended::toString);
            assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(with, Side.TARGET));
            assertEquals(TABLES, copied(with));
            assertEquals(
                    Integer.toString(TABLES - 1), // one is empty
                    text(with, Side.TARGET, "select count(*) from handover.copied where row_count > 0"));
        }
    }

    /// Half a key is there, as a version that made keys in two steps would have left it.
    @Test
    void aKeyWhoseIndexIsThereIsMadeOfIt() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            create(with);
            done(new SchemaStep(pgDump).run(with));
            done(new BaselineStep().run(with));
            String before = "create unique index \"t 9_pkey\" on " + name(9) + " (id)";
            run(with, Side.TARGET, before);
            done(new IndexStep().run(with));
            assertEquals(objects(with, Side.SOURCE), objects(with, Side.TARGET));
        }
    }

    private static String name(int number) {
        return SqlNames.quoted(new TableRef("many \"of\" them", "t " + number));
    }

    /// Keys, indexes and foreign keys, some to the table before and some all to the first.
    private static void create(TestContext with) throws SQLException {
        var statements = new ArrayList<String>();
        statements.add("create schema \"many \"\"of\"\" them\"");
        for (int i = 1; i <= TABLES; i++) {
            statements.add("create table " + name(i) + " (id int primary key, other int, note text)");
            statements.add("create index on " + name(i) + " (note)");
            if (i < TABLES) {
                statements.add("insert into " + name(i) + " select j, 1, 'é ' || j from generate_series(1, "
                        + (i % 20 + 1) + ") j");
            }
            if (i % 5 == 0) {
                statements.add("alter table " + name(i) + " add foreign key (other) references " + name(i - 1));
            }
            if (i % 7 == 0) {
                statements.add("alter table " + name(i) + " add foreign key (id) references " + name(2) + " not valid");
                statements.add("alter table " + name(i) + " add foreign key (other) references " + name(1));
            }
        }
        try (var session = with.server(Side.SOURCE).open("test")) {
            for (String statement : statements) {
                session.change(statement);
            }
        }
    }

    private static boolean end(TestContext with, Side side) throws SQLException {
        return !text(
                        with,
                        side,
                        "select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity"
                                + " where application_name like 'handover copy %' and datname = current_database()"
                                + " and state <> 'idle' limit 1) x")
                .equals("0");
    }

    /// Indexes and constraints as the server writes them, valid or not.
    private static List<String> objects(TestContext with, Side side) throws SQLException {
        String all = text(with, side, """
                select string_agg(line, e'\\n' order by line) from (
                    select pg_get_indexdef(indexrelid) || ' ' || indisvalid as line from pg_index
                     where indrelid::regclass::text like '%many%'
                    union all
                    select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
                     where contype <> 'n' and conrelid::regclass::text like '%many%') x""");
        var lines = new TreeMap<String, Integer>();
        all.lines().forEach(line -> lines.merge(line, 1, Integer::sum));
        assertTrue(lines.size() > 2 * TABLES, "objects: " + lines.size());
        return List.copyOf(lines.keySet());
    }

    private static int copied(TestContext with) throws SQLException {
        return Integer.parseInt(text(with, Side.TARGET, "select count(*) from handover.copied"));
    }

    private static void run(TestContext with, Side side, String statement) throws SQLException {
        NastySchema.run(with, side, List.of(statement));
    }

    private static String text(TestContext with, Side side, String query) throws SQLException {
        return NastySchema.text(with, side, query);
    }

    private static void done(StepOutcome outcome) {
        assertEquals(new StepOutcome.Done(), outcome);
    }
}

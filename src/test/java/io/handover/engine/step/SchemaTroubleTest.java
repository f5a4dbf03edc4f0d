package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Problem;
import io.handover.model.Scope;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.pg.PgDump;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SchemaTroubleTest {

    private static final String RELATIONS = """
            select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'handover') order by 1
            """;
    private static final StepOutcome DONE = new StepOutcome.Done();

    private final NamedThreads threads = new NamedThreads(e -> {
        throw new AssertionError(e);
    });
    private final SchemaStep schema = new SchemaStep(PgDump.installed(threads));
    private final IndexStep index = new IndexStep();

    @Test
    void whatIsLeftOutTakesAlongOnlyWhatCannotBeWithoutIt() throws Exception {
        var server = PgServer.major("15");
        try (var with = TestContext.between(server, server)) {
            run(with, Side.SOURCE, """
                    create table kept (id serial primary key, out_id int);
                    create table "Out; Type: TABLE" (id serial primary key, name text);
                    create index on "Out; Type: TABLE" (name);
                    alter table kept add constraint points_out foreign key (out_id) references "Out; Type: TABLE" (id);
                    create view sees as select * from "Out; Type: TABLE";
                    create view good as select * from kept;
                    create table root (id int primary key) partition by range (id);
                    create table leaf partition of root for values from (0) to (9);
                    create table root2 (id int primary key) partition by range (id);
                    create table leaf_a partition of root2 for values from (0) to (9);
                    create table leaf_b partition of root2 for values from (9) to (19);
                    create schema side;
                    create table side.gone (id int);
                    create type side.needed as enum ('a'); create type side.unneeded as enum ('b');
                    create function side.unused() returns int language sql as 'select 1';
                    create table typed (v side.needed);
                    """);
            var scope = new Scope(
                    Set.of("side"),
                    Set.of(
                            new TableRef("public", "Out; Type: TABLE"),
                            new TableRef("public", "root"),
                            new TableRef("public", "leaf_b")));
            try (var scoped = with.again(with.plan().with(scope))) {
                assertEquals(DONE, schema.run(scoped));
                assertEquals(DONE, index.run(scoped));

                assertEquals(
                        List.of(
                                "public.good",
                                "public.kept",
                                "public.kept_id_seq",
                                "public.kept_pkey",
                                "public.leaf_a",
                                "public.leaf_a_pkey",
                                "public.root2",
                                "public.root2_pkey",
                                "public.typed"),
                        rows(with, Side.TARGET, RELATIONS));
                assertEquals(
                        List.of("needed"),
                        rows(
                                with,
                                Side.TARGET,
                                "select typname from pg_type where typnamespace = 'side'::regnamespace"
                                        + " and typtype = 'e'"));
                assertEquals(
                        List.of("f"),
                        rows(with, Side.TARGET, "select exists (select from pg_proc where proname = 'unused')"));
                assertTrue(
                        scoped.lines().toString().contains("points_out")
                                && scoped.lines().toString().contains("sees"),
                        "what was not named but left out is told");
            }
        }
    }

    @Test
    void aScopeThatTearsATableApartIsRefused() throws Exception {
        var server = PgServer.major("15");
        try (var with = TestContext.between(server, server)) {
            run(with, Side.SOURCE, "create table parent (id int); create table heir () inherits (parent)");
            var scope = new Scope(Set.of(), Set.of(new TableRef("public", "parent")));
            try (var scoped = with.again(with.plan().with(scope))) {
                Problem problem = failed(schema.run(scoped));

                assertEquals("scope-broken", problem.code());
                assertTrue(problem.details().contains("public.heir"));
                assertEquals(List.of(), scoped.stages());
            }
        }
    }

    @Test
    void missingRolesAreNamedBeforeAnythingIsMade() throws Exception {
        try (var with = TestContext.between(PgServer.major("13"), PgServer.major("15"))) {
            run(
                    with,
                    Side.SOURCE,
                    "create role \"only on 13\"; create table t (id int); alter table t enable row level"
                            + " security; create policy p on t to \"only on 13\" using (true)");

            Problem problem = failed(schema.run(with));

            assertEquals("role-missing", problem.code());
            assertEquals("create role \"only on 13\";", problem.details());
            assertEquals(List.of(), rows(with, Side.TARGET, RELATIONS));
        }
    }

    @Test
    void missingExtensionsAreNamedBeforeAnythingIsMade() throws Exception {
        try (var with = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
            run(with, Side.SOURCE, "create extension adminpack; create table t (id int)"); // 17 has it no more

            Problem problem = failed(schema.run(with));

            assertEquals("extension-missing", problem.code());
            assertTrue(problem.what().contains("adminpack"), problem.what());
            assertEquals(List.of(), rows(with, Side.TARGET, RELATIONS));
            assertEquals(
                    List.of(), rows(with, Side.SOURCE, "select nspname from pg_namespace where nspname = 'handover'"));
        }
    }

    @Test
    void aFailureLeavesNothingAndTheNextRunSucceeds() throws Exception {
        var server = PgServer.major("15");
        try (var with = TestContext.between(server, server)) {
            run(
                    with,
                    Side.SOURCE,
                    "create table a (id int primary key); create table b (id int); create table c (id int)");
            run(with, Side.TARGET, "create table b (other int)");

            Problem problem = failed(schema.run(with));

            assertEquals("42P07", problem.code());
            assertTrue(problem.what().contains("public.b"), problem.what());
            assertEquals(List.of("public.b"), rows(with, Side.TARGET, RELATIONS));
            assertEquals(List.of(), with.stages());

            run(with, Side.TARGET, "drop table b");
            assertEquals(DONE, schema.run(with));
            assertEquals(DONE, schema.run(with), "a crash before the stage was noted does no harm");
            assertEquals(List.of("public.a", "public.b", "public.c"), rows(with, Side.TARGET, RELATIONS));
        }
    }

    @Test
    void whatIsBuiltIsNotBuiltAgainAfterAFailure() throws Exception {
        var server = PgServer.major("15");
        try (var with = TestContext.between(server, server)) {
            run(with, Side.SOURCE, """
                    create table a (id int primary key); create table b (a_id int references a);
                    create index b_a on b (a_id); create materialized view m as select count(*) from b;
                    """);
            assertEquals(DONE, schema.run(with));
            run(with, Side.TARGET, "insert into b values (1)");

            Problem problem = failed(index.run(with));

            assertEquals("23503", problem.code());
            assertTrue(problem.what().contains("b_a_id_fkey"), problem.what());
            var before =
                    rows(with, Side.TARGET, "select oid from pg_class where relname in ('a_pkey', 'b_a') order by 1");
            assertEquals(2, before.size(), "key and index were built");

            run(with, Side.TARGET, "insert into a values (1)");
            try (var again = with.again()) {
                assertEquals(DONE, index.run(again));
                assertEquals(
                        before,
                        rows(
                                again,
                                Side.TARGET,
                                "select oid from pg_class where relname in ('a_pkey', 'b_a') order by 1"));
                assertEquals(List.of("1"), rows(again, Side.TARGET, "select count from public.m"));
                var shown = again.copies().getLast();
                assertEquals(4, shown.indexesTotal(), "key, index, foreign key, view");
                assertEquals(4, shown.indexesDone());
            }
        }
    }

    @Test
    void aBuildThatIsKilledOrStoppedGoesOnLater() throws Exception {
        var server = PgServer.major("15");
        try (var with = TestContext.between(server, server)) {
            run(with, Side.SOURCE, "create table a (id int primary key); create table b (id int primary key)");
            assertEquals(DONE, schema.run(with));
            try (var blocker = server.open(with.plan().target().database());
                    var lock = blocker.createStatement()) {
                blocker.setAutoCommit(false);
                lock.execute("lock table public.b in row exclusive mode");
                var killed = start(with);
                Eventually.await(
                        Duration.ofSeconds(60),
                        "it gives up",
                        () -> { // it goes on by itself at first
                            for (String pid : waiting(with)) {
                                run(with, Side.TARGET, "select pg_terminate_backend(" + pid + ")");
                            }
                            return killed.get() != null;
                        });
                assertEquals("57P01", failed(outcome(killed)).code());

                try (var second = with.again()) {
                    var stopped = start(second);
                    Eventually.await(
                            Duration.ofSeconds(60),
                            "the key of b waits",
                            () -> !waiting(with).isEmpty());
                    Eventually.await(
                            Duration.ofSeconds(60),
                            "the blocker is told",
                            () -> !second.waits().isEmpty());
                    second.gate().stop();
                    assertEquals(new StepOutcome.Stopped(), outcome(stopped));
                }
                blocker.rollback();
            }
            try (var third = with.again()) {
                assertEquals(DONE, index.run(third));
                assertEquals(List.of(Stage.INDEXING), third.stages());
                assertEquals(
                        List.of("public.a", "public.a_pkey", "public.b", "public.b_pkey"),
                        rows(with, Side.TARGET, RELATIONS));
            }
        }
    }

    @Test
    void oneTablesIndexKeepsNoOtherTableFromItsForeignKey() throws Exception {
        var server = PgServer.major("15");
        try (var with = TestContext.between(server, server)) {
            run(with, Side.SOURCE, """
                    create table held (id int primary key, filler text);
                    create table "to" (id int primary key, filler text);
                    create table "from" (id int primary key, "to" int references "to", filler text);
                    create index on "from" ("to");
                    """);
            assertEquals(DONE, schema.run(with));
            run(with, Side.TARGET, """
                    insert into held select i, repeat('x', 500) from generate_series(1, 3000) i;
                    insert into "to" select i, repeat('x', 500) from generate_series(1, 3000) i;
                    insert into "from" select i, i, repeat('x', 500) from generate_series(1, 3000) i;
                    """);
            try (var blocker = server.open(with.plan().target().database());
                    var lock = blocker.createStatement()) {
                blocker.setAutoCommit(false);
                lock.execute("lock table held in row exclusive mode");
                var building = start(with);

                Eventually.await(
                        Duration.ofSeconds(60),
                        "the foreign key is checked",
                        () -> rows(with, Side.TARGET, "select convalidated from pg_constraint where contype = 'f'")
                                .equals(List.of("t")));
                assertEquals(1, waiting(with).size(), "the key of the table that is held still waits");
                blocker.rollback();
                assertEquals(DONE, outcome(building));
            }
            assertEquals(
                    List.of("from_pkey", "held_pkey", "to_pkey"),
                    rows(
                            with,
                            Side.TARGET,
                            "select conname from pg_constraint where contype = 'p'"
                                    + " and connamespace = 'public'::regnamespace order by 1"));
        }
    }

    private AtomicReference<StepOutcome> start(TestContext with) {
        var ended = new AtomicReference<StepOutcome>();
        threads.start("index step", () -> {
            try {
                ended.set(index.run(with));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return ended;
    }

    private static StepOutcome outcome(AtomicReference<StepOutcome> ended) throws InterruptedException {
        return Eventually.value(Duration.ofSeconds(60), "the step has ended", ended);
    }

    private static List<String> waiting(TestContext with) throws SQLException {
        return rows(
                with,
                Side.TARGET,
                "select pid from pg_stat_activity where datname = current_database()"
                        + " and application_name like 'handover index%' and wait_event_type = 'Lock'");
    }

    private static Problem failed(StepOutcome outcome) {
        return assertInstanceOf(StepOutcome.Failed.class, outcome).problem();
    }

    private static void run(TestContext with, Side side, String sql) throws SQLException {
        SchemaAndIndexTest.run(with, side, sql);
    }

    private static List<String> rows(TestContext with, Side side, String sql) throws SQLException {
        return new ArrayList<>(SchemaAndIndexTest.rows(with, side, sql));
    }
}

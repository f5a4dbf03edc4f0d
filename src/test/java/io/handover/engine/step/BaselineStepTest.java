package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.Gate;
import io.handover.model.Plan;
import io.handover.model.ReadLimit;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableProgress;
import io.handover.pg.DbSession;
import io.handover.pg.Fence;
import io.handover.pg.LargeObjects;
import io.handover.pg.SequenceSync;
import io.handover.pg.UnloggedTables;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselineStepTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /// So small that the big table is copied by both workers.
    private static final long RANGE = 1024 * 1024;

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18", "16, 18"})
    void baselineAndStreamAreExactWhileTheApplicationWrites(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            NastySchema.create(with);
            largeObjects(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);

                done(new BaselineStep(LONG, RANGE).run(with));
                Eventually.await(LONG, "it writes on", () -> writer.committed() > 200);
                done(new SubscribeStep(Side.SOURCE).run(with));

                int now = writer.committed();
                Eventually.await(LONG, "it still writes", () -> writer.committed() > now + 50);
            }
            assertEquals(List.of(Stage.COPYING, Stage.CATCHING_UP, Stage.STREAMING), with.stages());

            NastySchema.run(with, Side.SOURCE, List.of("update app.cache set v = 'changed later' where id < 50"));
            finish(with);

            assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(with, Side.TARGET));
            sequencesGoOn(with);
            assertEquals(
                    11L,
                    with.lines().stream()
                            .filter(TestContext.Line.Copied.class::isInstance)
                            .count(),
                    "every table is noted once");
            assertTrue(
                    with.sql().stream()
                                    .filter(record -> record.sql().startsWith("copy \"app\".\"big\" "))
                                    .distinct()
                                    .count()
                            > 4,
                    "the big table is copied in ranges");
            var last = with.copies().getLast();
            assertTrue(last.tables().stream().allMatch(t -> t.phase() == TableProgress.Phase.DONE));
            assertEquals(1.0, last.fraction());
            assertTrue(last.walKept() >= 0);
            noPasswordShown(with);
        }
    }

    @ParameterizedTest
    @CsvSource({"15, 17"})
    void stopWhileTheSlotWaitsLeavesNothing(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            NastySchema.create(with);
            try (DbSession other = with.server(Side.SOURCE).open("other writer")) {
                other.jdbc().setAutoCommit(false);
                other.change("insert into app.scratch values (9)");
                Future<StepOutcome> outcome = with.threads().single("step").submit(() -> new BaselineStep().run(with));
                Eventually.await(
                        LONG,
                        "the writer is named",
                        () -> with.waits().stream().anyMatch(text -> text.contains("pid " + other.pid())));

                with.gate().stop();

                assertInstanceOf(StepOutcome.Stopped.class, outcome.get(30, TimeUnit.SECONDS));
            }
            assertEquals(List.of(), with.stages());
            nothingLeft(with);
        }
    }

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 17"})
    void aCopyThatBreaksLeavesNothingAndARetryIsExact(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            NastySchema.create(with);
            // on the target only: the copy of this table fails in its middle
            NastySchema.run(
                    with, Side.TARGET, List.of("alter table app.big add constraint c check (id <> 15000) not valid"));

            var failed = assertInstanceOf(StepOutcome.Failed.class, new BaselineStep(LONG, RANGE).run(with));

            assertEquals("23514", failed.problem().code());
            assertTrue(failed.problem().what().contains("app.big"), failed.problem()::what);
            nothingLeft(with);

            NastySchema.run(with, Side.TARGET, List.of("alter table app.big drop constraint c"));
            done(new BaselineStep(LONG, RANGE).run(with));
            done(new SubscribeStep(Side.SOURCE).run(with));
            finish(with);
            assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(with, Side.TARGET));
        }
    }

    @ParameterizedTest
    @CsvSource({"15, 17", "18, 17"})
    void aWorkerThatLosesItsSourceSessionGoesOnWithTheSameSnapshot(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            NastySchema.create(with);
            try (DbSession lock = with.server(Side.SOURCE).open("test")) {
                // the copy of this table waits here, where it can be found and killed
                var step = new BaselineStep(LONG, RANGE);
                lock.jdbc().setAutoCommit(false);
                Future<StepOutcome> outcome = startAndLockAfterSlot(with, step, lock);
                Eventually.await(LONG, "a worker was killed", () -> killed(with));
                lock.jdbc().rollback();
                done(outcome.get(60, TimeUnit.SECONDS));
            }
            done(new SubscribeStep(Side.SOURCE).run(with));
            finish(with);
            assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(with, Side.TARGET));
        }
    }

    @ParameterizedTest
    @CsvSource({"15, 17"})
    void aTableRewrittenUnderTheCopyIsNoticed(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            NastySchema.create(with);
            try (DbSession ddl = with.server(Side.SOURCE).open("test")) {
                ddl.jdbc().setAutoCommit(false);
                Future<StepOutcome> outcome = startAndLockAfterSlot(with, new BaselineStep(LONG, RANGE), ddl);
                ddl.change("alter table app.scratch alter id type bigint");
                ddl.jdbc().commit();

                var failed = assertInstanceOf(StepOutcome.Failed.class, outcome.get(60, TimeUnit.SECONDS));
                assertEquals("table-altered", failed.problem().code());
            }
            // what is copied is kept; the altered table is brought anew
            done(new BaselineStep(LONG, RANGE).run(with));
            done(new SubscribeStep(Side.SOURCE).run(with));
            finish(with);
            assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(with, Side.TARGET));
        }
    }

    @ParameterizedTest
    @CsvSource({"13, 17"})
    void aTableWithoutIdentityIsNotPublished(String from, String to) throws Exception {
        try (var with = TestContext.between(PgServer.major(from), PgServer.major(to))) {
            NastySchema.create(with);
            NastySchema.run(with, Side.SOURCE, List.of("alter table app.nokey replica identity default"));

            var failed = assertInstanceOf(StepOutcome.Failed.class, new BaselineStep().run(with));

            assertEquals("no-replica-identity", failed.problem().code());
            assertEquals("app.nokey", failed.problem().details());
            nothingLeft(with);
            NastySchema.run(with, Side.SOURCE, List.of("update app.nokey set b = 'still works'"));
        }
    }

    /// Begins the step, and takes a lock that its workers will meet, once the slot is there: before, the slot
    /// would wait for it.
    private static Future<StepOutcome> startAndLockAfterSlot(TestContext with, BaselineStep step, DbSession lock)
            throws Exception {
        Plan plan = with.plan();
        with.plan(plan.with(new ReadLimit(1))); // lets the workers begin, with the biggest tables, but not end
        Future<StepOutcome> outcome = with.threads().single("step").submit(() -> step.run(with));
        Eventually.await(
                LONG,
                "both workers copy",
                () -> NastySchema.text(
                                with,
                                Side.SOURCE,
                                "select count(*) from pg_stat_activity where application_name like 'handover copy%'"
                                        + " and datname = current_database() and query like 'copy %'")
                        .equals("2"));
        with.gate().hold();
        with.plan(plan);
        lock.change("lock table app.scratch in access exclusive mode");
        with.gate().resume();
        Eventually.await(
                LONG, "a worker waits for the lock", () -> !waiting(with).equals("0"));
        return outcome;
    }

    private static String waiting(TestContext with) throws SQLException {
        return NastySchema.text(
                with,
                Side.SOURCE,
                "select count(*) from pg_stat_activity where application_name like 'handover copy%'"
                        + " and datname = current_database() and wait_event_type = 'Lock'");
    }

    private static boolean killed(TestContext with) throws SQLException {
        return NastySchema.text(
                        with,
                        Side.SOURCE,
                        "select count(pg_terminate_backend(pid)) > 0 from pg_stat_activity where application_name like"
                                + " 'handover copy%' and datname = current_database() and wait_event_type = 'Lock'")
                .equals("t");
    }

    private static void largeObjects(TestContext with) throws SQLException {
        NastySchema.run(
                with,
                Side.SOURCE,
                List.of(
                        "select lo_from_bytea(100000 + i, convert_to(repeat('large ' || i, i * 7), 'UTF8'))"
                                + " from generate_series(0, 600) i",
                        "select lo_from_bytea(200001, (select string_agg(decode(md5(i::text), 'hex'), ''::bytea)"
                                + " from generate_series(1, 40000) i))"));
    }

    /// What the cutover does once nobody writes.
    private static void finish(TestContext with) throws Exception {
        NastySchema.run(
                with,
                Side.SOURCE,
                List.of(
                        "select lo_unlink(oid) from pg_largeobject_metadata where oid = 100005",
                        "select lo_put(oid, 3, 'changed') from pg_largeobject_metadata where oid = 100007",
                        "select lo_from_bytea(300000, 'late')"));
        try (DbSession source = with.server(Side.SOURCE).open("finish");
                DbSession target = with.server(Side.TARGET).open("finish")) {
            assertTrue(Fence.plant(source).arrives(target, LONG));
            assertTrue(
                    SequenceSync.run(source.jdbc(), target, with.plan().scope()).complete());
            LargeObjects.sync(source, target, new Gate());
            assertEquals(
                    new LargeObjects.Result(
                            LargeObjects.sync(source, target, new Gate()).total(), 0, 0, 0),
                    LargeObjects.sync(source, target, new Gate()),
                    "nothing is left to do");
            String all = "select count(*) || md5(string_agg(oid || md5(lo_get(oid)), ',' order by oid))"
                    + " from pg_largeobject_metadata";
            assertEquals(NastySchema.text(source.jdbc(), all), NastySchema.text(target.jdbc(), all));
            assertEquals(
                    1,
                    UnloggedTables.prepare(source, target, with.plan().scope()).copyAgain(new Gate()));
        }
    }

    private static void sequencesGoOn(TestContext with) throws SQLException {
        String next = "select nextval('app.\"Lone Seq\"') || ' ' || nextval('app.untouched') || ' '"
                + " || nextval('app.generated_id_seq')";
        assertEquals(NastySchema.text(with, Side.SOURCE, next), NastySchema.text(with, Side.TARGET, next));
        // would collide if the identity had not moved on
        NastySchema.run(
                with, Side.TARGET, List.of("insert into " + NastySchema.HOSTILE + " (\"va'l\\\") values ('new')"));
    }

    private static void nothingLeft(TestContext with) throws SQLException {
        assertEquals(
                "0",
                NastySchema.text(
                        with,
                        Side.SOURCE,
                        "select (select count(*) from pg_replication_slots where database = current_database())"
                                + " + (select count(*) from pg_publication)"));
    }

    private static void done(StepOutcome outcome) {
        assertEquals(new StepOutcome.Done(), outcome);
    }

    private static void noPasswordShown(TestContext with) {
        for (Side side : Side.values()) {
            String password = with.server(side).endpoint().password().reveal();
            String tail = password.substring(password.length() - 6);
            assertTrue(with.sql().stream().noneMatch(entry -> (entry.sql() + entry.note()).contains(tail)));
            assertTrue(with.lines().stream().noneMatch(line -> line.toString().contains(tail)));
        }
    }
}

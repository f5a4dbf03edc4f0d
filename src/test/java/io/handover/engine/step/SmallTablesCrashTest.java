package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.DbSession;
import io.handover.pg.PgDump;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The target dies in the middle of a transaction that many small tables share: all of that transaction is gone, and
/// nothing of those before it.
class SmallTablesCrashTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int TABLES = 250;
    private static final int HELD = 180;

    /// Nothing but what Handover itself waits for reaches the disk.
    private static final Map<String, String> FORGETFUL = Map.of("wal_writer_delay", "10000");

    private final NamedThreads threads = new NamedThreads(e -> {
        throw new AssertionError(e);
    });
    private final PgDump pgDump = PgDump.installed(threads);

    @Test
    void rowsOfASharedTransactionAreCopiedOnceAlthoughTheTargetCrashedInIt() throws Exception {
        try (var server = PgServer.dedicated("17", FORGETFUL);
                var with = TestContext.between(PgServer.major("15"), server)) {
            create(with);
            assertEquals(new StepOutcome.Done(), new SchemaStep(pgDump).run(with));
            Future<StepOutcome> outcome;
            Set<TableRef> called;
            try (DbSession lock = hold(with)) {
                outcome = with.threads().single("step").submit(() -> new BaselineStep().run(with));
                awaitWaiting(with, lock);
                Eventually.await(
                        LONG,
                        "the others are copied",
                        () -> !with.copiedTables().isEmpty());
                called = with.copiedTables();
                server.crash();
            }
            server.restart();
            String kept = NastySchema.text(
                    with, Side.TARGET, "select string_agg(table_name, ' ' order by table_name) from handover.copied");
            Set<String> durable = Set.of(kept.split(" "));
            for (TableRef table : called) {
                assertTrue(durable.contains(table.name()), table + " was called copied; there are " + kept);
            }
            assertFalse(durable.contains("t" + HELD), kept);

            assertEquals(new StepOutcome.Done(), outcome.get(90, TimeUnit.SECONDS));
            assertEquals(TABLES, number(with, "select count(*) from handover.copied"));
            assertEquals(new StepOutcome.Done(), new IndexStep().run(with));
            assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(with, Side.TARGET));
        }
    }

    @Test
    void indexesOfASharedTransactionAreBuiltOnceAlthoughTheTargetCrashedInIt() throws Exception {
        try (var server = PgServer.dedicated("17", FORGETFUL);
                var with = TestContext.between(PgServer.major("15"), server)) {
            create(with);
            assertEquals(new StepOutcome.Done(), new SchemaStep(pgDump).run(with));
            assertEquals(new StepOutcome.Done(), new BaselineStep().run(with));
            Future<StepOutcome> outcome;
            try (DbSession lock = hold(with)) {
                outcome = with.threads().single("step").submit(() -> new IndexStep().run(with));
                awaitWaiting(with, lock);
                server.crash();
            }
            server.restart();

            assertEquals(new StepOutcome.Done(), outcome.get(90, TimeUnit.SECONDS), "goes on by itself");
            assertEquals(objects(with, Side.SOURCE), objects(with, Side.TARGET));
            assertEquals(0, number(with, "select count(*) from pg_index where not indisvalid"));
            assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(with, Side.TARGET));
        }
    }

    private static String name(int number) {
        return "public.t" + number;
    }

    private static void create(TestContext with) throws SQLException {
        var statements = new ArrayList<String>();
        for (int i = 1; i <= TABLES; i++) {
            statements.add("create table " + name(i) + " (id int primary key, other int)");
            statements.add("create index on " + name(i) + " (other)");
            statements.add("insert into " + name(i) + " select j, 1 from generate_series(1, " + (i % 9 + 1) + ") j");
            if (i % 5 == 0) {
                statements.add("alter table " + name(i) + " add foreign key (other) references " + name(i - 1));
            }
        }
        NastySchema.run(with, Side.SOURCE, statements);
    }

    /// Keeps one of the last tables from whoever wants it, until the session ends.
    private static DbSession hold(TestContext with) throws SQLException {
        DbSession lock = with.server(Side.TARGET).open("test");
        lock.jdbc().setAutoCommit(false);
        lock.change("lock table " + name(HELD) + " in access exclusive mode");
        return lock;
    }

    private static void awaitWaiting(TestContext with, DbSession lock) throws Exception {
        Eventually.await(
                LONG,
                "a transaction that waits for the held table",
                () -> number(
                                with,
                                "select count(*) from pg_stat_activity where " + lock.pid()
                                        + " = any (pg_blocking_pids(pid)) and backend_xid is not null")
                        > 0);
    }

    /// Indexes and constraints as the server writes them, valid or not; in order.
    private static List<String> objects(TestContext with, Side side) throws SQLException {
        String all = NastySchema.text(with, side, """
                select string_agg(line, e'\\n' order by line collate "C") from (
                    select pg_get_indexdef(indexrelid) || ' ' || indisvalid as line from pg_index
                     where indrelid::regclass::text ~ '^(public[.])?t[0-9]+$'
                    union all
                    select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
                     where contype <> 'n' and conrelid::regclass::text ~ '^(public[.])?t[0-9]+$') x""");
        List<String> lines = all.lines().toList();
        assertEquals(TABLES * 3 + TABLES / 5, lines.size());
        return lines;
    }

    private static int number(TestContext with, String query) throws SQLException {
        return Integer.parseInt(NastySchema.text(with, Side.TARGET, query));
    }
}

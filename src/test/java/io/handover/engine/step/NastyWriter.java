package io.handover.engine.step;

import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.testkit.Pace;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Never stops writing into `NastySchema`'s tables on the source, until it is closed.
final class NastyWriter implements AutoCloseable {

    private final TestContext with;
    private final ExecutorService thread;
    private final Future<Integer> work;
    private final boolean truncates;
    private volatile boolean stop;
    private final AtomicInteger committed = new AtomicInteger();

    NastyWriter(TestContext with) {
        this(with, true);
    }

    /// @param truncates whether it truncates too, which waits for anybody who reads
    NastyWriter(TestContext with, boolean truncates) {
        this.with = with;
        this.truncates = truncates;
        this.thread = with.threads().single("writer");
        this.work = thread.submit(this::write);
    }

    /// Transactions committed so far.
    int committed() {
        return committed.get();
    }

    /// @throws AssertionError if a write failed: the migration must not break the application
    @Override
    public void close() {
        stop = true;
        try {
            work.get();
        } catch (Exception e) {
            throw new AssertionError("the application failed", e);
        } finally {
            thread.shutdown();
        }
    }

    private int write() throws SQLException {
        var random = new Random(42);
        try (DbSession session = with.server(Side.SOURCE).open("writer");
                var sql = session.jdbc().createStatement()) {
            sql.setEscapeProcessing(false);
            session.jdbc().setAutoCommit(false);
            while (!stop) {
                transaction(sql, random);
                session.jdbc().commit();
                committed.incrementAndGet();
                Pace.rest();
            }
        }
        return committed.get();
    }

    private void transaction(Statement sql, Random random) throws SQLException {
        int n = random.nextInt(20_000) + 1;
        switch (random.nextInt(9)) {
            case 0 -> sql.execute("insert into " + NastySchema.HOSTILE + " (\"va'l\\\") values ('n" + n + "')");
            case 1 -> sql.execute("update app.big set filler = 'u" + n + "' where id between " + n + " and " + (n + 3));
            case 2 -> sql.execute("delete from app.big where id = " + n);
            case 3 -> {
                sql.execute(truncates ? "truncate app.scratch" : "delete from app.scratch");
                sql.execute("insert into app.scratch select generate_series(1, " + n % 50 + ")");
            }
            case 4 -> {
                sql.execute("insert into app.generated (a) values (" + n + ")");
                sql.execute("update app.generated set a = a + 1 where id = " + n % 100);
                sql.execute("insert into app.nothing default values");
            }
            case 5 -> sql.execute("update app.part set at = (at + 50) % 100 where id = " + n % 300);
            case 6 -> sql.execute("update app.nokey set b = b || '.' where a = " + n % 50);
            case 7 -> sql.execute("delete from app.nokey where a = " + n % 50 + " and length(b) > 8");
            default ->
                sql.execute("insert into app.registry values (" + (n + 10)
                        + ", 'app.big', null, null) on conflict (id) do update set t = array['app.pair']::regtype[]");
        }
    }
}

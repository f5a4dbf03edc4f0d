package io.handover.engine.step;

import io.handover.model.Reach;
import io.handover.model.Side;
import io.handover.pg.ConnectionString;
import io.handover.pg.DbSession;
import io.handover.pg.SqlFailure;
import io.handover.pg.SqlNames;
import io.handover.pg.Subscriptions;
import io.handover.testkit.Eventually;
import io.handover.testkit.Pace;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// Two databases of which one follows the other, and an application that never stops writing. Made by plain SQL and
/// not by Handover's steps, so that these are not tested by themselves.
public final class StreamedPair implements AutoCloseable {

    /// Limit for waits.
    public static final Duration LONG = Duration.ofSeconds(60);

    private static final String TABLES = """
            create table public.account (id int primary key, balance numeric not null, note text, touched timestamptz);
            create table public.journal (at timestamptz, what text, amount int);
            alter table public.journal replica identity full;
            create table public.scratch (id int primary key, v text);
            create table public.event (id bigint, day int, body text, primary key (id, day)) partition by range (day);
            create table public.event_1 partition of public.event for values from (0) to (50);
            create table public.event_2 partition of public.event for values from (50) to (100);
            create schema "Odd ""schema";
            create table "Odd ""schema"."sel'ect, ""x"" ☃" ("Key \\ 'q' ?" text primary key, "sel""ect {x}" float8, t text);
            create table public.by_index (id int, code text not null, v text);
            create unique index by_code on public.by_index (code);
            alter table public.by_index replica identity using index by_code;
            create table public.fence (id int primary key);
            create table public.quiet (id int primary key, v text, w text, f float8, at timestamptz);
            """;

    private static final String ROWS = """
            insert into public.account select i, i, repeat('n', i % 50), now() from generate_series(1, 20000) i;
            insert into public.journal select now(), 'w' || i % 100, i % 7 from generate_series(1, 3000) i;
            insert into public.event select i, i % 100, repeat('b', 100) from generate_series(1, 5000) i;
            insert into "Odd ""schema"."sel'ect, ""x"" ☃"
                select E'k\\x1f\\\\' || i, i / 3.0, null from generate_series(1, 500) i;
            insert into public.by_index select i, 'c' || i, repeat(md5(i::text), 100) from generate_series(1, 500) i;
            insert into public.quiet select i, 'v' || i, null, i, '2024-01-01' from generate_series(1, 2000) i;
            """;

    private final TestContext context;
    private final Side owner;
    private final AtomicBoolean writing = new AtomicBoolean();
    private final AtomicBoolean busiest = new AtomicBoolean();
    private final AtomicReference<Throwable> writerFailed = new AtomicReference<>();
    private final List<Thread> writers = new ArrayList<>();
    private int fences;

    private StreamedPair(TestContext context, Side owner) {
        this.context = context;
        this.owner = owner;
    }

    /// The source owns, the target follows.
    public static StreamedPair between(String from, String to) throws SQLException, InterruptedException {
        return open(TestContext.between(PgServer.major(from), PgServer.major(to)), Side.SOURCE);
    }

    /// For servers of the test's own.
    public static StreamedPair open(TestContext context, Side owner) throws SQLException, InterruptedException {
        var pair = new StreamedPair(context, owner);
        pair.onOwner(TABLES);
        pair.onFollower(TABLES);
        String name = context.plan().id().publication(owner);
        try (DbSession here = context.server(owner).open("test");
                DbSession there = context.server(owner.other()).open("test")) {
            here.change("create publication " + SqlNames.quoted(name) + " for table public.account, public.journal,"
                    + " public.scratch, public.event_1, public.event_2, public.by_index, public.fence, public.quiet,"
                    + " \"Odd \"\"schema\".\"sel'ect, \"\"x\"\" ☃\"");
            here.change("select pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
            Subscriptions.create(
                    there,
                    name,
                    ConnectionString.of(
                            context.server(owner).endpoint(),
                            Reach.same(),
                            "handover test",
                            there.jdbc().getMetaData().getDatabaseMajorVersion()),
                    name,
                    name,
                    true,
                    LONG);
        }
        pair.onOwner(ROWS);
        pair.fence();
        return pair;
    }

    /// The context for steps.
    public TestContext context() {
        return context;
    }

    /// Name of publication, slot and subscription.
    public String name() {
        return context.plan().id().publication(owner);
    }

    /// Runs statements on the owner.
    public void onOwner(String sql) throws SQLException {
        run(owner, sql);
    }

    /// Runs statements on the follower, as somebody who should not.
    public void onFollower(String sql) throws SQLException {
        run(owner.other(), sql);
    }

    /// Waits until a row written now has arrived: the stream runs, and everything before is there.
    public void fence() throws SQLException, InterruptedException {
        fences++;
        onOwner("insert into public.fence values (" + fences + ")");
        try (DbSession follower = context.server(owner.other()).open("test")) {
            Eventually.await(
                    LONG,
                    "fence " + fences + " has arrived",
                    () -> number(follower.jdbc(), "select count(*) from public.fence where id = " + fences) == 1);
        }
    }

    /// Begins to write on the owner with several sessions, some hundred transactions a second in all.
    public void write(int sessions) {
        write(sessions, Pace::rest);
    }

    /// The same as fast as the machine can, which leaves little of it to what is tested.
    public void writeHeavily(int sessions) {
        write(sessions, () -> {});
    }

    private void write(int sessions, Runnable between) {
        writing.set(true);
        for (int i = 0; i < sessions; i++) {
            int number = i;
            writers.add(context.threads().start("writer " + i, () -> write(new Random(number), number, between)));
        }
    }

    /// Whether most transactions also write one and the same row, so that it is being written whenever one looks.
    public void busiestRow(boolean write) {
        busiest.set(write);
    }

    /// Ends writing.
    public void quiet() throws InterruptedException {
        writing.set(false);
        for (Thread writer : writers) {
            writer.join();
        }
        writers.clear();
        if (writerFailed.get() != null) {
            throw new AssertionError("the application failed", writerFailed.get());
        }
    }

    /// A query with one number.
    public static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            quiet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the application was ending", e);
        } finally {
            context.close();
        }
    }

    private void run(Side side, String sql) throws SQLException {
        try (DbSession session = context.server(side).open("test");
                var statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private void write(Random random, int number, Runnable between) {
        try (DbSession session = context.server(owner).open("application");
                var sql = session.jdbc().createStatement()) {
            sql.setEscapeProcessing(false);
            if (random.nextBoolean()) {
                sql.execute("set synchronous_commit = off");
            }
            session.jdbc().setAutoCommit(false);
            for (int i = 0; writing.get(); i++) {
                try {
                    transaction(sql, random, number * 100_000_000 + i);
                    session.jdbc().commit();
                    between.run();
                } catch (SQLException e) {
                    if (!SqlFailure.state(e).startsWith("40")) {
                        throw e;
                    }
                    session.jdbc().rollback(); // two writers met: an application tries again
                }
            }
        } catch (SQLException e) {
            writerFailed.set(e);
        }
    }

    private void transaction(java.sql.Statement sql, Random random, int fresh) throws SQLException {
        int id = random.nextInt(20_000) + 1;
        switch (random.nextInt(10)) {
            case 0 -> sql.execute("insert into public.journal values (clock_timestamp(), 'new', " + fresh % 5 + ")");
            case 1 ->
                sql.execute("delete from public.journal where ctid in (select ctid from public.journal limit 1"
                        + " for update skip locked)");
            case 2 ->
                sql.execute("insert into public.event values (" + (1_000_000L + fresh) + ", " + random.nextInt(100)
                        + ", 'e') on conflict do nothing");
            case 3 ->
                sql.execute("update public.event set day = " + random.nextInt(100) + " where id = "
                        + (random.nextInt(5_000) + 1));
            case 4 ->
                sql.execute("update public.by_index set v = v || '.', id = id + 1 where code = 'c"
                        + (random.nextInt(500) + 1) + "'");
            case 5 ->
                sql.execute("update \"Odd \"\"schema\".\"sel'ect, \"\"x\"\" ☃\" set \"sel\"\"ect {x}\" = random(),"
                        + " t = E'\\x1f' || random() where \"Key \\ 'q' ?\" = E'k\\x1f\\\\"
                        + (random.nextInt(500) + 1) + "'");
            case 6 -> {
                if (random.nextInt(20) == 0) {
                    sql.execute("truncate public.scratch");
                }
                sql.execute("insert into public.scratch values (" + fresh + ", 's') on conflict do nothing");
            }
            default -> {
                // the lower first, so that no two of these wait for each other
                int other = random.nextInt(20_000) + 1;
                for (int account : new int[] {Math.min(id, other), Math.max(id, other)}) {
                    sql.execute("update public.account set balance = balance + 1, touched = clock_timestamp()"
                            + " where id = " + account);
                }
                if (busiest.get()) {
                    sql.execute("update public.by_index set v = '" + fresh + "' where code = 'c1'");
                }
            }
        }
    }
}

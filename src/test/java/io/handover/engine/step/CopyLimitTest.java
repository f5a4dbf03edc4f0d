package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Archive;
import io.handover.model.CopyMethod;
import io.handover.model.ReadLimit;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import io.handover.testkit.InstalledTools;
import io.handover.testkit.PgServer;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The limit of a copy: 4 MB at 1 MB a second, by two workers together.
class CopyLimitTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long RANGE = 1024 * 1024;

    /// Within the limit a worker may be ahead by what it sends at once.
    private static final double BYTES = 4_000_000 - 2 * 256 * 1024;

    private static final String TABLE = "create table public.big (id int primary key, v text)";
    private static final String ROWS =
            "insert into public.big select i, repeat(md5(i::text), 31) from generate_series(1, 4000) i";

    @Test
    void allWorkersTogetherKeepToIt() throws Exception {
        try (var made = TestContext.between(PgServer.major("15"), PgServer.major("18"))) {
            TestContext with = limited(made);
            long began = System.nanoTime();

            assertInstanceOf(StepOutcome.Done.class, new BaselineStep(LONG, RANGE).run(with));

            double seconds = (System.nanoTime() - began) / 1e9;
            assertTrue(seconds >= BYTES / 1e6, "took " + seconds + " s");
            try (var target = with.server(Side.TARGET).open("test");
                    var sql = target.jdbc().createStatement();
                    var row = sql.executeQuery("select count(*), sum(length(v)) from public.big")) {
                row.next();
                assertEquals(4000, row.getInt(1));
                assertEquals(4000L * 32 * 31, row.getLong(2));
            }
            with.close();
        }
    }

    /// What pg_dump reads, and then what is loaded, whichever way it writes.
    @ParameterizedTest
    @EnumSource(Archive.Format.class)
    void anArchiveIsWrittenAndLoadedNoQuicker(Archive.Format format) throws Exception {
        var _ = InstalledTools.archive(15);
        try (var made = TestContext.between(PgServer.major("15"), PgServer.major("18"))) {
            TestContext limited = limited(made);
            var with = limited.again(limited.plan().with(CopyMethod.ARCHIVE).with(new Archive("", format, "1")));
            long began = System.nanoTime();

            assertInstanceOf(StepOutcome.Done.class, new BaselineStep().run(with));

            double seconds = (System.nanoTime() - began) / 1e9;
            assertTrue(seconds >= 2 * BYTES / 1e6, "took " + seconds + " s");
            with.close();
            limited.close();
        }
    }

    @Test
    void aStopIsObeyedWhileItWaits() throws Exception {
        try (var made = TestContext.between(PgServer.major("15"), PgServer.major("18"))) {
            TestContext with = limited(made);
            var copy = new FutureTask<>(() -> new BaselineStep(LONG, RANGE).run(with));
            with.threads().start("step", copy);
            Eventually.await(
                    LONG,
                    "rows arrive",
                    () -> with.copies().stream()
                            .flatMap(progress -> progress.tables().stream())
                            .anyMatch(table -> table.copiedBytes() > 500_000));

            with.gate().stop();

            assertInstanceOf(StepOutcome.Stopped.class, copy.get(20, TimeUnit.SECONDS));
            with.close();
        }
    }

    @Test
    void whilePausedNothingArrivesAndThenAllOfIt() throws Exception {
        try (var made = TestContext.between(PgServer.major("15"), PgServer.major("18"))) {
            TestContext with = limited(made);
            var copy = new FutureTask<>(() -> new BaselineStep(LONG, RANGE).run(with));
            with.threads().start("step", copy);
            Eventually.await(LONG, "rows arrive", () -> bytes(with) > 500_000);

            with.gate().hold();
            Thread.sleep(1500); // what was on its way when it was held
            long held = bytes(with);
            Thread.sleep(1500);
            assertEquals(held, bytes(with));
            with.gate().resume();

            assertInstanceOf(StepOutcome.Done.class, copy.get(60, TimeUnit.SECONDS));
            assertTrue(bytes(with) > held);
            with.close();
        }
    }

    private static long bytes(TestContext with) {
        var all = with.copies();
        return all.isEmpty()
                ? 0
                : all.getLast().tables().stream()
                        .mapToLong(table -> table.copiedBytes())
                        .sum();
    }

    @Test
    void workersComeAndGoWhileItRuns() throws Exception {
        try (var made = TestContext.between(PgServer.major("15"), PgServer.major("18"))) {
            TestContext with = limited(made);
            with.plan(with.plan().withWorkers(1));
            var copy = new FutureTask<>(() -> new BaselineStep(LONG, RANGE).run(with));
            with.threads().start("step", copy);
            Eventually.await(LONG, "one copies", () -> copying(with) == 1);

            with.plan(with.plan().withWorkers(3));
            Eventually.await(LONG, "three copy", () -> copying(with) == 3);
            with.plan(with.plan().with(new ReadLimit(4)).withWorkers(1));
            Eventually.await(LONG, "one is left, or it is over", () -> copying(with) == 1 || copy.isDone());

            assertInstanceOf(StepOutcome.Done.class, copy.get(60, TimeUnit.SECONDS));
            try (var target = with.server(Side.TARGET).open("test");
                    var sql = target.jdbc().createStatement();
                    var row = sql.executeQuery("select count(*), count(distinct id) from public.big")) {
                row.next();
                assertEquals(4000, row.getInt(1));
                assertEquals(4000, row.getInt(2));
            }
            with.close();
        }
    }

    private static int copying(TestContext with) throws java.sql.SQLException {
        try (var source = with.server(Side.SOURCE).open("look");
                var sql = source.jdbc().createStatement();
                var row = sql.executeQuery("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and application_name like 'handover copy %' and query like 'copy %'")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static TestContext limited(TestContext made) throws Exception {
        for (Side side : Side.values()) {
            try (var session = made.server(side).open("test");
                    var sql = session.jdbc().createStatement()) {
                sql.execute(TABLE);
                if (side == Side.SOURCE) {
                    sql.execute(ROWS);
                }
            }
        }
        return made.again(made.plan().with(new ReadLimit(1)));
    }
}

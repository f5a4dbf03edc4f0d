package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Archive;
import io.handover.model.CopyMethod;
import io.handover.model.CopyProgress;
import io.handover.model.ReadLimit;
import io.handover.model.Side;
import io.handover.model.TableProgress;
import io.handover.model.TableRef;
import io.handover.model.Waves;
import io.handover.pg.CopyPiece;
import io.handover.pg.DbSession;
import io.handover.pg.Fence;
import io.handover.pg.PgDump;
import io.handover.pg.SlotMaker;
import io.handover.testkit.Eventually;
import io.handover.testkit.InstalledTools;
import io.handover.testkit.PgServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Copies that are paused where other programs do the work, while the application goes on writing.
///
/// What could go wrong: something moves all the same, or is begun; what was held breaks and costs the copy; a
/// row that came meanwhile is missing or there twice; the pause is not to be ended, or not to be stopped. That
/// TRUNCATE on the source waits until an archive is written, and so through a pause, is PostgreSQL's rule.
class PausedCopyTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Archive.Format.class)
    void anArchiveIsHeldWhileItIsWrittenAndWhileItIsLoaded(Archive.Format format) throws Exception {
        var _ = InstalledTools.archive(15);
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = archived(first, format)) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with, false);
                    AutoCloseable _ = with.gate()::resume) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                var copy = new FutureTask<>(() -> new BaselineStep().run(with));
                with.threads().start("step", copy);

                Eventually.await(LONG, "the archive grows", () -> written() > 1_000_000);
                with.gate().hold();
                assertStill(this::written);
                int now = writer.committed();
                Eventually.await(LONG, "the application writes on", () -> writer.committed() > now + 20);
                CopyProgress shown = with.copies().getLast();
                assertTrue(shown.phase().startsWith("Writing the archive"), shown.phase());
                Eventually.await(
                        LONG,
                        "the snapshot's age is told",
                        () -> with.copies().getLast().snapshotAge().compareTo(shown.snapshotAge()) > 0);
                long held = written();
                with.gate().resume();
                Eventually.await(LONG, "it grows on", () -> written() > held + 200_000);

                Eventually.await(LONG, "rows are loaded", () -> loaded(with) > 1_000_000);
                with.gate().hold();
                assertStill(() -> loaded(with));
                assertFalse(copy.isDone());
                with.gate().resume();

                done(copy.get(120, TimeUnit.SECONDS));
                done(new SubscribeStep(Side.SOURCE).run(with));
            }
            equal(with);
        }
    }

    @Test
    void anArchiveThatIsHeldCanBeStopped() throws Exception {
        var _ = InstalledTools.archive(15);
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = archived(first, Archive.Format.CUSTOM)) {
            NastySchema.create(with);
            var copy = new FutureTask<>(() -> new BaselineStep().run(with));
            with.threads().start("step", copy);
            Eventually.await(LONG, "the archive grows", () -> written() > 1_000_000);
            with.gate().hold();
            with.gate().stop();
            assertInstanceOf(StepOutcome.Stopped.class, copy.get(20, TimeUnit.SECONDS));
            Eventually.await(
                    LONG,
                    "nothing of it is left on the source",
                    () -> NastySchema.text(
                                    with,
                                    Side.SOURCE,
                                    "select (select count(*) from pg_stat_activity where application_name like '% archive %')"
                                            + " + (select count(*) from pg_replication_slots"
                                            + " where database = current_database())")
                            .equals("0"));
            assertEquals(0, written());
        }
    }

    /// The servers copy two tables at a time: those get to their end, and no third is begun.
    @Test
    void inASecondWaveNoFurtherTableIsBegun() throws Exception {
        var small = new Waves(List.of(List.of(new TableRef("app", "nokey"))), 1, 0);
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = first.again(first.plan().with(small))) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with);
                    AutoCloseable _ = with.gate()::resume;
                    var lock = with.server(Side.TARGET).open("test")) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                var copy = new FutureTask<>(
                        () -> new BaselineStep(SlotMaker.TRY, CopyPiece.RANGE, LONG, PgDump::installed, 0).run(with));
                lock.jdbc().setAutoCommit(false);
                with.threads().start("step", copy);
                Eventually.await(
                        LONG,
                        "the first wave is copied",
                        () -> with.copiedTables().contains(new TableRef("app", "nokey")));
                Eventually.await(LONG, "keys are built and the fence follows", () -> subscribed(with) > 0);
                lock.change("lock table app.big in share row exclusive mode");
                Eventually.await(
                        LONG,
                        "the second wave is at the biggest",
                        () -> NastySchema.text(
                                        with,
                                        Side.TARGET,
                                        "select count(*) from pg_locks where not granted and relation = 'app.big'::regclass")
                                .equals("1"));

                with.gate().hold();
                lock.jdbc().rollback();
                Eventually.await(
                        LONG,
                        "what was begun is copied",
                        () -> with.copies().getLast().phase().endsWith(": none is being copied"));
                assertStill(() -> subscribed(with));
                assertTrue(subscribed(with) < 8, "the others are not even known: " + subscribed(with));
                int now = writer.committed();
                Eventually.await(LONG, "the application writes on", () -> writer.committed() > now + 20);
                assertFalse(copy.isDone());
                assertTrue(with.copiedTables().contains(new TableRef("app", "big")));

                with.gate().resume();
                done(copy.get(120, TimeUnit.SECONDS));
                done(new SubscribeStep(Side.SOURCE).run(with));
            }
            equal(with);
        }
    }

    private TestContext archived(TestContext first, Archive.Format format) {
        return first.again(first.plan()
                .with(CopyMethod.ARCHIVE)
                .with(new Archive(folder.toString(), format, "0"))
                .with(new ReadLimit(2)));
    }

    private static void assertStill(LongSupplier what) throws InterruptedException {
        Thread.sleep(1500); // what was on its way when it was held
        long held = what.getAsLong();
        Thread.sleep(1500);
        assertEquals(held, what.getAsLong());
    }

    private long written() {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException | java.io.UncheckedIOException _) {
            return 0; // it is being given its final name
        }
    }

    private static long loaded(TestContext with) {
        var all = with.copies();
        return all.isEmpty()
                ? 0
                : all.getLast().tables().stream()
                        .mapToLong(TableProgress::copiedBytes)
                        .sum();
    }

    private static long subscribed(TestContext with) {
        try {
            return Long.parseLong(NastySchema.text(
                    with,
                    Side.TARGET,
                    "select count(*) from pg_subscription_rel r join pg_subscription s on s.oid = r.srsubid"
                            + " join pg_database d on d.oid = s.subdbid and d.datname = current_database()"));
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void done(StepOutcome outcome) {
        assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
    }

    private static void equal(TestContext with) throws Exception {
        try (DbSession source = with.server(Side.SOURCE).open("finish");
                DbSession target = with.server(Side.TARGET).open("finish")) {
            assertTrue(Fence.plant(source).arrives(target, LONG));
        }
        assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(with, Side.TARGET));
    }
}

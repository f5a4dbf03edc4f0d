package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.handover.check.Preflight;
import io.handover.model.Archive;
import io.handover.model.Finding;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.CopyPiece;
import io.handover.pg.DbSession;
import io.handover.pg.Fence;
import io.handover.pg.PgDump;
import io.handover.pg.SlotMaker;
import io.handover.testkit.Eventually;
import io.handover.testkit.InstalledTools;
import io.handover.testkit.PgServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What can go wrong with a copy through an archive: it is broken off, has no room, or no programs.
class ArchiveTroubleTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private TestContext first;

    @BeforeEach
    void tables() throws SQLException, InterruptedException {
        var _ = InstalledTools.archive(15);
        first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
        NastySchema.create(first);
    }

    @AfterEach
    void drop() throws SQLException {
        if (first != null) {
            first.close();
        }
    }

    @Test
    void killedWhilePgDumpReadsItLeavesNothingAndBeginsAnew() throws Exception {
        NastySchema.run(
                first,
                Side.SOURCE,
                List.of("insert into app.nokey select i, (select string_agg(md5((i * j)::text), '') from"
                        + " generate_series(1, 100) j) from generate_series(1, 10000) i"));
        try (var with = kept("9");
                var again = kept("1");
                var writer = new NastyWriter(with)) {
            Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
            Future<StepOutcome> outcome = start(with);
            Eventually.await(LONG, "pg_dump reads", () -> dumping(with) > 0);
            outcome.cancel(true);
            Eventually.await(LONG, "pg_dump has ended", () -> dumping(with) == 0);
            Eventually.await(LONG, "nothing is left", () -> files() == 0 && !Files.exists(temporary(with)));
            assertEquals(Set.of(), with.copiedTables());

            done(new BaselineStep().run(again));
            done(new SubscribeStep(Side.SOURCE).run(again));
        }
        equal();
    }

    @Test
    void killedWhileItIsLoadedKeepsWhatIsWholeAndTheServersBringTheRest() throws Exception {
        try (var with = kept("1");
                var again = kept("1", with);
                var writer = new NastyWriter(with)) {
            Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
            try (DbSession lock = with.server(Side.TARGET).open("test")) {
                lock.jdbc().setAutoCommit(false);
                lock.change("lock table app.acl in share mode");
                Future<StepOutcome> outcome = start(with);
                Eventually.await(
                        LONG,
                        "all tables but one are loaded",
                        () -> with.copiedTables().size() == 10);
                outcome.cancel(true);
                // the lock goes only when nobody is left who could still load the last table
                Eventually.await(
                        LONG,
                        "its workers have ended",
                        () -> Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(thread -> thread.getName().equals("copy")));
            }
            Eventually.await(
                    LONG, "its sessions have ended", () -> loading(with) == 0); // with the lock they waited for
            assertFalse(with.copiedTables().contains(new TableRef("app", "acl")));
            assertEquals(1, files(), "the archive is whole, and kept");

            done(new BaselineStep().run(again));

            var kept = again.lines().stream()
                    .filter(TestContext.Line.Kept.class::isInstance)
                    .map(line -> ((TestContext.Line.Kept) line).tables())
                    .toList();
            assertEquals(9, kept.getFirst().size(), "the unlogged one is copied again: " + kept);
            done(new SubscribeStep(Side.SOURCE).run(again));
        }
        equal();
    }

    /// A Handover that is killed outright ends nothing: its pg_dump goes on, and its temporary archive stays.
    @Test
    void whatAKilledRunHasLeftIsEndedAndRemoved() throws Exception {
        try (var with = ArchiveCopyTest.through(first, Archive.TEMPORARY);
                var left = with.server(Side.SOURCE).open("test")) {
            left.change(
                    "set application_name = 'handover archive " + with.plan().id() + "'");
            Files.createDirectory(temporary(with));
            Files.writeString(temporary(with).resolve("3456.dat"), "half of a table");

            done(new BaselineStep().run(with));

            assertFalse(left.jdbc().isValid(5), "it is ended");
            assertFalse(Files.exists(temporary(with)), "it is removed");
        }
    }

    @Test
    void aFullDiskIsSaidAndLeavesNothing() throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "none", folder.toString()) == 0, "may not mount");
        try (var with = kept("0")) {
            var failed = assertInstanceOf(StepOutcome.Failed.class, new BaselineStep().run(with));

            assertEquals("archive-not-written", failed.problem().code());
            assertTrue(failed.problem().details().contains("No space left on device"), failed::toString);
            assertEquals(0, files());
            nothingBegun(with);
        } finally {
            run("umount", folder.toString());
        }
    }

    @Test
    void aFolderThatIsNotThereIsABlockerAndRefused() throws Exception {
        var archive = new Archive(folder.resolve("nowhere").toString(), Archive.Format.DIRECTORY, "1");
        try (var with = ArchiveCopyTest.through(first, archive)) {
            Finding finding = finding(with, PgDump.installed(with.threads()));
            assertEquals(Severity.BLOCKER, finding.severity());
            assertTrue(finding.why().contains("nowhere does not exist"), finding::toString);

            var failed = assertInstanceOf(StepOutcome.Failed.class, new BaselineStep().run(with));
            assertEquals("archive-place", failed.problem().code());
            nothingBegun(with);
        }
    }

    @Test
    void withoutPgRestoreItIsRefusedBeforeAnythingIsBegun() throws Exception {
        Path program =
                PgDump.installed(first.threads()).archiveTools(15).orElseThrow().dump();
        Files.createSymbolicLink(folder.resolve("pg_dump"), program);
        try (var with = kept("1")) {
            var alone = new PgDump(List.of(folder), with.threads());
            Finding finding = finding(with, alone);
            assertEquals(Severity.BLOCKER, finding.severity());
            assertTrue(finding.remedy().contains("postgresql-client-15"), finding::toString);

            var failed = assertInstanceOf(
                    StepOutcome.Failed.class,
                    new BaselineStep(SlotMaker.TRY, CopyPiece.RANGE, LONG, _ -> alone).run(with));
            assertEquals("archive-tools", failed.problem().code());
            nothingBegun(with);
        }
    }

    private TestContext kept(String compression) {
        return kept(compression, first);
    }

    private TestContext kept(String compression, TestContext before) {
        return ArchiveCopyTest.through(before, new Archive(folder.toString(), Archive.Format.DIRECTORY, compression));
    }

    private static Future<StepOutcome> start(TestContext with) {
        return with.threads().single("step").submit(() -> new BaselineStep().run(with));
    }

    private static Finding finding(TestContext with, PgDump pgDump) throws Exception {
        return Preflight.run(with.plan(), with.server(Side.SOURCE), with.server(Side.TARGET), pgDump, Clock.systemUTC())
                .findings()
                .stream()
                .filter(found -> found.check().equals("archive"))
                .findFirst()
                .orElseThrow();
    }

    private int files() throws java.io.IOException {
        try (var files = Files.list(folder)) {
            return (int) files.count();
        }
    }

    private static Path temporary(TestContext with) {
        return ArchiveCopyTest.temporary(with);
    }

    private static int dumping(TestContext with) throws SQLException {
        return Integer.parseInt(NastySchema.text(
                with,
                Side.SOURCE,
                "select count(*) from pg_stat_activity where application_name = 'handover archive "
                        + with.plan().id() + "'"));
    }

    private static int loading(TestContext with) throws SQLException {
        return Integer.parseInt(NastySchema.text(
                with,
                Side.TARGET,
                "select count(*) from pg_stat_activity where application_name like 'handover copy %'"
                        + " and datname = current_database()"));
    }

    private static void nothingBegun(TestContext with) throws SQLException {
        assertFalse(Files.exists(temporary(with)));
        assertEquals(
                "0",
                NastySchema.text(
                        with,
                        Side.SOURCE,
                        "select (select count(*) from pg_replication_slots where database = current_database())"
                                + " + (select count(*) from pg_publication)"));
    }

    private static int run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (java.io.IOException _) {
            return -1; // no such program here
        }
    }

    private static void done(StepOutcome outcome) {
        assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
    }

    private void equal() throws Exception {
        try (DbSession source = first.server(Side.SOURCE).open("finish");
                DbSession target = first.server(Side.TARGET).open("finish")) {
            assertTrue(Fence.plant(source).arrives(target, LONG));
        }
        assertEquals(NastySchema.contents(first, Side.SOURCE), NastySchema.contents(first, Side.TARGET));
    }
}

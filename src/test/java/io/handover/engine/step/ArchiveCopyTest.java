package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Archive;
import io.handover.model.CopyMethod;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.Plan;
import io.handover.model.Scope;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.ArchiveTools;
import io.handover.pg.DbSession;
import io.handover.pg.Fence;
import io.handover.testkit.Eventually;
import io.handover.testkit.InstalledTools;
import io.handover.testkit.PgServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rows that go through an archive of `pg_dump`, while the application goes on writing. With the
/// `pg_dump` of this computer, which is why no source is newer than 15.
class ArchiveCopyTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private ArchiveTools tools;

    @BeforeEach
    void installed() throws InterruptedException {
        tools = InstalledTools.archive(15);
    }

    @ParameterizedTest
    @CsvSource({"13, 17, DIRECTORY, 1", "15, 18, DIRECTORY, 0", "15, 17, CUSTOM, gzip:3"})
    void everyRowArrivesOnceAndNothingIsLeft(String from, String to, Archive.Format format, String compression)
            throws Exception {
        try (var first = TestContext.between(PgServer.major(from), PgServer.major(to));
                var with = through(first, new Archive("", format, compression))) {
            NastySchema.create(with);
            largeObject(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                done(new BaselineStep().run(with));
                int now = writer.committed();
                Eventually.await(LONG, "the application writes on", () -> writer.committed() > now + 50);
                done(new SubscribeStep(Side.SOURCE).run(with));
            }
            equal(with);
            assertFalse(Files.exists(temporary(with)), "the archive is gone");
            assertEquals("large", NastySchema.text(with, Side.TARGET, "select convert_from(lo_get(4711), 'UTF8')"));
        }
    }

    @Test
    void aKeptArchiveIsWholeAndPrivateAndNobodyElseReadsIt() throws Exception {
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = through(first, new Archive(folder.toString(), Archive.Format.DIRECTORY, "1"))) {
            NastySchema.create(with);
            largeObject(with);
            done(new BaselineStep().run(with));

            Path archive = folder.resolve("handover-" + with.plan().id());
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)));
            String list = list(archive);
            assertTrue(list.contains("TABLE DATA app big "), list);
            assertTrue(list.contains("TABLE app big "), "with the schema");
            assertTrue(list.contains("BLOBS"), "with the large objects");
            try (var files = Files.list(folder)) {
                assertEquals(1, files.count(), "nothing else");
            }
            assertTrue(with.copies().stream().anyMatch(shown -> shown.phase().startsWith("Loading the archive")));
        }
    }

    @Test
    void aKeptArchiveRestoresByItself() throws Exception {
        PgServer other = PgServer.major("17");
        String database = other.newDatabase();
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = through(first, new Archive(folder.toString(), Archive.Format.CUSTOM, "1"));
                var there = TestContext.of(
                        Plan.of(
                                with.plan().id(),
                                with.plan().source(),
                                other.endpoint(database).profile()),
                        new Credentials(
                                with.server(Side.SOURCE).endpoint().password(),
                                other.endpoint(database).password()))) {
            NastySchema.create(with);
            done(new BaselineStep().run(with));

            Endpoint to = other.endpoint(database);
            var restore = new ProcessBuilder(
                    tools.restore().toString(),
                    "--no-owner",
                    "--exit-on-error",
                    "--dbname=" + database,
                    folder.resolve("handover-" + with.plan().id() + ".dump").toString());
            restore.environment().put("PGHOST", to.profile().host());
            restore.environment().put("PGPORT", "" + to.profile().port());
            restore.environment().put("PGUSER", to.profile().user());
            restore.environment().put("PGPASSWORD", to.password().reveal());
            assertEquals(0, restore.inheritIO().start().waitFor());

            assertEquals(NastySchema.contents(with, Side.SOURCE), NastySchema.contents(there, Side.TARGET));
        } finally {
            other.drop(database);
        }
    }

    @Test
    void tablesThatAreLeftOutAreNotEvenRead() throws Exception {
        var left = Set.of(new TableRef("app", "big"), new TableRef("Sch\"ema ' \\ ☃", "select; \"x\" -- , ?{fn}"));
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = first.again(first.plan()
                        .with(new Scope(Set.of(), left))
                        .with(CopyMethod.ARCHIVE)
                        .with(new Archive(folder.toString(), Archive.Format.CUSTOM, "1")))) {
            NastySchema.create(with);
            done(new BaselineStep().run(with));

            String list = list(folder.resolve("handover-" + with.plan().id() + ".dump"));
            assertTrue(list.contains("TABLE DATA app nokey "), list);
            assertFalse(list.contains("app big "), list);
            assertFalse(list.contains("{fn}"), list);
            assertEquals("0", NastySchema.text(with, Side.TARGET, "select count(*) from " + NastySchema.HOSTILE));
        }
    }

    static TestContext through(TestContext first, Archive archive) {
        return first.again(first.plan().with(CopyMethod.ARCHIVE).with(archive));
    }

    static Path temporary(TestContext with) {
        return Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("handover-" + with.plan().id() + "-archive");
    }

    private String list(Path archive) throws Exception {
        Process process = new ProcessBuilder(tools.restore().toString(), "-l", archive.toString())
                .redirectErrorStream(true)
                .start();
        String list = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), list);
        return list;
    }

    private static void largeObject(TestContext with) throws SQLException {
        NastySchema.run(with, Side.SOURCE, List.of("select lo_from_bytea(4711, 'large')"));
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

package io.handover.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.engine.step.BaselineStep;
import io.handover.engine.step.StepOutcome;
import io.handover.engine.step.TestContext;
import io.handover.model.Archive;
import io.handover.model.CopyMethod;
import io.handover.model.Credentials;
import io.handover.model.Forecast;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.model.Waves;
import io.handover.pg.DbSession;
import io.handover.pg.SqlLog;
import io.handover.testkit.InstalledTools;
import io.handover.testkit.PgServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is foretold is held against what then comes.
class ForecastsTest {

    private static final String BIG = "create table public.big (id int primary key, what text, noise text)";
    private static final String SMALL = "create table public.small (id int primary key, what text)";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"DIRECTORY, 1", "CUSTOM, 6", "DIRECTORY, 0"})
    void theArchiveComesToAboutAsMuchAsWasForetold(Archive.Format format, String compression) throws Exception {
        var _ = InstalledTools.archive(15);
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = first.again(first.plan()
                        .with(CopyMethod.ARCHIVE)
                        .with(new Archive(folder.toString(), format, compression)))) {
            tables(with);
            var found = forecast(with).archive().orElseThrow();
            assertEquals(folder.toString(), found.place());
            assertEquals(format == Archive.Format.CUSTOM ? 1 : 2, found.writers());
            assertTrue(found.free() > 0
                    && found.free() <= Files.getFileStore(folder).getTotalSpace());

            assertInstanceOf(StepOutcome.Done.class, new BaselineStep().run(with));

            long bytes;
            try (var files = Files.walk(folder)) {
                bytes = files.filter(Files::isRegularFile)
                        .mapToLong(file -> file.toFile().length())
                        .sum();
            }
            double off = (double) found.bytes() / bytes;
            assertTrue(off > 0.6 && off < 1.6, "foretold " + found.bytes() + ", it is " + bytes);
        }
    }

    @Test
    void wavesAreForetoldAsTheyWillBeDivided() throws Exception {
        var waves = new Waves(List.of(List.of(new TableRef("public", "small"))), 1, 0);
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = first.again(first.plan().with(waves).withWorkers(5))) {
            tables(with);
            Forecast found = forecast(with);
            assertTrue(found.known());
            assertEquals(2, found.waves().size());
            assertEquals(CopyMethod.THROUGH_HERE, found.waves().getFirst().way());
            assertEquals(5, found.waves().getFirst().workers());
            assertEquals(CopyMethod.SERVER_TO_SERVER, found.waves().getLast().way());
            assertTrue(
                    found.waves().getLast().bytes()
                            > 10 * found.waves().getFirst().bytes(),
                    found::toString);
            try (var target = with.server(Side.TARGET).open("test");
                    var query = target.jdbc().createStatement();
                    var row = query.executeQuery("show max_sync_workers_per_subscription")) {
                row.next();
                assertEquals(row.getInt(1), found.waves().getLast().workers());
            }
        }
    }

    @Test
    void aFolderThatIsNotThereIsSaidBeforeTheStart() throws Exception {
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = first.again(first.plan()
                        .with(CopyMethod.ARCHIVE)
                        .with(new Archive("/no/such/folder", Archive.Format.CUSTOM, "1")))) {
            tables(with);
            var refused = assertThrows(EngineException.class, () -> forecast(with));
            assertEquals("archive-place", refused.problem().code());
            assertTrue(refused.problem().details().contains("/no/such/folder"), refused.problem()::details);
        }
    }

    private static Forecast forecast(TestContext with) throws SQLException, EngineException {
        Plan plan = with.plan();
        try (var servers = Servers.of(
                plan,
                new Credentials(
                        with.server(Side.SOURCE).endpoint().password(),
                        with.server(Side.TARGET).endpoint().password()),
                new SqlLog(Clock.systemUTC()))) {
            return new Forecasts(servers, plan).make();
        }
    }

    private static void tables(TestContext with) throws SQLException {
        for (Side side : Side.values()) {
            try (DbSession session = with.server(side).open("test")) {
                session.change(BIG);
                session.change(SMALL);
                if (side == Side.SOURCE) {
                    session.change("insert into public.big select i, 'ordered, packed and sent to customer ' || i % 99,"
                            + " md5(i::text) from generate_series(1, 60000) i");
                    session.change("insert into public.small select i, 'x' from generate_series(1, 900) i");
                    session.change("analyze public.big, public.small");
                }
            }
        }
    }
}

package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.CopyMethod;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.model.Waves;
import io.handover.pg.Catalog;
import io.handover.pg.DbSession;
import io.handover.pg.Fence;
import io.handover.testkit.Eventually;
import io.handover.testkit.InstalledTools;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tables that move in several waves, while the application goes on writing into all of them.
class WavedCopyTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final Waves THREE = new Waves(
            List.of(
                    List.of(new TableRef("app", "big"), new TableRef("app", "nokey")),
                    List.of(new TableRef("app", "part_1"), new TableRef("app", "acl"))),
            1,
            0);

    @ParameterizedTest
    @CsvSource({"13, 17, THROUGH_HERE", "15, 18, THROUGH_HERE", "15, 17, SERVER_TO_SERVER", "15, 17, ARCHIVE"})
    void eachWaveFollowsTheSourceBeforeTheNextIsCopied(String from, String to, CopyMethod way) throws Exception {
        if (way == CopyMethod.ARCHIVE) {
            var _ = InstalledTools.archive(15);
        }
        try (var first = TestContext.between(PgServer.major(from), PgServer.major(to));
                var with = first.again(first.plan().with(way).with(THREE))) {
            NastySchema.create(with);
            NastySchema.run(with, Side.SOURCE, List.of("select lo_from_bytea(4711, 'large')"));
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                done(new BaselineStep().run(with));
                int now = writer.committed();
                Eventually.await(LONG, "the application writes on", () -> writer.committed() > now + 50);
                done(new SubscribeStep(Side.SOURCE).run(with));
            }
            equal(with);
            assertEquals("large", NastySchema.text(with, Side.TARGET, "select convert_from(lo_get(4711), 'UTF8')"));
            for (int wave = 2; wave <= 3; wave++) {
                String said = "wave " + wave + " of 3";
                assertTrue(
                        with.copies().stream().anyMatch(shown -> shown.phase().contains(said)), said);
            }
        }
    }

    @Test
    void killedInASecondWaveItGoesOnThere() throws Exception {
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = first.again(first.plan().with(THREE))) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                try (var lock = with.server(Side.TARGET).open("test");
                        var other = with.server(Side.SOURCE).open("other writer")) {
                    lock.jdbc().setAutoCommit(false);
                    lock.change("lock table app.acl in share row exclusive mode");
                    Future<StepOutcome> outcome =
                            with.threads().single("step").submit(() -> new BaselineStep().run(with));
                    Eventually.await(LONG, "the tables of later waves are emptied", () -> waits(with, "truncate%"));
                    other.jdbc().setAutoCommit(false);
                    other.change("insert into app.cache values (9999)"); // no slot can be made until it ends
                    lock.jdbc().rollback();
                    Eventually.await(LONG, "the second wave begins", () -> inWave(with, 2));
                    outcome.cancel(true);
                    other.jdbc().rollback();
                }
                try (var again = with.again()) {
                    done(new BaselineStep().run(again));
                    done(new SubscribeStep(Side.SOURCE).run(again));
                    assertTrue(again.lines().stream().anyMatch(TestContext.Line.Kept.class::isInstance), "kept");
                }
            }
            equal(with);
        }
    }

    @Test
    void killedBetweenTheWavesItBringsTheOthers() throws Exception {
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = first.again(first.plan().with(THREE))) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                Future<StepOutcome> outcome = with.threads().single("step").submit(() -> new BaselineStep().run(with));
                Eventually.await(
                        LONG,
                        "the first wave is copied",
                        () -> with.copiedTables().containsAll(THREE.named().getFirst()));
                outcome.cancel(true);
                Eventually.await(LONG, "it has ended", outcome::isDone);
                try (var again = with.again()) {
                    done(new BaselineStep().run(again));
                    done(new SubscribeStep(Side.SOURCE).run(again));
                }
            }
            equal(with);
        }
    }

    @Test
    void afterAnInterruptionTheWavesAreAsTheyWerePlanned() throws Exception {
        var three = new Waves(List.of(), 3, 0);
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = first.again(first.plan().with(three))) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                Future<StepOutcome> outcome = with.threads().single("step").submit(() -> new BaselineStep().run(with));
                Eventually.await(
                        LONG,
                        "the first wave is copied",
                        () -> with.division().size() == 3
                                && with.copiedTables()
                                        .containsAll(with.division().getFirst()));
                outcome.cancel(true);
                Eventually.await(LONG, "it has ended", outcome::isDone);
                var planned = with.division();
                TableRef small = planned.getLast().getLast();
                NastySchema.run(
                        with,
                        Side.SOURCE,
                        List.of(
                                "create table app.late (id int primary key)",
                                "insert into app.registry select i, 'app.big', array_fill('int4'::regtype, array[200]),"
                                        + " 'app.part' from generate_series(100001, 120000) i"));
                NastySchema.run(with, Side.TARGET, List.of("create table app.late (id int primary key)"));
                assertNotEquals(planned, divided(with, three), "sizes would divide them otherwise now");

                try (var again = with.again()) {
                    assertEquals(planned, again.division());
                    done(new BaselineStep().run(again));
                    assertWaves(again, planned);
                    done(new SubscribeStep(Side.SOURCE).run(again));
                    assertTrue(again.copiedTables().contains(small));
                }
            }
            equal(with);
        }
    }

    /// Between two waves' notes exactly the tables of the second are copied.
    private static void assertWaves(TestContext again, List<List<TableRef>> planned) {
        var wave = new TreeSet<TableRef>();
        int number = 1;
        for (TestContext.Line line : again.lines()) {
            if (line instanceof TestContext.Line.Copied copied) {
                wave.add(copied.table());
            } else if (line instanceof TestContext.Line.Note(String text) && text.startsWith("Wave ")) {
                number = Integer.parseInt(text.split(" ", 3)[1]);
                assertEquals(
                        number <= planned.size()
                                ? new TreeSet<>(planned.get(number - 1))
                                : Set.of(new TableRef("app", "late")),
                        wave,
                        text);
                wave.clear();
            }
        }
        assertEquals(4, number, "the table nobody knew of is a wave of its own");
    }

    private static List<List<TableRef>> divided(TestContext with, Waves waves) throws SQLException {
        try (DbSession source = with.server(Side.SOURCE).open("look")) {
            return waves.of(Catalog.tables(source.jdbc())).stream()
                    .map(wave -> List.copyOf(wave.names()))
                    .toList();
        }
    }

    private static boolean waits(TestContext with, String query) throws SQLException {
        return NastySchema.text(
                        with,
                        Side.TARGET,
                        "select count(*) > 0 from pg_stat_activity where datname = current_database()"
                                + " and wait_event_type = 'Lock' and query like '" + query + "'")
                .equals("t");
    }

    private static boolean inWave(TestContext with, int number) {
        return with.copies().stream().anyMatch(shown -> shown.phase().contains("wave " + number + " of"));
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

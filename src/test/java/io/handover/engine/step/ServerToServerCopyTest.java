package io.handover.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.CopyMethod;
import io.handover.model.Reach;
import io.handover.model.Side;
import io.handover.pg.DbSession;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rows that the target fetches by itself, while the application goes on writing.
class ServerToServerCopyTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @ParameterizedTest
    @CsvSource({"13, 17", "15, 18"})
    void everyRowArrivesOnceAndNoneThroughThisProgram(String from, String to) throws Exception {
        try (var first = TestContext.between(PgServer.major(from), PgServer.major(to));
                var with = serverToServer(first)) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                done(new BaselineStep().run(with));
                assertEquals(
                        NastySchema.text(
                                with,
                                Side.TARGET,
                                "select count(*) from pg_subscription_rel where"
                                        + " srrelid <> 'handover.fence'::regclass and srsubid in (select oid from"
                                        + " pg_subscription where subdbid = (select oid from pg_database"
                                        + " where datname = current_database()))"),
                        "" + synced(with),
                        "all of them by the servers");
                int now = writer.committed();
                Eventually.await(LONG, "the application writes on", () -> writer.committed() > now + 50);
                done(new SubscribeStep(Side.SOURCE).run(with));
            }
            equal(with);
        }
    }

    @Test
    void itGoesOnWithoutThisProgramAndIsFoundAgain() throws Exception {
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = serverToServer(first);
                var again = serverToServer(first)) {
            NastySchema.create(with);
            try (var writer = new NastyWriter(with)) {
                Eventually.await(LONG, "the application writes", () -> writer.committed() > 20);
                Future<StepOutcome> outcome = with.threads().single("step").submit(() -> new BaselineStep().run(with));
                Eventually.await(LONG, "the slot is made", () -> slots(with) > 0);
                try (DbSession other = with.server(Side.SOURCE).open("other writer")) {
                    other.jdbc().setAutoCommit(false);
                    other.change("insert into app.cache values (9999)"); // no slot can be made until it ends
                    Eventually.await(LONG, "a table waits for its slot", () -> waiting(with) > 0);
                    outcome.cancel(true); // as a kill does: nothing is tidied up
                    assertEquals(0, synced(with));
                    other.jdbc().rollback();
                }
                Eventually.await(LONG, "the servers bring the rest by themselves", () -> left(with) == 0);

                done(new BaselineStep().run(again));

                assertTrue(again.lines().stream().anyMatch(TestContext.Line.Kept.class::isInstance), "not once more");
                done(new SubscribeStep(Side.SOURCE).run(again));
            }
            equal(again);
        }
    }

    @Test
    void aTargetThatCannotReachTheSourceLeavesNothingBehind() throws Exception {
        try (var first = TestContext.between(PgServer.major("15"), PgServer.major("17"));
                var with = first.again(
                        first.plan().with(CopyMethod.SERVER_TO_SERVER).with(new Reach("127.0.0.1", 1), Reach.same()))) {
            NastySchema.create(with);

            var failed = assertInstanceOf(StepOutcome.Failed.class, new BaselineStep().run(with));

            assertFalse(failed.problem().meaning().contains("keeps"), failed::toString);
            assertEquals(
                    "0",
                    NastySchema.text(
                            with,
                            Side.SOURCE,
                            "select (select count(*) from pg_replication_slots where database = current_database())"
                                    + " + (select count(*) from pg_publication)"));
            assertEquals(0, synced(with));
        }
    }

    private static TestContext serverToServer(TestContext first) {
        return first.again(first.plan().with(CopyMethod.SERVER_TO_SERVER));
    }

    private static final String RELATIONS =
            "select count(*) from pg_subscription_rel where srrelid <> 'handover.fence'::regclass and srsubid in"
                    + " (select oid from pg_subscription where subdbid ="
                    + " (select oid from pg_database where datname = current_database())) and srsubstate ";

    private static int synced(TestContext with) throws SQLException {
        return there(with) ? Integer.parseInt(NastySchema.text(with, Side.TARGET, RELATIONS + "= 'r'")) : 0;
    }

    private static int slots(TestContext with) throws SQLException {
        return Integer.parseInt(NastySchema.text(
                with,
                Side.SOURCE,
                "select count(*) from pg_replication_slots where database = current_database()"
                        + " and confirmed_flush_lsn is not null"));
    }

    private static int waiting(TestContext with) throws SQLException {
        return Integer.parseInt(NastySchema.text(
                with,
                Side.SOURCE,
                "select count(*) from pg_stat_activity where backend_type = 'walsender'"
                        + " and datname = current_database() and wait_event_type = 'Lock'"));
    }

    private static int left(TestContext with) throws SQLException {
        return Integer.parseInt(NastySchema.text(with, Side.TARGET, RELATIONS + "<> 'r'"));
    }

    private static boolean there(TestContext with) throws SQLException {
        return NastySchema.text(with, Side.TARGET, "select to_regclass('handover.fence') is not null")
                .equals("t");
    }

    private static void done(StepOutcome outcome) {
        assertInstanceOf(StepOutcome.Done.class, outcome, outcome::toString);
    }

    private static void equal(TestContext with) throws Exception {
        Eventually.await(
                LONG,
                "the target has all",
                () -> NastySchema.contents(with, Side.SOURCE).equals(NastySchema.contents(with, Side.TARGET)));
    }
}

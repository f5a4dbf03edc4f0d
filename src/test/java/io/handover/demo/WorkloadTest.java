package io.handover.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Endpoint;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final PgServer server = PgServer.major("15");

    @Test
    void everyAcknowledgedTransactionIsThereOnce() throws Exception {
        var shop = shop();
        try (var workload = start(shop, Workload.Options.fullSpeed())) {
            // enough for the rarest kinds of work, too
            committed(workload, 3000);
            workload.stop();

            var report = workload.report();
            assertEquals(Map.of(), report.failures(), "there is nothing to fail of");
            assertEquals(Map.of(), report.refused());
            assertEquals(0, report.missed());
            assertEquals(Optional.empty(), report.brokenBy());
            assertEquals(0, report.open(), "each writer ended its transaction");
            var ledger = LedgerCheck.check(workload.book(), shop);
            assertTrue(ledger.exact(), ledger.toString());
            assertEquals(report.committed(), ledger.acknowledged());
            try (var db = server.open(shop.profile().database())) {
                assertTrue(number(db, "select count(distinct what) from app.ledger") > 10, "many kinds of work");
            }
        }
    }

    @Test
    void itFollowsTheDatabaseLikeAnApplication() throws Exception {
        var old = shop();
        var fresh = shop();
        try (var workload = start(old, Workload.Options.fullSpeed())) {
            committed(workload, 200);
            try (var db = server.open("postgres")) {
                // what a handover does to sessions, only slower
                String name = old.profile().database();
                execute(db, "alter database " + name + " set default_transaction_read_only = on");
                execute(db, "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
            }
            Eventually.await(
                    SOON,
                    "the writers meet a read-only database",
                    () -> workload.report().failures().containsKey("25006"));
            new DatabaseUrl(folder.resolve("app.env")).write(fresh);
            Eventually.await(
                    SOON,
                    "the application has moved",
                    () -> !workload.report().moves().isEmpty());
            committed(workload, workload.report().committed() + 200);
            workload.stop();

            var report = workload.report();
            assertEquals(Map.of(), report.unexpected());
            assertTrue(report.failures().size() > 1, "sessions were ended as well: " + report.failures());
            assertEquals(1, report.moves().size());
            var move = report.moves().getFirst();
            assertEquals(old.profile().address(), move.from());
            assertEquals(fresh.profile().address(), move.to());
            assertTrue(report.longestPause(move.at().minus(move.gap()))
                            .orElseThrow()
                            .length()
                            .compareTo(move.gap())
                    >= 0);
            var ledger = LedgerCheck.check(workload.book(), old, fresh);
            assertTrue(ledger.exact(), ledger.toString());
            assertTrue(!LedgerCheck.check(workload.book(), fresh).exact(), "the old one has its share");
        }
    }

    @Test
    void aPauseIsMeasuredAsTheApplicationFeelsIt() throws Exception {
        var shop = shop();
        try (var workload = start(shop, Workload.Options.fullSpeed());
                var db = server.open(shop.profile().database())) {
            committed(workload, 200);
            db.setAutoCommit(false);
            long asked = System.nanoTime();
            execute(db, "lock table app.ledger in exclusive mode");
            var locked = InstantSource.system().instant();
            try (var look = server.open("postgres")) {
                // only then has every writer been told of its last commit
                Eventually.await(
                        SOON,
                        "all writers wait",
                        () -> number(look, """
                        select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = '""" + shop.profile().database() + "'") == 4);
            }
            execute(db, "select pg_sleep(0.4)");
            db.commit();
            var atMost = Duration.ofNanos(System.nanoTime() - asked);
            committed(workload, workload.report().committed() + 200);
            workload.stop();

            var report = workload.report();
            var pause = report.longestPause(locked).orElseThrow().length();
            assertTrue(pause.toMillis() >= 400, "felt " + pause);
            assertTrue(pause.compareTo(atMost.plusSeconds(2)) < 0, "felt " + pause + " of " + atMost);
            assertTrue(report.waited() >= 4, "each writer waited: " + report.waited());
            assertTrue(report.longest().compareTo(pause) > 0);
            assertEquals(Map.of(), report.failures());
        }
    }

    @Test
    void aCrashOfTheServerLosesNothingAcknowledged() throws Exception {
        try (var doomed = PgServer.dedicated("15")) {
            var shop = doomed.endpoint("postgres");
            ShopSchema.load(shop, ShopSchema.SMALL);
            try (var workload = start(shop, Workload.Options.fullSpeed())) {
                committed(workload, 200);
                doomed.crash();
                Eventually.await(
                        SOON, "logins fail", () -> !workload.report().refused().isEmpty());
                doomed.restart();
                committed(workload, workload.report().committed() + 200);
                workload.stop();

                assertEquals(Map.of(), workload.report().unexpected());
                var ledger = LedgerCheck.check(workload.book(), shop);
                assertTrue(ledger.exact(), ledger.toString());
            }
        }
    }

    @Test
    void aWriterThatWaitsForEverCanStillBeStopped() throws Exception {
        var shop = shop();
        try (var workload = start(shop, new Workload.Options(2, 0, Duration.ofSeconds(1)));
                var db = server.open(shop.profile().database())) {
            committed(workload, 10);
            db.setAutoCommit(false);
            execute(db, "lock table app.ledger in exclusive mode");

            workload.stop();

            db.rollback();
            assertTrue(LedgerCheck.check(workload.book(), shop).exact());
        }
    }

    private Endpoint shop() throws Exception {
        var shop = server.endpoint(server.newDatabase());
        ShopSchema.load(shop, ShopSchema.SMALL);
        return shop;
    }

    private Workload start(Endpoint shop, Workload.Options options) throws Exception {
        var url = new DatabaseUrl(folder.resolve("app.env"));
        url.write(shop);
        return Workload.start(url, options, InstantSource.system());
    }

    private static void committed(Workload workload, long atLeast) throws InterruptedException {
        Eventually.await(
                SOON,
                atLeast + " transactions are committed",
                () -> workload.report().committed() >= atLeast
                        || workload.report().brokenBy().isPresent());
    }

    private static void execute(Connection db, String statement) throws SQLException {
        try (var sql = db.createStatement()) {
            sql.execute(statement);
        }
    }

    private static long number(Connection db, String query) throws SQLException {
        try (var sql = db.createStatement();
                var row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}

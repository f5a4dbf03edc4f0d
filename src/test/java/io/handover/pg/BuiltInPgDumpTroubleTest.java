package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Endpoint;
import io.handover.model.Secret;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// The built-in `pg_dump` where something goes wrong, is stopped, or reads in somebody's snapshot. All servers
/// of the tests ask for SCRAM.
class BuiltInPgDumpTroubleTest {

    private static final PgDumpSearch.BuiltIn TOOL = new PgDumpSearch.BuiltIn(18, "18");
    private static final PgDumpOptions PLAIN = new PgDumpOptions(false, false);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final NamedThreads threads = new NamedThreads(e -> {
        throw new AssertionError(e);
    });
    private final PgDump dump = BuiltInPgDumps.only();
    private final PgServer server = PgServer.major("16");
    private final String database = server.newDatabase();
    private final Endpoint source = server.endpoint(database);

    @Test
    void aWrongPasswordIsSaidAndNotTold() {
        var wrong = new Endpoint(source.profile(), Secret.of("guess-me"));
        var refused = assertThrows(PgDumpFailure.class, () -> dump.schema(TOOL, wrong, PLAIN, new Gate()));
        assertTrue(refused.getMessage().contains("password authentication failed"), refused.getMessage());
        assertTrue(refused.getMessage().contains("port " + server.port()), refused.getMessage());
        assertFalse(refused.getMessage().contains("guess-me"), refused.getMessage());
    }

    @Test
    void aServerThatIsNotThereIsSaid() throws Exception {
        Endpoint gone;
        try (var other = PgServer.dedicated("16")) {
            gone = other.endpoint("postgres");
        }
        var refused = assertThrows(PgDumpFailure.class, () -> dump.schema(TOOL, gone, PLAIN, new Gate()));
        assertTrue(refused.getMessage().contains("could not connect"), refused.getMessage());
    }

    @Test
    void aSnapshotIsHonouredAndAMissingOneIsSaid() throws Exception {
        try (var keeper = server.open(database);
                var writer = server.open(database);
                var sql = keeper.createStatement();
                var later = writer.createStatement()) {
            keeper.setAutoCommit(false);
            keeper.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            String snapshot;
            try (var row = sql.executeQuery("select pg_export_snapshot()")) {
                row.next();
                snapshot = row.getString(1);
            }
            later.execute("create table public.later (id int)");

            var then = new PgDumpOptions(false, false, snapshot);
            assertFalse(dump.schema(TOOL, source, then, new Gate()).contains("\"later\""));
            assertTrue(dump.schema(TOOL, source, PLAIN, new Gate()).contains("\"later\""));
        }
        var missing = assertThrows(
                PgDumpFailure.class,
                () -> dump.schema(TOOL, source, new PgDumpOptions(false, false, "00000003-0000001B-1"), new Gate()));
        assertTrue(missing.getMessage().contains("snapshot"), missing.getMessage());
    }

    @Test
    void stopEndsTheDumpOnTheServerToo() throws Exception {
        var gate = new Gate();
        whileItWaits(gate, (ended, watch) -> {
            gate.stop();
            assertInstanceOf(StoppedException.class, Eventually.value(LIMIT, "the dump has ended", ended));
            Eventually.await(LIMIT, "its backend has ended", () -> waiting(watch) == 0);
        });
    }

    @Test
    void aConnectionThatIsCutIsSaid() throws Exception {
        whileItWaits(new Gate(), (ended, watch) -> {
            try (var sql = watch.createStatement()) {
                sql.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where application_name = 'handover schema' and datname = current_database()");
            }
            var failure = assertInstanceOf(PgDumpFailure.class, Eventually.value(LIMIT, "the dump has ended", ended));
            assertTrue(failure.getMessage().contains("terminating connection"), failure.getMessage());
        });
    }

    /// Something that happens while the dump waits for a lock.
    @FunctionalInterface
    private interface Event {
        void happens(AtomicReference<Throwable> ended, Connection watch) throws Exception;
    }

    private void whileItWaits(Gate gate, Event event) throws Exception {
        var ended = new AtomicReference<Throwable>();
        try (var db = server.open(database);
                var watch = server.open(database);
                var sql = db.createStatement()) {
            sql.execute("create table public.t (id int)");
            db.setAutoCommit(false);
            sql.execute("lock table public.t in access exclusive mode");
            threads.start("dump", () -> {
                try {
                    dump.schema(TOOL, source, PLAIN, gate);
                } catch (Exception e) {
                    ended.set(e);
                }
            });
            Eventually.await(LIMIT, "pg_dump waits for the lock", () -> waiting(watch) == 1);
            event.happens(ended, watch);
        }
    }

    private static int waiting(Connection watch) throws SQLException {
        try (var query = watch.createStatement();
                var row = query.executeQuery("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and application_name = 'handover schema' and wait_event_type = 'Lock'")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void aProgramIsPreferredAndTheBuiltInOneTakesTheRest() throws Exception {
        var builtIn = BuiltInPgDump.find(threads);
        var all = new PgDump(PgDumpFolders.usual(System.getenv()), builtIn, threads);
        assertEquals(18, dump.find(10) instanceof PgDumpSearch.BuiltIn(int major, String _) ? major : 0);
        assertInstanceOf(PgDumpSearch.BuiltIn.class, dump.find(18));
        assertInstanceOf(PgDumpSearch.Missing.class, dump.find(19));
        if (new PgDump(PgDumpFolders.usual(System.getenv()), threads).find(13) instanceof PgDumpSearch.Found found) {
            assertEquals(found, all.find(13));
        }
    }
}

package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class SlotMakerTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final NamedThreads threads = new NamedThreads(e -> {
        throw new AssertionError(e);
    });

    /// One database and a server object for it.
    private record Setup(PgServer pg, String database, Server server, String slot) implements AutoCloseable {
        static Setup on(String major) {
            var pg = PgServer.major(major);
            var database = pg.newDatabase();
            return new Setup(
                    pg,
                    database,
                    new Server(Side.SOURCE, pg.endpoint(database), new SqlLog(Clock.systemUTC())),
                    database + "_slot");
        }

        Slots.Reader reader() throws SQLException {
            try (var db = pg.open(database)) {
                return Slots.reader(db, slot);
            }
        }

        @Override
        public void close() throws SQLException {
            server.close();
            try {
                pg.drop(database);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "13", "15", "16", "17", "18"})
    void theSnapshotHoldsExactlyWhatWasCommittedBeforeTheSlot(String major) throws Exception {
        try (var setup = Setup.on(major);
                var db = setup.pg().open(setup.database());
                var sql = db.createStatement()) {
            sql.execute("create table t as select generate_series(1, 3) as id");
            var maker = new SlotMaker(setup.server(), threads);

            try (var keeper = keeperOf(setup, maker)) {
                sql.execute("insert into t values (4)");
                assertEquals(new Slots.Reader.Nobody(), setup.reader());
                try (var worker = keeper.session("worker")) {
                    assertEquals(3, count(worker.jdbc(), "t"));
                }
                try (var later = keeper.session("later worker")) {
                    assertEquals(3, count(later.jdbc(), "t"), "the keeper hands the snapshot on");
                }
            }
            assertTrue(Slots.walKept(db, setup.slot()) >= 0);
            assertTrue(maker.drop(setup.slot()));
            assertEquals(new Slots.Reader.NoSlot(), setup.reader());
            assertFalse(maker.drop(setup.slot()), "its absence is no error");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "17"})
    void itNamesTheTransactionItWaitsForAndGoesOnOnceThatEnds(String major) throws Exception {
        try (var setup = Setup.on(major);
                var writer = setup.pg().open(setup.database())) {
            int pid = startWriting(writer);
            var waits = new AtomicReference<String>();
            var answer = inBackground(setup, LONG, new Gate(), waits);

            Eventually.await(LONG, "the writer is named", () -> {
                String text = waits.get();
                return text != null && text.contains("pid " + pid + " (") && text.contains(setup.database());
            });
            assertFalse(answer.isDone());
            writer.commit();

            answer.get(30, TimeUnit.SECONDS).close();
            assertEquals("", waits.get(), "it says when the wait is over");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "17"})
    void aPreparedTransactionIsNamedToo(String major) throws Exception {
        try (var setup = Setup.on(major);
                var db = setup.pg().open(setup.database());
                var sql = db.createStatement()) {
            String gid = setup.database() + " 'two phase'";
            sql.execute("create table t (id int)");
            sql.execute("begin");
            sql.execute("insert into t values (1)");
            sql.execute("prepare transaction " + SqlNames.literal(gid));
            var waits = new AtomicReference<String>();
            var answer = inBackground(setup, LONG, new Gate(), waits);
            try {
                Eventually.await(LONG, "the prepared transaction is named", () -> {
                    String text = waits.get();
                    return text != null && text.contains("prepared transaction '" + gid + "'");
                });
            } finally {
                sql.execute("rollback prepared " + SqlNames.literal(gid));
            }
            answer.get(30, TimeUnit.SECONDS).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "15", "18"})
    void stopWhileItWaitsLeavesNoSlot(String major) throws Exception {
        try (var setup = Setup.on(major);
                var writer = setup.pg().open(setup.database())) {
            startWriting(writer);
            var gate = new Gate();
            var waits = new AtomicReference<String>();
            var answer = inBackground(setup, LONG, gate, waits);
            Eventually.await(
                    LONG, "it waits", () -> waits.get() != null && waits.get().startsWith("pid"));

            gate.stop();

            var end = assertThrows(ExecutionException.class, () -> answer.get(30, TimeUnit.SECONDS));
            assertInstanceOf(StoppedException.class, end.getCause());
            assertEquals(new Slots.Reader.NoSlot(), setup.reader());
            writer.commit();
            assertEquals(new Slots.Reader.NoSlot(), setup.reader(), "nor does one come later");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "17"})
    void aTryThatTakesTooLongIsGivenUpAndMadeAgain(String major) throws Exception {
        try (var setup = Setup.on(major);
                var writer = setup.pg().open(setup.database())) {
            startWriting(writer);
            var answer = inBackground(setup, Duration.ofMillis(300), new Gate(), new AtomicReference<>());
            Eventually.await(LONG, "a second try has begun", () -> creations(setup) >= 2);

            writer.commit();

            answer.get(30, TimeUnit.SECONDS).close();
            assertEquals(new Slots.Reader.Nobody(), setup.reader());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "17"})
    void aSlotOfAnEarlierTryIsReplacedAndItsReaderEnded(String major) throws Exception {
        try (var setup = Setup.on(major);
                var db = setup.pg().open(setup.database());
                var sql = db.createStatement();
                var reader = setup.server().openReplication("test reader")) {
            sql.execute("create publication p");
            sql.execute("select pg_create_logical_replication_slot('" + setup.slot() + "', 'pgoutput')");
            reader.unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName(setup.slot())
                    .withSlotOption("proto_version", "1")
                    .withSlotOption("publication_names", "p")
                    .start();
            assertInstanceOf(Slots.Reader.Pid.class, setup.reader());

            new SlotMaker(setup.server(), threads)
                    .withSnapshot(setup.slot(), LONG, new Gate(), _ -> {})
                    .close();

            assertEquals(new Slots.Reader.Nobody(), setup.reader());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "17"})
    void withoutSnapshotTheLimitHolds(String major) throws Exception {
        try (var setup = Setup.on(major);
                var session = setup.server().open("reverse");
                var writer = setup.pg().open(setup.database())) {
            startWriting(writer);
            var maker = new SlotMaker(setup.server(), threads);

            var late =
                    assertThrows(SQLException.class, () -> maker.plain(session, setup.slot(), Duration.ofMillis(200)));
            assertEquals("57014", late.getSQLState());
            assertEquals(new Slots.Reader.NoSlot(), setup.reader());

            writer.commit();
            var start = maker.plain(session, setup.slot(), LONG);
            assertTrue(start.value() != 0);
            var again = assertThrows(SQLException.class, () -> maker.plain(session, setup.slot(), LONG));
            assertTrue(SqlFailure.duplicateObject(again));
            assertEquals(new Slots.Reader.Nobody(), setup.reader(), "a slot that is there is left alone");
        }
    }

    /// The connection that made the slot is closed when this returns.
    private static SnapshotKeeper keeperOf(Setup setup, SlotMaker maker) throws Exception {
        try (var made = maker.withSnapshot(setup.slot(), LONG, new Gate(), _ -> {})) {
            return SnapshotKeeper.of(setup.server(), made);
        }
    }

    private Future<SlotSnapshot> inBackground(Setup setup, Duration once, Gate gate, AtomicReference<String> waits) {
        return threads.single("test")
                .submit(() ->
                        new SlotMaker(setup.server(), threads).withSnapshot(setup.slot(), once, gate, waits::set));
    }

    private static long creations(Setup setup) {
        List<Long> numbers = new ArrayList<>();
        setup.server().log().history().all().stream()
                .filter(entry -> entry.sql().startsWith("CREATE_REPLICATION_SLOT"))
                .forEach(entry -> numbers.add(entry.number()));
        return numbers.stream().distinct().count();
    }

    private static int startWriting(Connection writer) throws SQLException {
        try (var sql = writer.createStatement()) {
            sql.execute("create table held (id int)");
            writer.setAutoCommit(false);
            sql.execute("insert into held values (1)");
            try (var row = sql.executeQuery("select pg_backend_pid()")) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static long count(Connection db, String table) throws SQLException {
        try (var sql = db.createStatement();
                var row = sql.executeQuery("select count(*) from public." + table)) {
            row.next();
            return row.getLong(1);
        }
    }
}

package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One table read by three pairs of sessions in the same snapshots.
@Timeout(60)
class SharedPiecesTest {

    private static final String ROWS = "create table public.t (id int primary key, v text);"
            + " insert into public.t select i, repeat('v' || i, 20) from generate_series(1, 40000) i;";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SharedPieces shared = new SharedPieces();
    private final List<SnapshotSession> sessions = new ArrayList<>();
    private Server source;
    private Server target;
    private TableDigest.Dialect dialect;
    private TablePair pair;

    @Test
    void everyRowIsReadOnceByOneOfThem() throws Exception {
        var paces = List.of(new Small(), new Small(), new Small());
        var comparers = open("", paces);

        var found = assertInstanceOf(TableFound.Compared.class, whole(comparers));

        assertEquals(40_000, found.owner().rows());
        assertEquals(found.owner(), found.follower());
        assertEquals(0, found.outsideRows());
        assertTrue(paces.get(1).pieces.get() > 0 && paces.get(2).pieces.get() > 0, "the others helped");
        assertFalse(comparers.get(1).help(), "nothing is left");
        var alone =
                new TableComparer(sessions.get(0), sessions.get(1), dialect, threads).whole(pair, WindowKeys.none());
        assertEquals(found.owner(), ((TableFound.Compared) alone).owner());
    }

    @Test
    void whatDiffersIsFound() throws Exception {
        var found = assertInstanceOf(
                TableFound.Compared.class,
                whole(open(
                        "update public.t set v = '' where id in (1, 20000); delete from public.t where id = 40000",
                        List.of(new Small(), new Small(), new Small()))));

        assertEquals(
                List.of("1", "20000", "40000"),
                found.outside().stream().map(KeyRows::key).sorted().collect(Collectors.toList()));
        assertEquals(40_000, found.owner().rows());
        assertEquals(39_999, found.follower().rows());
    }

    @Test
    void oneThatHasToLeaveEndsItForAll() throws Exception {
        var found = whole(open("", List.of(new Small(), new Small(), new Leaving())));

        assertInstanceOf(TableFound.Again.class, found);
    }

    /// Who waits for the table is in front of a helper that comes later; the reader would wait for
    /// both.
    @Test
    void nobodyWaitsForEver() throws Exception {
        var comparers = open("", List.of(new Waiting(), new Small()));
        Future<TableFound> reading = threads.submit(() -> comparers.getFirst().whole(pair, WindowKeys.none()));
        while (shared.any()
                .map(work -> {
                    work.leave();
                    return work;
                })
                .isEmpty()) {
            assertFalse(reading.isDone());
            Thread.onSpinWait();
        }
        try (var application = source.open("application")) {
            Future<?> waits = threads.submit(() -> {
                try (var statement = application.jdbc().createStatement()) {
                    statement.execute("begin; lock table public.t in access exclusive mode; commit");
                }
                return null;
            });
            awaitWaiting();

            boolean helped = comparers.get(1).help();

            assertTrue(helped);
            assertInstanceOf(TableFound.Again.class, reading.get());
            waits.get();
        }
    }

    @Test
    void aPieceThatWasTakenAndNotReadIsNotPassedOver() throws Exception {
        var table = new TableRef("public", "t");
        var large = new TablePair(table, table, 1_000, List.of(), List.of(), true, false, List.of());
        var pieces = new BothSides.Sides<>(TablePieces.WHOLE, TablePieces.WHOLE);
        var work = new SharedPieces.Work(large, pieces, (c, where) -> {}, (c, where) -> {});
        assertTrue(work.take(500).isPresent());
        work.finished();
        assertThrows(SQLException.class, work::awaitOthers, "half of it is left");

        assertEquals(1, work.take(500).orElseThrow().end());
        assertThrows(SQLException.class, work::awaitOthers, "it was taken, no more");

        work.finished();
        work.awaitOthers();
        assertFalse(work.hasMore());
    }

    private void awaitWaiting() throws SQLException {
        try (var session = source.open("look");
                var query = session.jdbc().createStatement()) {
            boolean waiting = false;
            while (!waiting) {
                try (var row = query.executeQuery("select exists (select from pg_locks where not granted)")) {
                    row.next();
                    waiting = row.getBoolean(1);
                }
            }
        }
    }

    private TableFound whole(List<TableComparer> comparers) throws Exception {
        Future<TableFound> reading = threads.submit(() -> comparers.getFirst().whole(pair, WindowKeys.none()));
        var helping = new ArrayList<Future<?>>();
        for (TableComparer helper : comparers.subList(1, comparers.size())) {
            helping.add(threads.submit(() -> {
                while (!reading.isDone()) {
                    if (!helper.help()) {
                        Thread.onSpinWait();
                    }
                }
                return null;
            }));
        }
        TableFound found = reading.get();
        for (Future<?> helper : helping) {
            helper.get();
        }
        return found;
    }

    /// A comparer with a pair of sessions for each pace, all in the snapshots of the first pair.
    private List<TableComparer> open(String onTarget, List<? extends ReadPace> paces) throws Exception {
        run(source, ROWS);
        run(target, ROWS + onTarget);
        SnapshotSession.Taken ofOwner = null;
        SnapshotSession.Taken ofFollower = null;
        var comparers = new ArrayList<TableComparer>();
        for (ReadPace pace : paces) {
            var one = source.open("test");
            var other = target.open("test");
            dialect = TableDigest.Dialect.of(one.jdbc(), other.jdbc());
            var here = SnapshotSession.prepare(one, dialect);
            var there = SnapshotSession.prepare(other, dialect);
            sessions.addAll(List.of(here, there));
            if (ofOwner == null || ofFollower == null) {
                ofOwner = here.take();
                ofFollower = there.take();
            } else {
                here.adopt(ofOwner);
                there.adopt(ofFollower);
            }
            comparers.add(new TableComparer(here, there, dialect, threads, pace, shared));
        }
        var table = new TableRef("public", "t");
        pair = TablePair.of(
                TableShapes.read(sessions.get(0).jdbc()).get(table),
                TableShapes.read(sessions.get(1).jdbc()).get(table));
        return comparers;
    }

    @BeforeEach
    void servers() throws SQLException {
        var log = new SqlLog(Clock.systemUTC());
        var one = PgServer.major("15");
        var other = PgServer.major("18");
        source = new Server(Side.SOURCE, one.endpoint(one.newDatabase()), log);
        target = new Server(Side.TARGET, other.endpoint(other.newDatabase()), log);
    }

    @AfterEach
    void close() throws SQLException {
        for (SnapshotSession session : sessions) {
            session.close();
        }
        source.close();
        target.close();
        threads.shutdown();
    }

    private static void run(Server server, String sql) throws SQLException {
        try (var session = server.open("prepare");
                var statement = session.jdbc().createStatement()) {
            statement.execute(sql);
        }
    }

    private static class Small implements ReadPace {
        final AtomicInteger pieces = new AtomicInteger();

        @Override
        public long piece() {
            return 100_000;
        }

        @Override
        public void read(TablePair pair, long bytes) throws SQLException {
            pieces.incrementAndGet();
        }
    }

    /// Somebody needs the table after its second piece.
    private static final class Leaving extends Small {
        @Override
        public void read(TablePair pair, long bytes) throws SQLException {
            super.read(pair, bytes);
            if (pieces.get() == 2) {
                throw new SQLException("left", "57014");
            }
        }
    }

    /// After the second piece waits until the table cannot be read to its end.
    private final class Waiting extends Small {
        @Override
        public void read(TablePair pair, long bytes) throws SQLException {
            super.read(pair, bytes);
            while (pieces.get() == 2
                    && shared.any()
                            .map(work -> {
                                work.leave();
                                return work;
                            })
                            .isPresent()) {
                Thread.onSpinWait();
            }
        }
    }
}

package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A table read in many pieces gives what it gives in one, wherever its rows lie on either side.
class TablePiecesTest {

    private static final String ROWS = " select i, repeat(md5(i::text), 6) from generate_series(1, 20000) i";

    private static final String SOURCE = """
            create table public."o'ne ☃" (id int primary key, v text);
            create table public.parts (id int primary key, v text) partition by range (id);
            create table public.low partition of public.parts for values from (minvalue) to (2000);
            create table public.high partition of public.parts for values from (2000) to (maxvalue);
            create table public.empty (id int primary key, v text);
            create materialized view public.view as select 1 as a;
            """;

    private static final String TARGET = """
            create table public."o'ne ☃" (v text, id int primary key);
            create table public.parts (id int primary key, v text);
            create table public.empty (id int primary key, v text);
            create materialized view public.view as select 1 as a;
            """;

    @ParameterizedTest
    @CsvSource({"15, 17", "13, 18"})
    void everyRowIsReadOnce(String from, String to) throws Exception {
        var one = PgServer.major(from);
        var other = PgServer.major(to);
        var log = new SqlLog(Clock.systemUTC());
        ExecutorService helper = Executors.newSingleThreadExecutor();
        try (var source = new Server(Side.SOURCE, one.endpoint(one.newDatabase()), log);
                var target = new Server(Side.TARGET, other.endpoint(other.newDatabase()), log)) {
            run(source, SOURCE + "insert into public.\"o'ne ☃\"" + ROWS + "; insert into public.parts" + ROWS);
            run(
                    target,
                    TARGET + "insert into public.\"o'ne ☃\" (id, v)" + ROWS + " order by md5(i::text)"
                            + "; insert into public.parts" + ROWS + " order by -i");
            var dialect = TableDigest.Dialect.of(
                    source.open("test").jdbc(), target.open("test").jdbc());
            try (var here = SnapshotSession.prepare(source.open("test"), dialect);
                    var there = SnapshotSession.prepare(target.open("test"), dialect)) {
                for (var table : List.of("o'ne ☃", "parts", "empty", "view")) {
                    var whole = compare(here, there, dialect, helper, table, ReadPace.FULL);
                    var pace = new Pieces();
                    var pieces = compare(here, there, dialect, helper, table, pace);

                    assertEquals(whole.owner(), pieces.owner(), table);
                    assertEquals(whole.follower(), pieces.follower(), table);
                    assertEquals(0, pieces.outsideRows(), table);
                    boolean large = !table.equals("empty") && !table.equals("view");
                    assertEquals(
                            large ? 20_000 : table.equals("view") ? 1 : 0,
                            pieces.owner().rows(),
                            table);
                    assertEquals(large, pace.read.size() > 20, () -> table + ": " + pace.read);
                }
                // the first and the last places, and one in the middle
                run(
                        target,
                        "update public.parts set v = 'x' where id in (1, 10000, 20000); delete from public.parts"
                                + " where id = 2; insert into public.parts values (0, '')");

                var pace = new Pieces();
                var found = compare(here, there, dialect, helper, "parts", pace);

                Set<String> keys = new HashSet<>();
                found.outside().forEach(rows -> keys.add(rows.key()));
                assertEquals(Set.of("0", "1", "2", "10000", "20000"), keys);
                // sums, sums by bucket, rows
                assertTrue(pace.read.size() > 60, () -> "everything is read in pieces: " + pace.read);
                assertInstanceOf(TableFound.Again.class, found(here, there, dialect, helper, "parts", new Leaving()));
            }
        } finally {
            helper.shutdown();
        }
    }

    private static TableFound.Compared compare(
            SnapshotSession here,
            SnapshotSession there,
            TableDigest.Dialect dialect,
            ExecutorService helper,
            String table,
            ReadPace pace)
            throws Exception {
        return assertInstanceOf(TableFound.Compared.class, found(here, there, dialect, helper, table, pace));
    }

    private static TableFound found(
            SnapshotSession here,
            SnapshotSession there,
            TableDigest.Dialect dialect,
            ExecutorService helper,
            String table,
            ReadPace pace)
            throws Exception {
        here.take();
        there.take();
        try {
            var name = new TableRef("public", table);
            var pair = TablePair.of(
                    TableShapes.read(here.jdbc()).get(name),
                    TableShapes.read(there.jdbc()).get(name));
            return new TableComparer(here, there, dialect, helper, pace, new SharedPieces())
                    .whole(pair, WindowKeys.none());
        } finally {
            here.end();
            there.end();
        }
    }

    private static void run(Server server, String sql) throws SQLException {
        try (var session = server.open("prepare");
                var statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /// Small pieces; remembers the bytes of each.
    private static class Pieces implements ReadPace {

        final List<Long> read = new ArrayList<>();

        @Override
        public long piece() {
            return 100_000;
        }

        @Override
        public void read(TablePair pair, long bytes) throws SQLException {
            read.add(bytes);
        }
    }

    /// Somebody needs the table after its third piece.
    private static final class Leaving extends Pieces {

        @Override
        public void read(TablePair pair, long bytes) throws SQLException {
            super.read(pair, bytes);
            if (read.size() == 3) {
                throw new SQLException("left", "57014");
            }
        }
    }
}

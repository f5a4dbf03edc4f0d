package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.PgOutputMessage.Cell;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A table that was changed between the snapshots: what was changed may differ, and nothing else.
class WindowComparisonTest {

    private static final TableRef TABLE = new TableRef("public", "t");
    private static final String ROWS = "create table public.t (id int primary key, v text);"
            + " insert into public.t select i, 'v' || i from generate_series(1, 20000) i;";

    private final ExecutorService helper = Executors.newSingleThreadExecutor();
    private final List<Long> readings = new ArrayList<>();
    private Server source;
    private Server target;

    @Test
    void isReadOnceIfNothingElseDiffers() throws Exception {
        run(source, ROWS);
        run(target, ROWS + "update public.t set v = 'old' where id = 5; delete from public.t where id = 7");
        run(target, "insert into public.t values (0, 'gone')");

        var found = compare("5", "7", "0", "9", "99999");

        assertEquals(Set.of("5", "7", "0"), keys(found.inside()));
        assertEquals(List.of(), found.outside());
        assertEquals(20_000, found.owner().rows());
        assertEquals(20_000, found.follower().rows());
        assertEquals(1, readings.size(), "pieces read");
    }

    @Test
    void showsWhateverElseDiffers() throws Exception {
        run(source, ROWS);
        run(target, ROWS + "update public.t set v = 'old' where id in (5, 6); delete from public.t where id in (7, 8)");

        var found = compare("5", "7");

        assertEquals(Set.of("5", "7"), keys(found.inside()));
        assertEquals(Set.of("6", "8"), keys(found.outside()));
        assertEquals(2, found.outsideRows());
        assertTrue(found.details().containsKey("6"));
    }

    /// Changes that would cancel each other out in a sum without the rows' own keys.
    @Test
    void showsRowsThatWereExchangedForChangedOnes() throws Exception {
        run(source, ROWS);
        run(target, ROWS + "update public.t set v = 'v6' where id = 5; update public.t set v = 'v5' where id = 6");

        var found = compare("5");

        assertEquals(Set.of("5"), keys(found.inside()));
        assertEquals(Set.of("6"), keys(found.outside()));
    }

    @Test
    void staysExactWithMoreChangesThanAreKeptByName() throws Exception {
        run(source, ROWS.replace("20000", "30000"));
        run(target, ROWS.replace("20000", "30000") + "update public.t set v = 'old' where id in (5, 6, 29999, 30000)");
        var changed = new ArrayList<String>();
        for (int id = 7; id <= 29_999; id++) {
            changed.add(String.valueOf(id));
        }

        var found = compare(changed.toArray(String[]::new));

        assertEquals(Set.of("29999"), keys(found.inside()));
        assertEquals(Set.of("5", "6", "30000"), keys(found.outside()));
    }

    @BeforeEach
    void open() throws SQLException {
        var log = new SqlLog(Clock.systemUTC());
        var one = PgServer.major("15");
        var other = PgServer.major("18");
        source = new Server(Side.SOURCE, one.endpoint(one.newDatabase()), log);
        target = new Server(Side.TARGET, other.endpoint(other.newDatabase()), log);
    }

    @AfterEach
    void close() throws SQLException {
        source.close();
        target.close();
        helper.shutdown();
    }

    private TableFound.Compared compare(String... changed) throws Exception {
        try (var one = source.open("test");
                var other = target.open("test")) {
            var dialect = TableDigest.Dialect.of(one.jdbc(), other.jdbc());
            var here = SnapshotSession.prepare(one, dialect);
            var there = SnapshotSession.prepare(other, dialect);
            here.take();
            there.take();
            var pair = TablePair.of(
                    TableShapes.read(here.jdbc()).get(TABLE),
                    TableShapes.read(there.jdbc()).get(TABLE));
            var window = new WindowKeys(List.of(pair), 100_000);
            window.add(new PgOutputMessage.Relation(
                    1, TABLE, List.of(new PgOutputMessage.Column("id", true), new PgOutputMessage.Column("v", false))));
            for (String key : changed) {
                window.add(new PgOutputMessage.Insert(
                        1, new PgOutputMessage.Tuple(List.of(new Cell.Text(key), new Cell.Null()))));
            }
            var found = new TableComparer(here, there, dialect, helper, new Counting(), new SharedPieces())
                    .whole(pair, window);
            here.end();
            there.end();
            return assertInstanceOf(TableFound.Compared.class, found);
        }
    }

    private static Set<String> keys(List<KeyRows> rows) {
        return rows.stream().map(KeyRows::key).collect(Collectors.toSet());
    }

    private static void run(Server server, String sql) throws SQLException {
        try (var session = server.open("prepare");
                var statement = session.jdbc().createStatement()) {
            statement.execute(sql);
        }
    }

    /// All at once; notes how often that was.
    private final class Counting implements ReadPace {
        @Override
        public long piece() {
            return LARGEST;
        }

        @Override
        public void read(TablePair pair, long bytes) {
            readings.add(bytes);
        }
    }
}

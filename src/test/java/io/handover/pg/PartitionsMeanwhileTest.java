package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Partitions that come and go while a comparison has its snapshots: it says that it has to look again, and neither
/// that rows are missing nor that all are equal.
class PartitionsMeanwhileTest {

    private static final String ONE = "create table public.t (id int primary key, v text)";

    private static final String MANY = """
            create table public.t (id int primary key, v text) partition by range (id);
            create table public.low partition of public.t for values from (0) to (5000);
            create table public.high partition of public.t for values from (5000) to (10000)
            """;

    private static final String ROWS =
            "insert into public.t select i, repeat(md5(i::text), 6)" + " from generate_series(0, 9999) i";

    private static final String OTHER = "create table public.other as select i as id, 'x'::text as v"
            + " from generate_series(20000, 20100) i; alter table public.other alter id set not null";

    private static final String DETACH = "alter table public.t detach partition public.high";

    private static final String ATTACH =
            "alter table public.t attach partition public.other for values from (20000) to (30000)";

    /// The partitions are the source's or the target's; the statement comes after the snapshots and before the reading,
    /// or, where its lock lets it, when half is read.
    @ParameterizedTest
    @CsvSource({
        "15, 18, SOURCE, DETACH, before", "15, 18, TARGET, DETACH, before", "15, 18, TARGET, ATTACH, before",
        "15, 18, SOURCE, ATTACH, between", "13, 17, TARGET, DETACH, before", "15, 17, TARGET, ATTACH, between",
        "17, 15, TARGET, ATTACH, between", "13, 17, SOURCE, ATTACH, before"
    })
    void itSaysThatItHasToLookAgain(String from, String to, Side side, String what, String when) throws Exception {
        var one = PgServer.major(from);
        var other = PgServer.major(to);
        var log = new SqlLog(Clock.systemUTC());
        ExecutorService helper = Executors.newSingleThreadExecutor();
        try (var source = new Server(Side.SOURCE, one.endpoint(one.newDatabase()), log);
                var target = new Server(Side.TARGET, other.endpoint(other.newDatabase()), log)) {
            Server changed = side == Side.SOURCE ? source : target;
            run(source, (side == Side.SOURCE ? MANY : ONE) + ";" + ROWS);
            run(target, (side == Side.TARGET ? MANY : ONE) + ";" + ROWS);
            run(changed, OTHER);
            String statement = what.equals("DETACH") ? DETACH : ATTACH;
            try (var here = source.open("test");
                    var there = target.open("test")) {
                var dialect = TableDigest.Dialect.of(here.jdbc(), there.jdbc());
                var ours = SnapshotSession.prepare(here, dialect);
                var theirs = SnapshotSession.prepare(there, dialect);
                var name = new TableRef("public", "t");
                var pair = TablePair.of(
                        TableShapes.read(here.jdbc()).get(name),
                        TableShapes.read(there.jdbc()).get(name));
                ours.take();
                theirs.take();
                if (when.equals("before")) {
                    run(changed, statement);
                }
                var pace = new Halfway(when.equals("between") ? changed : null, statement);
                var comparer = new TableComparer(ours, theirs, dialect, helper, pace, new SharedPieces());

                var found = comparer.whole(pair, WindowKeys.none());

                assertInstanceOf(TableFound.Again.class, found);
                assertTrue(pace.ran || when.equals("before"), "it was changed while it was read");
                ours.end();
                theirs.end();
                ours.take();
                theirs.take();
                var again = assertInstanceOf(
                        TableFound.Compared.class, comparer.whole(pair, WindowKeys.none()), "with new snapshots");
                assertEquals(what.equals("DETACH") ? 5000 : 101, again.outsideRows(), "which are what they are");
            }
        } finally {
            helper.shutdown();
        }
    }

    private static void run(Server server, String sql) throws SQLException {
        try (var session = server.open("prepare");
                var statement = session.jdbc().createStatement()) {
            statement.execute("set lock_timeout = '10s'");
            statement.execute(sql);
        }
    }

    /// Runs a statement after the first piece.
    private static final class Halfway implements ReadPace {

        private final @org.jspecify.annotations.Nullable Server server;
        private final String sql;
        private boolean ran;

        Halfway(@org.jspecify.annotations.Nullable Server server, String sql) {
            this.server = server;
            this.sql = sql;
        }

        @Override
        public long piece() {
            return 100_000;
        }

        @Override
        public void read(TablePair pair, long bytes) throws SQLException {
            if (server != null && !ran) {
                ran = true;
                run(server, sql);
            }
        }
    }
}

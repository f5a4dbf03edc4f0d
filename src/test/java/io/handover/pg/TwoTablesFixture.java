package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.handover.flow.NamedThreads;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// Two databases whose tables are compared.
abstract class TwoTablesFixture {

    private static Both shared;

    private static final NamedThreads THREADS = new NamedThreads(e -> {
        throw new AssertionError(e);
    });

    /// The databases of 15 and 18 that most tests share, emptied.
    static Both fresh() throws SQLException {
        String empty = "drop schema public cascade; create schema public";
        shared.here(empty);
        shared.there(empty);
        return shared;
    }

    @BeforeAll
    static void open() throws SQLException {
        shared = new Both("15", "18") {
            @Override
            public void close() throws SQLException {
                super.release();
            }
        };
    }

    @AfterAll
    static void end() throws SQLException {
        shared.end();
    }

    /// Two databases, a session on each.
    static class Both implements AutoCloseable {
        private final SnapshotSession here;
        private final SnapshotSession there;
        private final Server source;
        private final Server target;
        private final TableDigest.Dialect dialect;
        private final ExecutorService helper = THREADS.single("helper");

        Both(String from, String to) throws SQLException {
            this(from, to, new TableDigest.Dialect(Math.min(Integer.parseInt(from), Integer.parseInt(to)), true));
        }

        Both(String from, String to, TableDigest.Dialect dialect) throws SQLException {
            var log = new SqlLog(Clock.systemUTC());
            this.dialect = dialect;
            var a = PgServer.major(from);
            var b = PgServer.major(to);
            source = new Server(Side.SOURCE, a.endpoint(a.newDatabase()), log);
            target = new Server(Side.TARGET, b.endpoint(b.newDatabase()), log);
            here = SnapshotSession.prepare(source.open("test"), dialect);
            there = SnapshotSession.prepare(target.open("test"), dialect);
        }

        void here(String sql) throws SQLException {
            run(source, sql);
        }

        void there(String sql) throws SQLException {
            run(target, sql);
        }

        private static void run(Server server, String sql) throws SQLException {
            try (var session = server.open("prepare");
                    var statement = session.jdbc().createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute("set search_path = public");
                statement.execute(sql);
            }
        }

        TableFound.Compared compare(TableRef table) throws Exception {
            here.take();
            there.take();
            var pair = TablePair.of(
                    TableShapes.read(here.jdbc()).get(table),
                    TableShapes.read(there.jdbc()).get(table));
            var found = new TableComparer(here, there, dialect, helper).whole(pair, WindowKeys.none());
            return assertInstanceOf(TableFound.Compared.class, found);
        }

        /// Lets go of the snapshots only.
        void release() throws SQLException {
            here.end();
            there.end();
        }

        @Override
        public void close() throws SQLException {
            end();
        }

        void end() throws SQLException {
            here.close();
            there.close();
            source.close();
            target.close();
            helper.shutdown();
        }
    }
}

package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.demo.DemoServer;
import io.handover.model.Side;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurabilityTest {

    /// The WAL writer is put to sleep, so that only our own flush can have brought the log to the disk. An apply
    /// worker commits as the writer here does.
    @ParameterizedTest
    @CsvSource({"13, on", "13, off", "18, on", "18, off"})
    void whatOthersCommittedWithoutWaitingForTheDiskIsThereAfterwards(String major, String ownCommits)
            throws Exception {
        try (var server =
                        PgServer.dedicated(major, Map.of("wal_writer_delay", "10s", "wal_writer_flush_after", "1GB"));
                var writer = server.open(DemoServer.USER)) {
            run(writer, "create table t (i int)");
            run(writer, "set synchronous_commit = off");
            try (var handover =
                            new Server(Side.TARGET, server.endpoint(DemoServer.USER), new SqlLog(Clock.systemUTC()));
                    var session = handover.open("flush")) {
                run(session.jdbc(), "set synchronous_commit = " + ownCommits);
                run(writer, "insert into t values (1)");
                String lsn = text(writer, "select pg_current_wal_insert_lsn()");
                assertFalse(onDisk(writer, lsn), "the test shows nothing: the row was on the disk by itself");

                Durability.flush(session);

                assertTrue(onDisk(writer, lsn));
            }
        }
    }

    private static boolean onDisk(Connection db, String lsn) throws SQLException {
        return text(db, "select pg_current_wal_flush_lsn() >= '" + lsn + "'").equals("t");
    }

    private static void run(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Connection db, String query) throws SQLException {
        try (var statement = db.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}

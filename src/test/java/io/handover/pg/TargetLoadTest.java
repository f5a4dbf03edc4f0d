package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.engine.step.TestContext;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class TargetLoadTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(strings = {"13", "18"})
    void whoWaitsForRowsOrForALockDoesNotWork(String major) throws Exception {
        try (var with = TestContext.between(PgServer.major(major), PgServer.major(major));
                var locking = with.server(Side.TARGET).open("test");
                var waiting = with.server(Side.TARGET).open("copy 1");
                var reading = with.server(Side.TARGET).open("copy 2");
                var working = with.server(Side.TARGET).open("copy 3");
                var other = with.server(Side.TARGET).open("index 1")) {
            locking.change("create table public.t (id int)");
            locking.jdbc().setAutoCommit(false);
            locking.change("lock table public.t in share mode");
            with.threads().start("waiting", () -> tried(() -> waiting.change("insert into public.t values (1)")));
            reading.change("create temp table r (id int)");
            var copy = reading.jdbc().unwrap(PGConnection.class).getCopyAPI().copyIn("copy r from stdin");
            assertEquals(0, awaited(with, 2), "one waits for a lock, one for rows");

            with.threads().start("working", () -> tried(() -> working.change("select pg_sleep(600)")));
            with.threads().start("other", () -> tried(() -> other.change("select pg_sleep(600)")));
            assertEquals(1, awaited(with, 4), "one of the copy works, and somebody else");
            copy.cancelCopy();
            working.abort();
            other.abort();
            locking.jdbc().rollback();
        }
    }

    @Test
    void theTightestOfThreeLimitsCounts() throws Exception {
        try (var server = PgServer.dedicated("17");
                var with = TestContext.between(server, server);
                Connection monitor = with.server(Side.TARGET).monitor();
                var admin = with.server(Side.TARGET).open("test")) {
            int all = TargetLoad.read(monitor).freeConnections();
            var more = new ArrayList<DbSession>();
            for (int i = 0; i < 3; i++) {
                more.add(with.server(Side.TARGET).open("test"));
            }
            assertEquals(all - 3, TargetLoad.read(monitor).freeConnections());
            String database = SqlNames.quoted(with.plan().target().database());
            admin.change("alter database " + database + " connection limit 7");
            assertEquals(2, TargetLoad.read(monitor).freeConnections(), "monitor, test and three more are there");
            admin.change("alter role current_user connection limit 6");
            assertEquals(1, TargetLoad.read(monitor).freeConnections());
            admin.change("alter role current_user connection limit -1");
            for (DbSession session : more) {
                session.close();
            }
        }
    }

    private static int awaited(TestContext with, int active) throws Exception {
        try (Connection monitor = with.server(Side.TARGET).monitor();
                var look = monitor.createStatement()) {
            Eventually.await(LONG, active + " are at it", () -> {
                try (var row = look.executeQuery("select count(*) from pg_stat_activity where state = 'active'"
                        + " and datname = current_database() and wait_event is not null")) {
                    row.next();
                    return row.getInt(1) == active;
                }
            });
            return TargetLoad.read(monitor).working();
        }
    }

    private interface Work {
        void run() throws SQLException;
    }

    private static void tried(Work work) {
        try {
            work.run();
        } catch (SQLException _) {
            // its session was ended, as was wanted
        }
    }
}

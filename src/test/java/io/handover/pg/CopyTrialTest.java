package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CopyTrialTest {

    private static final TableRef TABLE = new TableRef("public", "Od\"d 🐘");
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void itBringsTheRowsOverAndLeavesNothing() throws SQLException {
        try (var world = new World()) {
            world.source.change("create table public.\"Od\"\"d 🐘\" as select i, E'a\\tb\\\\.\\n' || i as v"
                    + " from generate_series(1, 1000) i");

            var found = CopyTrial.run(world.source, world.target, TABLE, 1_000_000, LONG, new RowSample());

            assertEquals(1000, found.rows());
            assertTrue(found.bytes() > 10_000, found::toString);
            assertEquals(1000 / found.seconds() * 80, found.perSecond(80_000, 1000), 1);
            try (var query = world.target.jdbc().createStatement();
                    var row = query.executeQuery("select count(*) from pg_class where relname = 'handover_trial'")) {
                row.next();
                assertEquals(0, row.getInt(1));
            }
        }
    }

    @Test
    void itEndsInTimeHoweverMuchThereIs() throws SQLException {
        try (var world = new World()) {
            world.source.change("create view public.\"Od\"\"d 🐘\" as select generate_series(1, 1000000000) i");

            var found = CopyTrial.run(
                    world.source, world.target, TABLE, 1_000_000_000, Duration.ofMillis(300), new RowSample());

            assertTrue(found.rows() > 0 && found.rows() < 1_000_000_000, found::toString);
        }
    }

    @Test
    void aLockedTableIsNotWaitedFor() throws SQLException {
        try (var world = new World();
                var other = world.old.open("other")) {
            world.source.change("create table public.\"Od\"\"d 🐘\" as select 1 as i");
            other.jdbc().setAutoCommit(false);
            other.change("lock table public.\"Od\"\"d 🐘\"");
            var e = assertThrows(
                    SQLException.class,
                    () -> CopyTrial.run(world.source, world.target, TABLE, 10, LONG, new RowSample()));
            assertEquals("55P03", e.getSQLState());
        }
    }

    @Test
    void aTableThatIsNotThereIsAnError() throws SQLException {
        try (var world = new World()) {
            var e = assertThrows(
                    SQLException.class,
                    () -> CopyTrial.run(world.source, world.target, TABLE, 10, LONG, new RowSample()));
            assertEquals("42P01", e.getSQLState());
        }
    }

    private static final class World implements AutoCloseable {
        private final Server old;
        private final Server young;
        private final DbSession source;
        private final DbSession target;

        World() throws SQLException {
            var first = PgServer.major("15");
            var second = PgServer.major("18");
            old = new Server(Side.SOURCE, first.endpoint(first.newDatabase()), new SqlLog(Clock.systemUTC()));
            young = new Server(Side.TARGET, second.endpoint(second.newDatabase()), new SqlLog(Clock.systemUTC()));
            source = old.open("test");
            target = young.open("test");
        }

        @Override
        public void close() throws SQLException {
            old.abort();
            young.abort();
        }
    }
}

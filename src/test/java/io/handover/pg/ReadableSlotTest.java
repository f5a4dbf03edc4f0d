package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.model.Side;
import io.handover.testkit.Pace;
import io.handover.testkit.PgServer;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Slots that are made beside transactions which truncate. On a server with the fault some four of a hundred cannot be
/// decoded, so without the trial this fails nine times of ten, and with it never.
class ReadableSlotTest {

    private static final int WRITERS = 4;
    private static final int SLOTS = 60;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<Throwable> broken = new ArrayList<>();
    private final NamedThreads threads = new NamedThreads(broken::add);

    @Test
    void whateverTheWritersDoItsChangesCanBeRead() throws Exception {
        var pg = PgServer.major("16");
        String database = pg.newDatabase();
        var stop = new AtomicBoolean();
        var writers = new ArrayList<Thread>();
        try (var server = new Server(Side.SOURCE, pg.endpoint(database), new SqlLog(Clock.systemUTC()));
                var session = server.open("test")) {
            session.change("create table public.log (id int)");
            session.change("create table public.scratch (id int primary key, v text)");
            session.change("create publication p for table public.log, public.scratch");
            for (int n = 0; n < WRITERS; n++) {
                int writer = n;
                writers.add(threads.start("writer " + n, () -> write(pg, database, writer, stop)));
            }
            var unreadable = new ArrayList<String>();
            var maker = new SlotMaker(server, threads);
            var readable = new ReadableSlot(server, maker);
            for (int n = 0; n < SLOTS; n++) {
                String slot = database + "_" + n;
                readable.make(slot, "p", LONG, new Gate(), _ -> {}).close();
                Thread.sleep(20); // who was writing then has ended
                try {
                    SlotPeek.read(session.jdbc(), slot, List.of("p"), Integer.MAX_VALUE, 30, _ -> {});
                } catch (SQLException e) {
                    unreadable.add(e.getMessage());
                }
                maker.drop(slot);
            }
            assertEquals(List.of(), unreadable);
        } finally {
            stop.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
        }
        assertEquals(List.of(), broken);
        pg.drop(database);
    }

    /// Several of them empty one and the same table, as jobs do.
    private static void write(PgServer pg, String database, int writer, AtomicBoolean stop) {
        try (var db = pg.open(database);
                var sql = db.createStatement()) {
            db.setAutoCommit(false);
            for (int n = 0; !stop.get(); n++) {
                sql.execute("insert into log values (1)");
                sql.execute(
                        n % 3 == 0
                                ? "truncate scratch"
                                : "insert into scratch values (" + (1_000_000 * writer + n)
                                        + ", 'x') on conflict do nothing");
                sql.execute("insert into log values (2)");
                db.commit();
                Pace.rest();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

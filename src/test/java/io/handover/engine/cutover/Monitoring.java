package io.handover.engine.cutover;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.model.Side;
import io.handover.testkit.Pace;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Monitoring: one session of a role that is not named, which reads all the time.
final class Monitoring implements AutoCloseable {
    final AtomicInteger read = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final ExecutorService thread;
    private final Future<?> running;

    Monitoring(CutoverWorld world, TwoRoles roles) {
        thread = world.threads.single("reader");
        running = thread.submit(() -> {
            try (var connection = roles.open(Side.SOURCE, "other");
                    var sql = connection.createStatement()) {
                while (!stop.get()) {
                    try (var row = sql.executeQuery("select count(*) from \"Odd Name\"")) {
                        assertTrue(row.next());
                        assertNotEquals(0, row.getInt(1));
                        read.incrementAndGet();
                    }
                    Pace.rest();
                }
            } catch (SQLException _) {
                failed.incrementAndGet();
            }
        });
    }

    void end() throws Exception {
        stop.set(true);
        running.get();
    }

    @Override
    public void close() {
        stop.set(true);
        thread.shutdownNow();
    }
}

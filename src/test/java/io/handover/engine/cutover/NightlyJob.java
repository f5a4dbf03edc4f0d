package io.handover.engine.cutover;

import static io.handover.engine.cutover.TwoRoles.run;

import io.handover.model.Side;
import io.handover.testkit.Pace;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A role that is not named, and writes on the source whatever happens.
final class NightlyJob implements AutoCloseable {
    final Set<Long> done = ConcurrentHashMap.newKeySet();
    final AtomicInteger refused = new AtomicInteger();
    private final CutoverWorld world;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final ExecutorService thread;
    private final Future<?> running;

    NightlyJob(CutoverWorld world, TwoRoles roles) {
        this.world = world;
        thread = world.threads.single("job");
        running = thread.submit(() -> {
            long number = 0;
            while (!stop.get()) {
                try (var connection = roles.open(Side.SOURCE, "other")) {
                    while (!stop.get()) {
                        number++;
                        run(connection, "insert into ledger values (70, " + number + ", 'job')");
                        done.add(number);
                        Pace.rest();
                    }
                } catch (SQLException _) {
                    refused.incrementAndGet();
                }
            }
        });
    }

    void end() throws Exception {
        stop.set(true);
        running.get();
    }

    Set<Long> missingOn(Side side) throws SQLException {
        var missing = new java.util.HashSet<>(done);
        try (var connection = world.open(side);
                var sql = connection.createStatement();
                var rows = sql.executeQuery("select number from ledger where writer = 70")) {
            while (rows.next()) {
                missing.remove(rows.getLong(1));
            }
        }
        return missing;
    }

    @Override
    public void close() {
        stop.set(true);
        thread.shutdownNow();
    }
}

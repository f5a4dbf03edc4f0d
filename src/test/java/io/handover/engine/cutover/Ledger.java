package io.handover.engine.cutover;

import io.handover.flow.NamedThreads;
import io.handover.model.Side;
import io.handover.testkit.Pace;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// An application: writers that number their transactions, remember which were acknowledged, and go wherever
/// the switch points.
final class Ledger implements AutoCloseable {

    private final CutoverWorld world;
    private final Login login;
    private final AtomicReference<Side> pointsTo;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final ConcurrentLinkedQueue<Long> acknowledged = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads;
    private final List<Future<?>> writers = new ArrayList<>();

    Ledger(CutoverWorld world, NamedThreads threads, int count, Side first) {
        this(world, threads, count, first, world::open);
    }

    /// How the application logs in.
    @FunctionalInterface
    interface Login {
        Connection open(Side side) throws SQLException;
    }

    Ledger(CutoverWorld world, NamedThreads threads, int count, Side first, Login login) {
        this.world = world;
        this.login = login;
        this.pointsTo = new AtomicReference<>(first);
        this.threads = threads.pool("writers", count);
        for (int i = 0; i < count; i++) {
            int writer = i;
            writers.add(this.threads.submit(() -> write(writer)));
        }
    }

    void pointTo(Side side) {
        pointsTo.set(side);
    }

    int count() {
        return acknowledged.size();
    }

    /// Ends the writers.
    void end() throws InterruptedException, ExecutionException {
        stop.set(true);
        for (Future<?> writer : writers) {
            writer.get();
        }
    }

    /// Acknowledged transactions that `side` does not have.
    Set<Long> missingOn(Side side) throws SQLException {
        var missing = new HashSet<Long>(acknowledged);
        try (var connection = world.open(side);
                var sql = connection.createStatement();
                var rows = sql.executeQuery("select writer, number from ledger")) {
            while (rows.next()) {
                missing.remove(key(rows.getInt(1), rows.getLong(2)));
            }
        }
        return missing;
    }

    private void write(int writer) {
        long number = 0;
        while (!stop.get()) {
            Side side = pointsTo.get();
            try (Connection connection = login.open(side)) {
                connection.setAutoCommit(false);
                try (var insert = connection.prepareStatement("insert into ledger values (?, ?, repeat('x', 50))");
                        var update = connection.prepareStatement(
                                "update \"Odd Name\" set balance = balance + 1 where id = ?")) {
                    while (!stop.get() && pointsTo.get() == side) {
                        number++;
                        insert.setInt(1, writer);
                        insert.setLong(2, number);
                        insert.executeUpdate();
                        update.setLong(1, 1 + (number * 7 + writer) % 100);
                        update.executeUpdate();
                        connection.commit();
                        acknowledged.add(key(writer, number));
                        Pace.rest();
                    }
                }
            } catch (SQLException _) {
                number++; // ended, read-only, unknown: a number is never used twice
                Pace.rest();
            }
        }
    }

    private static long key(int writer, long number) {
        return ((long) writer << 40) | number;
    }

    @Override
    public void close() {
        stop.set(true);
        threads.shutdownNow();
    }
}

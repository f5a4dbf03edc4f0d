package io.handover.demo;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// An application that never stops writing to the shop, and that follows its `DATABASE_URL`.
///
/// It keeps a book of what the server acknowledged; `LedgerCheck` compares it with a database.
public final class Workload implements AutoCloseable {

    private static final long LOOK_EVERY = 5; // milliseconds
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final DatabaseUrl url;
    private final AddressBoard board;
    private final Tally tally;
    private final Gate gate = new Gate();
    private final List<Writer> writers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Workload(DatabaseUrl url, AddressBoard board, Tally tally) {
        this.url = url;
        this.board = board;
        this.tally = tally;
    }

    /// How much the application does.
    ///
    /// @param writers    connections, 1 or more
    /// @param perSecond  transactions a second of all of them together; 0 for as many as the server takes
    /// @param waitedOver transactions that take longer count as having waited
    /// @param truncating whether tables are emptied by `TRUNCATE` too, which PostgreSQL 10 publishes to nobody
    public record Options(int writers, int perSecond, Duration waitedOver, boolean truncating) {

        /// With all that the application does.
        public Options(int writers, int perSecond, Duration waitedOver) {
            this(writers, perSecond, waitedOver, true);
        }

        /// Refuses nonsense.
        public Options {
            if (writers < 1 || perSecond < 0 || waitedOver.isNegative()) {
                throw new IllegalArgumentException("no such workload: " + writers + " writers, " + perSecond + "/s");
            }
        }

        /// Some load on a small machine, with room for a migration beside it.
        public static Options gentle() {
            return new Options(6, 200, Duration.ofMillis(200));
        }

        /// As much as the machine can do.
        public static Options fullSpeed() {
            return new Options(4, 0, Duration.ofMillis(200));
        }
    }

    /// Starts writing to the shop that `url` names.
    ///
    /// @param clock for the report's times
    /// @throws SQLException if there is no shop
    /// @throws IOException  if `url` cannot be read
    public static Workload start(DatabaseUrl url, Options options, InstantSource clock)
            throws SQLException, IOException {
        var first = url.read();
        var workload = new Workload(url, new AddressBoard(first), new Tally(clock, options.waitedOver()));
        long customers;
        int firstWriter;
        try (var connection = Login.open(first, "shop set-up");
                var query = connection.createStatement();
                var row = query.executeQuery("select (select max(id) from shop.customers),"
                        + " (select coalesce(max(writer) + 1, 0) from app.ledger)")) {
            row.next();
            customers = row.getLong(1);
            firstWriter = row.getInt(2); // a former workload's numbers stay its own
        }
        workload.run(options, firstWriter, customers);
        return workload;
    }

    /// What it has noticed so far. Any thread, at any time, also after the end.
    public WorkloadReport report() {
        return tally.report();
    }

    /// What it knows of its transactions; goes on changing while it runs.
    public LedgerBook book() {
        return tally.book();
    }

    /// Lets each writer finish its transaction and ends it; one that still waits for the server after 5 seconds is
    /// cut off. Harmless the second time.
    public void stop() throws InterruptedException {
        gate.stop();
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Thread thread : threads) {
            thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
        writers.forEach(Writer::abort);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /// Stops; if the waiting is interrupted, the connections are cut at once.
    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException _) {
            writers.forEach(Writer::abort);
            Thread.currentThread().interrupt();
        }
    }

    private void run(Options options, int firstWriter, long customers) {
        var starter = new NamedThreads(tally::brokenBy);
        long interval = options.perSecond() == 0 ? 0 : 1_000_000_000L * options.writers() / options.perSecond();
        for (int n = 0; n < options.writers(); n++) {
            int number = firstWriter + n;
            var writer = new Writer(
                    number, board, tally, gate, new ShopWork(number, customers, options.truncating()), interval);
            writers.add(writer);
            threads.add(starter.start("shop-writer-" + number, writer));
        }
        threads.add(starter.start("shop-database-url", this::watch));
    }

    private void watch() {
        try {
            for (long readable = System.nanoTime(); ; ) {
                gate.pause(LOOK_EVERY);
                try {
                    board.moveTo(url.read());
                    readable = System.nanoTime();
                } catch (IOException e) {
                    // it is being rewritten, most likely; until that is done the old one holds
                    if (System.nanoTime() - readable > PATIENCE.toNanos()) {
                        tally.brokenBy(e);
                        return;
                    }
                }
            }
        } catch (StoppedException _) {
            // the orderly end
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

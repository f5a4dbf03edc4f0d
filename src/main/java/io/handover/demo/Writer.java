package io.handover.demo;

import io.handover.flow.Gate;
import io.handover.flow.StoppedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection of the application: transaction after transaction, each entered in the ledger; after an error it
/// logs in again, wherever the database is then, and repeats, as a good application does.
final class Writer implements Runnable {

    private static final String ENTER = "insert into app.ledger (writer, seq, what) values (?, ?, ?)";
    private static final long SHORTEST_REST = 2; // milliseconds
    private static final long LONGEST_REST = 40;
    private static final long FORGIVEN = TimeUnit.MILLISECONDS.toNanos(100);

    private final int number;
    private final AddressBoard board;
    private final Tally tally;
    private final Gate gate;
    private final ShopWork shop;
    private final long interval;

    private volatile @Nullable Connection connection;
    private @Nullable Address connectedTo;

    /// @param interval nanoseconds from one transaction to the next; 0 for no rest at all
    Writer(int number, AddressBoard board, Tally tally, Gate gate, ShopWork shop, long interval) {
        this.number = number;
        this.board = board;
        this.tally = tally;
        this.gate = gate;
        this.shop = shop;
        this.interval = interval;
    }

    /// Works until the gate stops it.
    @Override
    public void run() {
        try {
            long due = System.nanoTime();
            while (true) {
                gate.pass();
                perform();
                due = rest(due);
            }
        } catch (StoppedException _) {
            // the orderly end
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    /// Ends whatever it waits for on the server. Any thread; for a writer that does not stop by itself.
    void abort() {
        var waiting = connection;
        if (waiting != null) {
            try {
                waiting.abort(Runnable::run);
            } catch (SQLException e) {
                tally.brokenBy(e);
            }
        }
    }

    /// One transaction, repeated until the server acknowledges it.
    private void perform() throws InterruptedException, StoppedException {
        long began = System.nanoTime();
        for (long rest = SHORTEST_REST; !attempt(began); rest = Math.min(2 * rest, LONGEST_REST)) {
            disconnect();
            // not all at the same moment, and not in a row
            gate.pause(ThreadLocalRandom.current().nextLong(rest / 2, rest) + 1);
        }
    }

    private boolean attempt(long began) {
        Connection db;
        try {
            db = connected();
        } catch (SQLException e) {
            tally.refused(state(e));
            return false;
        }
        int seq = tally.book().begin(number);
        boolean committing = false;
        try {
            boolean first =
                    seq % 2 == 0; // so that a freeze meets transactions that have written, and such that have not
            if (first) {
                enter(db, seq, "entered first");
            }
            String what = shop.work(db);
            if (!first) {
                enter(db, seq, what);
            }
            committing = true;
            db.commit();
        } catch (SQLException e) {
            if (committing && lost(state(e))) {
                tally.cutOff(state(e));
            } else {
                tally.failed(number, seq, state(e));
            }
            return false;
        }
        tally.committed(number, seq, address(), System.nanoTime() - began);
        for (long missed = shop.committed(); missed > 0; missed--) {
            tally.missed();
        }
        return true;
    }

    private void enter(Connection db, int seq, String what) throws SQLException {
        try (var insert = db.prepareStatement(ENTER)) {
            insert.setInt(1, number);
            insert.setInt(2, seq);
            insert.setString(3, what);
            insert.executeUpdate();
        }
    }

    private Connection connected() throws SQLException {
        Address now = board.now();
        var open = connection;
        if (open != null && now.equals(connectedTo)) {
            return open;
        }
        disconnect();
        open = Login.open(now.endpoint(), "shop writer " + number);
        open.setAutoCommit(false);
        connection = open;
        connectedTo = now;
        return open;
    }

    private Address address() {
        if (connectedTo == null) {
            throw new IllegalStateException("committed without a connection");
        }
        return connectedTo;
    }

    private void disconnect() {
        var open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException _) {
                // it was broken already, that is why it is being closed
            }
        }
    }

    /// Keeps the pace; time lost in a pause is not made up for by a rush.
    private long rest(long due) throws InterruptedException, StoppedException {
        if (interval == 0) {
            return due;
        }
        long now = System.nanoTime();
        long next = Math.max(due + interval, now - FORGIVEN);
        long millis = TimeUnit.NANOSECONDS.toMillis(next - now);
        if (millis > 0) {
            gate.pause(millis);
        }
        return next;
    }

    /// Whether the outcome of a commit is unknown after this.
    private static boolean lost(String state) {
        return state.startsWith("08") || state.startsWith("57P") || state.equals("?????");
    }

    private static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "?????" : state;
    }
}

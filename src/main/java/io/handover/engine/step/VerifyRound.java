package io.handover.engine.step;

import io.handover.flow.NamedThreads;
import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.model.TableVerdict;
import io.handover.pg.BlockedByUs;
import io.handover.pg.SharedPieces;
import io.handover.pg.SnapshotSession;
import io.handover.pg.TableComparer;
import io.handover.pg.TableDigest;
import io.handover.pg.TableFound;
import io.handover.pg.WindowKeys;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Compares a round's tables in one pair of snapshots, with several pairs of sessions at once.
///
/// Watches meanwhile whether somebody has to wait for a table that is being read, and steps aside then: the owner is
/// never left worse. Snapshots that get old keep a server from cleaning up, so after a while the rest waits for new
/// ones.
final class VerifyRound implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);
    private static final Duration OLD = Duration.ofMinutes(15);
    private static final long REST_MILLIS = 200;
    private static final long IDLE_MILLIS = 20;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    /// Two sessions that see snapshots that belong together.
    private record Pair(SnapshotSession owner, SnapshotSession follower) {}

    private final StepContext with;
    private final VerifyBoard board;
    private final WindowKeys window;
    private final TableDigest.Dialect dialect;
    private final Pace pace;
    private final Rest rest;
    private final List<Pair> pairs = new ArrayList<>();
    private final List<Pair> opened = new ArrayList<>();
    private final Queue<VerifyItem> queue = new ArrayDeque<>();
    private final SharedPieces shared = new SharedPieces();
    private final Set<Integer> blockedBefore = new HashSet<>();
    private @Nullable Exception failure;
    private boolean ended;
    private int underWay;

    /// @param owner    has the owner's snapshot; stays the caller's
    /// @param follower has the follower's; stays the caller's
    /// @param rest     when to rest
    VerifyRound(
            StepContext with,
            VerifyBoard board,
            SnapshotSession owner,
            SnapshotSession follower,
            WindowKeys window,
            TableDigest.Dialect dialect,
            Rest rest) {
        this.rest = rest;
        this.with = with;
        this.board = board;
        this.window = window;
        this.dialect = dialect;
        this.pace = new Pace(() -> with.plan().readLimit().bytes(), System::nanoTime);
        pairs.add(new Pair(owner, follower));
    }

    /// Opens sessions for more workers, which take over the same snapshots.
    void widen(int workers, SnapshotSession.Taken ofOwner, SnapshotSession.Taken ofFollower) throws SQLException {
        while (pairs.size() < workers) {
            SnapshotSession owner = open(pairs.getFirst().owner.side(), ofOwner);
            try {
                var pair = new Pair(owner, open(pairs.getFirst().follower.side(), ofFollower));
                pairs.add(pair);
                opened.add(pair);
            } catch (SQLException e) {
                owner.close();
                throw e;
            }
        }
    }

    /// Compares `items` and tells the board; returns when all are done.
    void run(List<VerifyItem> items) throws SQLException, InterruptedException, StoppedException {
        queue.addAll(items);
        int workers = pairs.size();
        ExecutorService threads = with.threads().pool("verify", workers);
        ExecutorService helpers = with.threads().pool("verify follower", workers);
        var running = new CountDownLatch(workers);
        boolean done = false;
        try {
            for (Pair pair : pairs.subList(0, workers)) {
                threads.execute(() -> {
                    try {
                        var own = new VerifyPace(with, board, pace, rest, pair.owner, pair.follower);
                        work(new TableComparer(pair.owner, pair.follower, dialect, helpers, own, shared));
                    } finally {
                        running.countDown();
                    }
                });
            }
            watch(running);
            tell();
            done = true;
        } finally {
            if (!done) {
                cancelAll();
            }
            NamedThreads.close(threads, CLOSE_LIMIT);
            NamedThreads.close(helpers, CLOSE_LIMIT);
        }
        rethrow();
    }

    @Override
    public void close() throws SQLException {
        for (Pair pair : opened) {
            pair.owner.close();
            pair.follower.close();
        }
    }

    private SnapshotSession open(Side side, SnapshotSession.Taken snapshot) throws SQLException {
        SnapshotSession session =
                SnapshotSession.prepare(with.server(side).open("verify " + (pairs.size() + 1)), dialect);
        try {
            session.adopt(snapshot);
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    private void work(TableComparer comparer) {
        try {
            for (VerifyItem item = next(); item != null; item = next()) {
                with.gate().pass();
                board.running(item);
                TableFound found =
                        item.compare(comparer, window, pairs.getFirst().owner.side());
                if (found instanceof TableFound.Again) {
                    with.gate().pass(); // a stop may be why
                }
                board.found(item, found);
                done();
            }
            while (othersWork()) {
                if (!comparer.help()) {
                    with.gate().pause(IDLE_MILLIS);
                }
            }
        } catch (SQLException | StoppedException | RuntimeException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        }
    }

    /// The next table, once it may go on.
    private @Nullable VerifyItem next() throws InterruptedException, StoppedException {
        while (rest.isDue() && hasMore()) {
            with.gate().pause(REST_MILLIS);
        }
        synchronized (this) {
            VerifyItem item = ended ? null : queue.poll();
            underWay += item == null ? 0 : 1;
            return item;
        }
    }

    private synchronized void done() {
        underWay--;
    }

    private synchronized boolean othersWork() {
        return !ended && underWay > 0;
    }

    private synchronized boolean hasMore() {
        return !ended && !queue.isEmpty();
    }

    private synchronized void fail(Exception e) {
        if (failure == null) {
            failure = e;
        }
        ended = true;
    }

    private void watch(CountDownLatch running) throws InterruptedException, StoppedException, SQLException {
        long old = System.nanoTime() + OLD.toNanos();
        long tell = System.nanoTime() + TELL_EVERY.toNanos();
        for (int looks = 1; !running.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS); looks++) {
            if (with.gate().isStopped()) {
                throw new StoppedException();
            }
            if (hasFailed()) {
                cancelAll();
                continue;
            }
            if (System.nanoTime() > tell) {
                tell();
                tell = System.nanoTime() + TELL_EVERY.toNanos();
            }
            with.show(board.report(false));
            with.progress(board.fraction(), rest.why());
            if (looks % 4 == 0) {
                stepAside();
                rest.look();
            }
            if (System.nanoTime() > old) {
                leaveTheRest();
            }
        }
    }

    /// Has the journal note what is proved, not for each table alone: there may be thousands.
    private void tell() {
        List<TableVerdict> proved = board.newlyProved();
        if (!proved.isEmpty()) {
            with.proved(proved);
        }
    }

    private synchronized void leaveTheRest() throws SQLException {
        for (VerifyItem item = queue.poll(); item != null; item = queue.poll()) {
            board.found(item, new TableFound.Again("its turn came too late for these snapshots"));
        }
        if (rest.isDue()) { // not with snapshots this old; before the next ones it waits until the stream is well
            leaveAll();
        }
    }

    private void leaveAll() throws SQLException {
        for (Pair pair : pairs) {
            pair.owner.leave();
            pair.follower.leave();
        }
    }

    /// Cancels what somebody has waited for at two looks, one second apart.
    private void stepAside() throws SQLException {
        var blocked = new HashSet<Integer>();
        for (Side side : Side.values()) {
            List<SnapshotSession> sessions = pairs.stream()
                    .map(p -> p.owner.side() == side ? p.owner : p.follower)
                    .toList();
            Set<Integer> pids;
            try (Connection monitor = with.server(side).monitor()) {
                pids = BlockedByUs.among(
                        monitor, sessions.stream().map(SnapshotSession::pid).toList());
            }
            for (SnapshotSession session : sessions) {
                if (pids.contains(session.pid()) && blockedBefore.contains(session.pid())) {
                    session.leave();
                }
            }
            blocked.addAll(pids);
        }
        blockedBefore.clear();
        blockedBefore.addAll(blocked);
    }

    private synchronized boolean hasFailed() {
        return failure != null;
    }

    /// Nobody takes anything new, and what runs is cancelled.
    private void cancelAll() throws SQLException {
        synchronized (this) {
            ended = true;
        }
        for (Pair pair : pairs) {
            pair.owner.cancel();
            pair.follower.cancel();
        }
    }

    private synchronized void rethrow() throws SQLException, InterruptedException, StoppedException {
        switch (failure) {
            case null -> {
                return;
            }
            case SQLException e -> throw e;
            case StoppedException e -> throw e;
            case InterruptedException e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }
}

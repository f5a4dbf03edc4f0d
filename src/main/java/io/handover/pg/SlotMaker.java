package io.handover.pg;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.Patience;
import io.handover.flow.StoppedException;
import io.handover.model.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Makes and drops logical replication slots on the server that is followed.
///
/// Making one waits for every transaction that was writing when it began, in any database of that server.
/// All that
/// time it keeps WAL and holds vacuum back, so each try is bounded, the wait says whom it waits for, and
/// whatever goes
/// wrong, no slot stays behind.
public final class SlotMaker {

    /// How long one try may wait for others' transactions, unless the caller says otherwise.
    public static final Duration TRY = Duration.ofSeconds(60);

    /// How long a slot's reader may take to go once it was told to.
    private static final Duration DROP = Duration.ofSeconds(30);

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final Server owner;
    private final NamedThreads threads;

    /// For slots on `owner`.
    public SlotMaker(Server owner, NamedThreads threads) {
        this.owner = owner;
        this.threads = threads;
    }

    /// Makes `slot` with a snapshot of exactly what was committed before it; tries until it is made or
    /// `gate` stops
    /// it. A slot of that name is dropped first: it is from an earlier try of the same migration.
    ///
    /// @param once     how long one try may wait
    /// @param waitsFor told again and again whom it waits for, on this thread; the empty text once it is
    /// over
    /// @return the slot, with the connection that keeps its snapshot alive: the caller closes it
    /// @throws SQLException         if the server refuses; no slot is left
    /// @throws StoppedException     once stop was asked; no slot is left
    /// @throws InterruptedException if the thread is interrupted; no slot is left
    public SlotSnapshot withSnapshot(String slot, Duration once, Gate gate, Consumer<String> waitsFor)
            throws SQLException, InterruptedException, StoppedException {
        drop(slot);
        ExecutorService thread = threads.single("create slot");
        try {
            while (true) {
                Optional<SlotSnapshot> made = tryOnce(thread, slot, once, gate, waitsFor);
                if (made.isPresent()) {
                    return made.get();
                }
                gate.pause(BETWEEN_TRIES.toMillis());
            }
        } finally {
            waitsFor.accept("");
            NamedThreads.close(thread, Duration.ZERO);
        }
    }

    /// Makes `slot` without a snapshot, for a server on which nobody writes: it comes back in milliseconds.
    ///
    /// @param session autocommit on
    /// @param limit   how long it may wait for others' transactions
    /// @return from where on it streams
    /// @throws SQLException if it is refused, or `57014` if it was not made in time; no slot is left then.
    /// `42710`
    /// if there is one of that name: it is not touched
    public Lsn plain(DbSession session, String slot, Duration limit) throws SQLException, InterruptedException {
        String sql = "select lsn::text from pg_catalog.pg_create_logical_replication_slot(" + SqlNames.literal(slot)
                + ", 'pgoutput')";
        setTimeout(session, limit.toMillis());
        var entry = session.began(sql);
        try (PreparedStatement make = session.jdbc().prepareStatement(sql);
                ResultSet row = make.executeQuery()) {
            row.next();
            var start = Lsn.parse(row.getString(1));
            session.done(entry, "from " + start);
            setTimeout(session, 0);
            return start;
        } catch (SQLException e) {
            session.failed(entry, e);
            if (!SqlFailure.duplicateObject(e)) {
                cleanUp(slot, e);
            }
            throw e;
        }
    }

    /// Drops `slot`. A reader that is connected is ended first.
    ///
    /// @return false if there was none
    /// @throws SQLException `55006` if its reader, with the pid in the message, is still there after 30 s
    public boolean drop(String slot) throws SQLException, InterruptedException {
        try (DbSession session = owner.open("drop slot")) {
            return drop(session, slot, DROP);
        }
    }

    /// The same on the caller's session.
    ///
    /// @param session autocommit on
    /// @param limit   how long the slot's reader may take to go
    public static boolean drop(DbSession session, String slot, Duration limit)
            throws SQLException, InterruptedException {
        if (Slots.reader(session.jdbc(), slot) instanceof Slots.Reader.NoSlot) {
            return false;
        }
        boolean gone = Patience.until(limit, () -> dropIfFree(session, slot));
        if (!gone) {
            throw new SQLException("slot " + slot + " is still in use: " + Slots.reader(session.jdbc(), slot), "55006");
        }
        return true;
    }

    private static boolean dropIfFree(DbSession session, String slot) throws SQLException {
        return switch (Slots.reader(session.jdbc(), slot)) {
            case Slots.Reader.NoSlot() -> true;
            case Slots.Reader.Pid(int pid) -> {
                session.change("select pg_catalog.pg_terminate_backend(" + pid + ")");
                yield false;
            }
            case Slots.Reader.Nobody() -> {
                try {
                    session.change("select pg_catalog.pg_drop_replication_slot(" + SqlNames.literal(slot) + ")");
                    yield true;
                } catch (SQLException e) {
                    if (SqlFailure.state(e).equals("55006")) { // somebody was quicker
                        yield false;
                    }
                    if (SqlFailure.undefinedObject(e)) {
                        yield true;
                    }
                    throw e;
                }
            }
        };
    }

    private Optional<SlotSnapshot> tryOnce(
            ExecutorService thread, String slot, Duration once, Gate gate, Consumer<String> waitsFor)
            throws SQLException, InterruptedException, StoppedException {
        gate.pause(0); // throws if stop was asked
        var creation = SlotCreation.open(owner, slot, once);
        Future<SlotSnapshot> answer = thread.submit(creation::run);
        try {
            long end = System.nanoTime() + once.toNanos();
            while (System.nanoTime() - end < 0) {
                try {
                    return Optional.of(answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS));
                } catch (TimeoutException _) {
                    gate.pause(0);
                    waitsFor.accept(blockers(creation.pid()));
                }
            }
            return giveUp(creation, answer, slot);
        } catch (ExecutionException e) {
            return afterFailure(creation, e, slot);
        } catch (StoppedException | InterruptedException | RuntimeException e) {
            Optional<SlotSnapshot> made = giveUp(creation, answer, slot);
            if (made.isPresent()) {
                made.get().close();
                drop(slot);
            }
            throw e;
        }
    }

    /// Cancels what is still under way and waits for its end.
    ///
    /// @return the slot after all, if it was made in that very moment; otherwise none is left
    private Optional<SlotSnapshot> giveUp(SlotCreation creation, Future<SlotSnapshot> answer, String slot)
            throws SQLException, InterruptedException {
        creation.cancel();
        try {
            return Optional.of(answer.get(10, TimeUnit.SECONDS));
        } catch (TimeoutException _) {
            creation.abort(); // the server ends it when it next looks; drop() below waits for that
        } catch (ExecutionException e) {
            return afterFailure(creation, e, slot);
        }
        drop(slot);
        return Optional.empty();
    }

    /// @return empty if it only took too long
    private Optional<SlotSnapshot> afterFailure(SlotCreation creation, ExecutionException e, String slot)
            throws SQLException, InterruptedException {
        creation.abort();
        if (!(e.getCause() instanceof SQLException sql)) {
            throw new IllegalStateException("slot " + slot + " could not be made", e.getCause());
        }
        cleanUp(slot, sql);
        if (!SqlFailure.lockUnavailable(sql) || sql.getSuppressed().length > 0) {
            throw sql;
        }
        return Optional.empty();
    }

    private void cleanUp(String slot, SQLException why) throws InterruptedException {
        try {
            drop(slot);
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    /// The creation goes on, whether it can be told whom it waits for or not.
    private String blockers(int pid) {
        try (Connection monitor = owner.monitor()) {
            return Blockers.of(monitor, List.of(pid));
        } catch (SQLException e) {
            return "others' transactions; which ones cannot be asked now (" + SqlFailure.state(e) + ")";
        }
    }

    private static void setTimeout(DbSession session, long millis) throws SQLException {
        try (Statement set = session.jdbc().createStatement()) {
            set.execute("set statement_timeout = " + millis);
        }
    }
}

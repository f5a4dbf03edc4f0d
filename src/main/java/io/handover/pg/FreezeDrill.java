package io.handover.pg;

import io.handover.flow.NamedThreads;
import io.handover.flow.Patience;
import io.handover.model.TableRef;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Freezes a table of Handover's own, has a writer wait for it, and sees that a backend without a client gives it back:
/// what a cutover does to all tables if Handover dies. The table is made for this and gone afterwards.
public final class FreezeDrill {

    private static final TableRef TABLE = new TableRef(HandoverSchema.NAME, "drill");
    private static final Duration SOON = Duration.ofSeconds(5);
    /// Long enough for the looks in between over a slow line, too: a drill must not fail because of the distance.
    private static final Duration WATCH = Duration.ofSeconds(2);

    private FreezeDrill() {}

    /// What was measured.
    ///
    /// @param lock     how long the lock took
    /// @param givenBack how long after its time the writer could go on
    public record Result(Duration lock, Duration givenBack) {}

    /// Runs it; takes about two seconds.
    ///
    /// @param owner makes and drops the table
    /// @throws SQLException `HO002` if the drill did not go as a cutover relies on; the text says what
    public static Result run(Server from, DbSession owner, NamedThreads threads)
            throws SQLException, InterruptedException {
        drop(owner);
        owner.change("create table handover.drill (id integer)");
        ExecutorService pool = threads.pool("drill", 2);
        try (DbSession locks = from.openSimple("drill locks");
                DbSession writer = from.open("drill writer");
                DbSession watchdog = from.openSimple("drill watchdog")) {
            var lock = new FreezeLock(locks, List.of(TABLE), SOON);
            long began = System.nanoTime();
            if (!lock.reserve(SOON) || !lock.take(SOON)) {
                throw failed("the table could not be locked");
            }
            Duration locked = since(began);
            Future<Long> write = pool.submit(() -> writer.change("insert into handover.drill values (1)"));
            long due = System.nanoTime() + WATCH.toNanos();
            Future<Long> watch =
                    pool.submit(() -> watchdog.change("""
                    do $handover$ begin
                      perform pg_catalog.pg_sleep(%s);
                      perform pg_catalog.pg_terminate_backend(%d);
                    end $handover$
                    """.formatted(WATCH.toMillis() / 1000.0, locks.pid())));
            boolean waits = Patience.until(
                    WATCH.dividedBy(2),
                    () -> Sessions.waitingFor(owner.jdbc(), locks.pid()).stream()
                            .anyMatch(session -> session.pid() == writer.pid()));
            if (!waits) {
                throw failed("a writer did not wait for the lock");
            }
            if (!Patience.until(WATCH.dividedBy(4), () -> Sessions.sleeps(owner.jdbc(), watchdog.pid()))) {
                throw failed("a watchdog did not start");
            }
            await(write, "the writer was not let go on when the session with the locks was ended");
            Duration late = Duration.ofNanos(Math.max(0, System.nanoTime() - due));
            await(watch, "the watchdog did not end");
            return new Result(locked, late);
        } finally {
            pool.shutdownNow();
            drop(owner);
        }
    }

    private static void drop(DbSession owner) throws SQLException {
        owner.change("drop table if exists handover.drill");
    }

    private static void await(Future<Long> work, String otherwise) throws SQLException, InterruptedException {
        try {
            work.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failed(otherwise);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            }
            throw new IllegalStateException("the drill failed", e.getCause());
        }
    }

    private static SQLException failed(String what) {
        return new SQLException(what, "HO002");
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}

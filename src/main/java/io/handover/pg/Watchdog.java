package io.handover.pg;

import io.handover.flow.NamedThreads;
import io.handover.model.MigrationId;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A backend on `from` that gives the data back at the deadline if nobody has confirmed the handing over. It
/// needs its client for nothing: the whole of its work is one message, and a client's death does not reach a
/// backend that sleeps.
///
/// It looks at the mark about every second, ends by itself when the attempt is over, and heeds a deadline
/// that was set anew. At the deadline it takes the mark back and restores the read-only default, in one
/// transaction; after that it ends the session that holds the locks, and those that began while the database
/// was read-only, or their role was, which would stay so.
public final class Watchdog implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Watchdog.class.getName());

    private final DbSession session;
    private final ExecutorService thread;
    private final Future<?> waiting;

    private Watchdog(DbSession session, ExecutorService thread, Future<?> waiting) {
        this.session = session;
        this.thread = thread;
        this.waiting = waiting;
    }

    /// Starts one for an attempt that has just been armed.
    ///
    /// @param locks the session to end at the deadline
    public static Watchdog start(Server from, MigrationId id, long epoch, DbSession locks, NamedThreads threads)
            throws SQLException {
        String watch = watch(id, epoch, locks);
        DbSession session = from.openSimple("watchdog " + epoch);
        try {
            Durability.withoutLimits(session);
            Durability.on(session);
            var thread = threads.single("watchdog " + epoch);
            var waiting = thread.submit(() -> session.change(watch));
            return new Watchdog(session, thread, waiting);
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /// Its backend.
    public int pid() {
        return session.pid();
    }

    /// Whether it sleeps on the server, seen from another session: only then may writes be stopped.
    public boolean sleeps(DbSession other) throws SQLException {
        return Sessions.sleeps(other.jdbc(), session.pid());
    }

    /// True once its client has heard from it: it ended, or its connection did.
    public boolean ended() {
        return waiting.isDone();
    }

    /// Ends its backend from `other`, once the attempt is over.
    public void end(DbSession other) throws SQLException {
        Sessions.end(other, java.util.List.of(session.pid()));
    }

    /// Ends those of earlier attempts of this migration, for example of an app that was killed.
    public static void endAll(DbSession session) throws SQLException {
        session.change("""
                select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
                 where datname = current_database() and usename = current_user
                   and application_name like 'handover watchdog %' and pid <> pg_backend_pid()""");
    }

    /// Lets go of the connection; the backend goes on until its deadline.
    @Override
    public void close() {
        try {
            session.abort();
        } catch (SQLException e) {
            LOG.log(Level.FINE, "The watchdog's connection was gone already", e);
        }
        thread.shutdownNow();
    }

    /// The first block is one transaction, the second another.
    private static String watch(MigrationId id, long epoch, DbSession locks) throws SQLException {
        String attempt = "id = 1 and migration = '%s' and epoch = %d".formatted(id, epoch);
        return """
                begin;
                do $handover$
                declare m record;
                begin
                  loop
                    select * into m from handover.mark where %1$s and state in ('armed', 'handing_over');
                    exit when not found or clock_timestamp() >= m.deadline;
                    perform pg_sleep(least(1, greatest(0.001, extract(epoch from m.deadline - clock_timestamp()))));
                  end loop;
                  select * into m from handover.mark
                   where %1$s and state in ('armed', 'handing_over') and clock_timestamp() >= deadline for update;
                  if found then
                    update handover.mark set state = 'owns', deadline = null where id = 1;
                    if m.state = 'handing_over' then
                      %2$s
                    end if;
                    %4$s
                  end if;
                end
                $handover$;
                commit;
                %3$s""".formatted(
                        attempt,
                        ReadOnlyDefault.PUT_BACK.indent(10).strip(),
                        StaleSessions.endAlone(
                                attempt,
                                "perform pg_terminate_backend(pid) from pg_stat_activity where pid = " + locks.pid()
                                        + " and backend_start = '" + startOf(locks) + "'::timestamptz;"),
                        StaleSessions.NOTE_TAKEN_BACK);
    }

    private static String startOf(DbSession locks) throws SQLException {
        try (var statement = locks.jdbc().createStatement();
                var row = statement.executeQuery("""
                        select backend_start::text from pg_catalog.pg_stat_activity where pid = pg_backend_pid()
                        """)) {
            row.next();
            return Optional.ofNullable(row.getString(1)).orElse("infinity");
        }
    }
}

package io.handover.pg;

import io.handover.flow.NamedThreads;
import io.handover.flow.Patience;
import io.handover.model.MigrationId;
import io.handover.model.TableRef;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Keeps the locks of a freeze past the confirmation, in the backend that holds them and without its client, so that
/// the application's writers may simply wait for them: were the locks to go with a client that dies, the writers
/// that wait would go on and commit on the server that has handed over.
///
/// It watches the mark and lets the locks go
///
/// - at once, when the attempt was taken back: the writers go on, as if nothing had been. It takes it back itself if
///   nobody has, a second after the deadline: the watchdog may have been ended by somebody. Then it also ends the
///   sessions that began while the database, or their role, was read-only, as the watchdog would have done;
/// - after it was handed over, when it is told to (`MarkChange.letGo`) or the deadline has come: first everybody who
///   can still write is ended, then the tables are guarded (`WriteGuard`) in the transaction that frees them. Whoever
/// began before `cutoff` is ended after a second in any case, told or not: a writer that gives
///   up waiting could still draw from a sequence.
///
/// All of its work is one message, and neither a dead client nor a time limit of the server's reaches it. What can
/// still end it is somebody who ends this very backend.
public final class LockKeeper {

    private static final Logger LOG = Logger.getLogger(LockKeeper.class.getName());

    private final DbSession locks;
    private final ExecutorService thread;
    private final Future<?> keeping;

    private LockKeeper(DbSession locks, ExecutorService thread, Future<?> keeping) {
        this.locks = locks;
        this.thread = thread;
        this.keeping = keeping;
    }

    /// Begins to keep what `locks` holds. From now on that session is the keeper's.
    ///
    /// @param locks  holds the locks in an open transaction; in the simple protocol
    /// @param ours   `Server.backends()`: never ended
    /// @param cutoff by the server's clock; whoever began later is read-only by default
    /// @param roles  if only theirs were to be ended; empty for everybody's
    /// @param tables to guard once it is over
    public static LockKeeper start(
            DbSession locks,
            MigrationId id,
            long epoch,
            Set<Integer> ours,
            String cutoff,
            Optional<Set<Long>> roles,
            Collection<TableRef> tables,
            NamedThreads threads) {
        String text = text(id, epoch, LockWaits.mayWrite(ours, cutoff, roles), WriteGuard.block(tables));
        var thread = threads.single("lock keeper " + epoch);
        var keeping = thread.submit(() -> {
            locks.change(text, "-- keeps the locks until the mark says that they may go");
            return null;
        });
        thread.shutdown();
        return new LockKeeper(locks, thread, keeping);
    }

    /// Waits until it is at work on the server, seen from another session.
    ///
    /// @return false if it does not within `limit`: then nobody keeps anything
    public boolean keeps(DbSession other, Duration limit) throws SQLException, InterruptedException {
        return Patience.until(limit, () -> keeping.isDone() || Sessions.works(other.jdbc(), locks.pid()))
                && !keeping.isDone();
    }

    /// Whether `locks` runs a statement: what `keeps` asks.
    public static boolean works(DbSession other, DbSession locks) throws SQLException {
        return Sessions.works(other.jdbc(), locks.pid());
    }

    /// Waits until it is over.
    ///
    /// @return whether the server let the locks go in its own way, tables guarded; false if not within `limit`,
    /// or if the connection was lost
    public boolean letGo(Duration limit) throws InterruptedException {
        try {
            keeping.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            LOG.log(Level.WARNING, "The locks are still kept after {0}", limit);
            return false;
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "The session that kept the locks was lost", e);
            return false;
        }
    }

    /// Lets go of the connection; the backend goes on.
    public void abandon() throws SQLException {
        locks.abort();
        thread.shutdownNow();
    }

    /// @param mayWrite a condition for `pg_stat_activity a`, with the moment of the confirmation as `confirmed`
    private static String text(MigrationId id, long epoch, String mayWrite, String guard) {
        String tag = "$keeper" + UUID.randomUUID().toString().replace("-", "") + "$"; // names of tables are in it
        return """
                set local client_min_messages = error; -- a warning that nobody reads would end it with its dead client
                set local lock_timeout = '5s';
                do %1$s
                declare
                  m record;
                  unguarded record;
                  confirmed timestamptz;
                  told timestamptz;
                  failures int := 0;
                begin
                  loop
                    begin
                      perform pg_catalog.pg_sleep(0.004);
                      perform pg_catalog.pg_stat_clear_snapshot();
                      select state, deadline into m from handover.mark
                       where id = 1 and migration = '%2$s' and epoch = %3$d;
                      exit when not found or m.state not in ('handing_over', 'handed_over');
                      if m.state = 'handing_over' then
                        continue when clock_timestamp() < m.deadline + interval '1 second';
                        -- Too late to be confirmed, unless that is being committed just now: then its row is locked.
                        select * into m from handover.mark
                         where id = 1 and migration = '%2$s' and epoch = %3$d and state = 'handing_over'
                           for update skip locked;
                        continue when not found;
                        update handover.mark set state = 'owns', deadline = null where id = 1;
                        %6$s
                        %7$s
                        exit;
                      end if;
                      confirmed := coalesce(confirmed, clock_timestamp());
                      if m.deadline is null or clock_timestamp() >= m.deadline then
                        told := coalesce(told, clock_timestamp());
                      end if;
                      if told is not null or clock_timestamp() >= confirmed + interval '1 second' then
                        perform pg_catalog.pg_terminate_backend(a.pid) %4$s;
                      end if;
                      if told is not null then
                        perform pg_catalog.pg_stat_clear_snapshot();
                        perform %4$s;
                        if not found or clock_timestamp() >= told + interval '5 seconds' then
                          %5$s
                          exit;
                        end if;
                      end if;
                    exception when query_canceled or others then
                      failures := failures + 1;
                      if failures > 500 and (confirmed is null or clock_timestamp() > confirmed + interval '10 minutes') then
                        raise;
                      end if;
                    end;
                  end loop;
                end
                %1$s;
                commit;
                set client_min_messages = error;
                %8$s""".formatted(
                        tag,
                        id,
                        epoch,
                        mayWrite,
                        guard.indent(8).strip(),
                        ReadOnlyDefault.PUT_BACK.indent(24).strip(),
                        StaleSessions.NOTE_TAKEN_BACK,
                        StaleSessions.endAlone("id = 1 and migration = '%s' and epoch = %d".formatted(id, epoch), ""));
    }
}

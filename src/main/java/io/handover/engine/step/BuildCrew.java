package io.handover.engine.step;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Side;
import io.handover.pg.BuildSessions;
import io.handover.pg.DbSession;
import io.handover.pg.SchemaWriter;
import io.handover.pg.SqlFailure;
import io.handover.pg.TargetFacts;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Several sessions on the target that build at the same time. For the step's thread; the work runs on
/// others.
final class BuildCrew implements AutoCloseable {

    /// That the last moments may be lost if the target crashes does no harm: an object and the note of it
    /// are lost together, and the step ends with a commit that waits for the disk.
    private static final String SESSION = """
            set maintenance_work_mem = '512MB';
            set max_parallel_maintenance_workers = 2;
            set synchronous_commit = off""";

    private static final Logger LOG = LoggerFactory.getLogger(BuildCrew.class);
    private static final int ATTEMPTS = 3;

    private final NamedThreads threads;
    private final Gate gate;
    private final List<Member> members = new ArrayList<>();

    /// One session with what writes entries through it.
    record Member(DbSession session, SchemaWriter writer) {}

    /// What a member does; a lock that could not be had is asked for again.
    @FunctionalInterface
    interface Work<T> {
        void run(Member member, T work) throws SQLException, InterruptedException, StoppedException;
    }

    /// Something of its own kind to do.
    @FunctionalInterface
    interface Task {
        void run(Member member) throws SQLException, InterruptedException, StoppedException;
    }

    private BuildCrew(StepContext with) {
        this.threads = with.threads();
        this.gate = with.gate();
    }

    /// Opens `plan.workers()` sessions.
    static BuildCrew open(StepContext with) throws SQLException {
        var crew = new BuildCrew(with);
        try {
            for (int i = 1; i <= with.plan().workers(); i++) {
                DbSession session = with.server(Side.TARGET).openSimple(BuildSessions.PURPOSE + i);
                var facts = TargetFacts.read(session.jdbc());
                crew.members.add(new Member(session, new SchemaWriter(session, facts, with::note)));
                session.change(SESSION);
            }
            return crew;
        } catch (SQLException | RuntimeException e) {
            crew.close();
            throw e;
        }
    }

    /// The first session, for the step's own thread between two runs.
    DbSession first() {
        return members.getFirst().session();
    }

    /// The backends.
    List<Integer> pids() {
        return members.stream().map(member -> member.session().pid()).toList();
    }

    /// Does everything in `queue`. The first failure ends the whole once the others have finished what they
    /// are at; Stop cancels that too.
    ///
    /// @param size how many members at most
    /// @param tick called four times a second meanwhile, on this thread
    <T> void run(BuildQueue<T> queue, int size, Work<T> work, Runnable tick)
            throws SQLException, InterruptedException, StoppedException {
        var failure = new AtomicReference<Throwable>();
        ExecutorService pool = threads.pool("index", Math.min(size, members.size()));
        try {
            for (Member member : members.subList(0, Math.min(size, members.size()))) {
                pool.execute(() -> {
                    try {
                        take(member, queue, work);
                    } catch (Throwable e) { // whatever it is: work that was not done must not look done
                        failure.compareAndSet(null, e);
                        queue.close();
                    }
                });
            }
            pool.shutdown();
            while (!pool.awaitTermination(250, TimeUnit.MILLISECONDS)) {
                tick.run();
                if (gate.isStopped()) {
                    queue.close();
                    cancel();
                }
            }
        } finally {
            queue.close();
            if (!pool.isTerminated()) {
                cancel();
                NamedThreads.close(pool, Duration.ofSeconds(5));
            }
        }
        tick.run();
        rethrow(Optional.ofNullable(failure.get()));
    }

    private <T> void take(Member member, BuildQueue<T> queue, Work<T> work)
            throws SQLException, InterruptedException, StoppedException {
        for (var item = queue.take(); item.isPresent(); item = queue.take()) {
            try {
                gate.pass();
                retrying(member, work, item.get().work());
            } catch (Throwable e) { // nothing that needs it may be begun
                queue.close();
                throw e;
            } finally {
                queue.release(item.get());
            }
        }
    }

    private <T> void retrying(Member member, Work<T> work, T item)
            throws SQLException, InterruptedException, StoppedException {
        for (int attempt = 1; ; attempt++) {
            try {
                work.run(member, item);
                return;
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || gate.isStopped() || !SqlFailure.lockUnavailable(e)) {
                    throw e;
                }
            }
        }
    }

    private void cancel() {
        for (Member member : members) {
            try {
                member.session().cancel();
            } catch (SQLException e) {
                LOG.debug(
                        "backend {} could not be told to cancel",
                        member.session().pid(),
                        e);
            }
        }
    }

    /// What a stopped queue did not hand out any more is not done either, whether a member failed or not.
    private void rethrow(Optional<Throwable> failure) throws SQLException, InterruptedException, StoppedException {
        if (gate.isStopped()) {
            throw new StoppedException();
        }
        if (failure.isPresent()) {
            switch (failure.get()) {
                case SQLException e -> throw e;
                case InterruptedException e -> throw e;
                case StoppedException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        for (Member member : members) {
            member.session().close();
        }
    }
}

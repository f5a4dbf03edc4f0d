package io.handover.engine.step;

import io.handover.engine.step.BuildCrew.Member;
import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.StoppedException;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.TableRef;
import io.handover.pg.BuildSessions;
import io.handover.pg.DbSession;
import io.handover.pg.LoneIndex;
import io.handover.pg.SchemaWriter;
import io.handover.pg.SqlFailure;
import io.handover.pg.TargetFacts;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions on the target that build indexes beside a copy, opened when they are needed. What one of them cannot build
/// is no failure: it is tried again once all rows are there, and told then. For the step's thread; the work runs on
/// others.
final class EarlyCrew {

    /// One processor each, as a session of the copy takes.
    private static final String SESSION = """
            set maintenance_work_mem = '512MB';
            set max_parallel_maintenance_workers = 0;
            set synchronous_commit = off""";

    /// Connections of the target that are left to others, and to the copy itself when it has to begin some anew.
    private static final int LEFT_FREE = 8;

    private static final Duration TO_CANCEL = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(EarlyCrew.class);

    private final StepContext with;
    private final ExecutorService pool;

    /// Of its own, because a pause does not hold what was begun.
    private final Gate gate = new Gate();

    private final Map<Integer, Future<Boolean>> begun = new HashMap<>();
    private final Set<LoneIndex> building = ConcurrentHashMap.newKeySet();
    private final AtomicInteger made = new AtomicInteger();
    private final List<Member> members = new ArrayList<>();
    private final Deque<Member> idle = new ArrayDeque<>();
    private boolean ended;
    private volatile boolean off;

    EarlyCrew(StepContext with) {
        this.with = with;
        this.pool = with.threads().pool("early index", Plan.MOST_WORKERS);
    }

    /// True if nothing is begun any more.
    boolean isOff() {
        return off;
    }

    /// How many are being built.
    int building() {
        return building.size();
    }

    /// Tables at which something is being built.
    Set<TableRef> tables() {
        var tables = new HashSet<TableRef>();
        building.forEach(index -> tables.add(index.table()));
        return tables;
    }

    /// How many entries of the dump are made.
    int made() {
        return made.get();
    }

    /// What was begun, by the numbers of the entries.
    Map<Integer, Future<Boolean>> begun() {
        return Map.copyOf(begun);
    }

    /// The backends.
    synchronized List<Integer> pids() {
        return members.stream().map(member -> member.session().pid()).toList();
    }

    /// Begins to build `index`.
    ///
    /// @param freeConnections how many the target has left
    /// @return false if no session is to be had
    boolean build(LoneIndex index, int freeConnections) {
        synchronized (this) {
            if (off || (idle.isEmpty() && freeConnections <= LEFT_FREE)) {
                return false;
            }
        }
        building.add(index);
        begun.put(index.entry().number(), pool.submit(() -> built(index)));
        return true;
    }

    private boolean built(LoneIndex index) {
        Optional<Member> member = Optional.empty();
        try {
            member = Optional.of(member());
            if (index.whole()) {
                member.get().writer().write(List.of(index.step()), gate, _ -> {});
                made.incrementAndGet();
            } else {
                member.get().writer().prepare(index.step());
            }
            giveBack(member.get());
            return true;
        } catch (SQLException e) {
            member.ifPresent(this::leave);
            failed(index, e);
            return false;
        } catch (StoppedException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            building.remove(index);
        }
    }

    /// Without a session or resources there is no use in others; whatever else it is, it is of this one.
    private void failed(LoneIndex index, SQLException e) {
        if (gate.isStopped()) {
            return;
        }
        String state = SqlFailure.state(e);
        if (SqlFailure.connectionLost(e) || state.startsWith("53") || state.startsWith("58")) {
            off = true;
        }
        with.note(index.entry().display() + " could not be built while other tables are copied (" + state
                + "). It is tried again once all rows are there.");
    }

    private Member member() throws SQLException, StoppedException {
        synchronized (this) {
            Member free = idle.poll();
            if (free != null) {
                return free;
            }
        }
        DbSession session = with.server(Side.TARGET)
                .openSimple(BuildSessions.EARLY + Thread.currentThread().threadId());
        try {
            var facts = TargetFacts.read(session.jdbc());
            var member = new Member(session, new SchemaWriter(session, facts, with::note));
            session.change(SESSION);
            synchronized (this) {
                if (ended) {
                    throw new StoppedException();
                }
                members.add(member);
            }
            return member;
        } catch (SQLException | StoppedException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private synchronized void giveBack(Member member) {
        idle.push(member);
    }

    private void leave(Member member) {
        synchronized (this) {
            members.remove(member);
        }
        close(member);
    }

    /// Begins nothing any more.
    void rest() {
        off = true;
    }

    /// Breaks off what runs, waits for it, and closes the sessions.
    void end() {
        off = true;
        synchronized (this) {
            ended = true;
        }
        gate.stop();
        pool.shutdown();
        long abort = System.nanoTime() + TO_CANCEL.toNanos();
        boolean interrupted = Thread.interrupted();
        while (!pool.isTerminated()) {
            try {
                if (interrupted || System.nanoTime() - abort > 0) {
                    copyOfMembers().forEach(EarlyCrew::abort);
                    NamedThreads.close(pool, TO_CANCEL); // who is not in a session yet finds that it has ended
                    break;
                }
                copyOfMembers().forEach(EarlyCrew::cancel);
                if (pool.awaitTermination(250, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        copyOfMembers().forEach(EarlyCrew::close);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized List<Member> copyOfMembers() {
        return List.copyOf(members);
    }

    private static void cancel(Member member) {
        try {
            member.session().cancel();
        } catch (SQLException e) {
            LOG.debug("backend {} could not be told to cancel", member.session().pid(), e);
        }
    }

    private static void abort(Member member) {
        try {
            member.session().abort();
        } catch (SQLException e) {
            LOG.debug("backend {} was closed already", member.session().pid(), e);
        }
    }

    private static void close(Member member) {
        try {
            member.session().close();
        } catch (SQLException e) {
            LOG.debug("backend {} could not be told good-bye", member.session().pid(), e);
        }
    }
}

package io.handover.engine.cutover;

import io.handover.flow.StoppedException;
import io.handover.model.Scope;
import io.handover.model.Session;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.pg.Catalog;
import io.handover.pg.FreezeLock;
import io.handover.pg.LockOrder;
import io.handover.pg.Publications;
import io.handover.pg.Sessions;
import io.handover.pg.SqlFailure;
import io.handover.pg.StreamedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// Stops writes on the old owner, by locks in any case if the server has room for them.
final class Freeze {

    private static final Duration STOP_WRITERS = Duration.ofMillis(300);
    private static final Duration LET_THEM_GO_ON = Duration.ofMillis(900);
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration REORDERED = Duration.ofMillis(100);
    private static final int REORDERINGS = 6;
    private static final Duration LOCKED_QUICKLY = Duration.ofSeconds(2);
    private static final Duration LOCKED_AMONG_OTHERS = Duration.ofSeconds(5);

    private final Attempt attempt;
    private final FreezeLock lock;
    private final Duration pushAside;
    private final Set<TableRef> published;
    private final Set<TableRef> lacking;
    private final Set<TableRef> tables;
    private final String fingerprint;
    private boolean held;
    private int knots;
    private final LockOrder order = new LockOrder();

    private Freeze(
            Attempt attempt,
            FreezeLock lock,
            Set<TableRef> tables,
            Set<TableRef> published,
            Set<TableRef> lacking,
            Duration pushAside,
            String fingerprint) {
        this.attempt = attempt;
        this.lock = lock;
        this.pushAside = pushAside;
        this.tables = Set.copyOf(tables);
        this.published = Set.copyOf(published);
        this.lacking = Set.copyOf(lacking);
        this.fingerprint = fingerprint;
    }

    /// Plans it; touches nothing.
    static Freeze of(Attempt attempt) throws SQLException {
        Connection owner = attempt.lines.owner().jdbc();
        String fingerprint = Catalog.tablesFingerprint(owner); // before the list: then nothing is missed
        List<TableInfo> found = inScope(owner, attempt.with.plan().scope());
        Set<TableRef> tables = tables(owner, attempt.with.plan().scope(), found);
        Duration silence = attempt.with.plan().deadline().plusSeconds(1);
        // Autovacuum gives way only to somebody who has waited for so long.
        Duration pushAside = FreezeLock.deadlockTimeout(owner).plusMillis(500);
        Set<TableRef> published = new TreeSet<>(Publications.tables(owner, attempt.forward()));
        published.remove(Publications.FENCE);
        return new Freeze(
                attempt,
                new FreezeLock(attempt.lines.locks(), tables, silence),
                tables,
                published,
                lacking(attempt, found),
                pushAside,
                fingerprint);
    }

    private static List<TableInfo> inScope(Connection owner, Scope scope) throws SQLException {
        return Catalog.unmeasured(owner).stream()
                .filter(info -> scope.includes(info.table()))
                .toList();
    }

    private static Set<TableRef> tables(Connection owner, Scope scope, List<TableInfo> found) throws SQLException {
        // a partitioned table first: it has its partitions locked with it, and its place is the one that counts
        var tables = new LinkedHashSet<>(Catalog.partitionedTables(owner).stream()
                .filter(scope::includes)
                .sorted()
                .toList());
        found.stream().map(TableInfo::table).sorted().forEach(tables::add);
        return tables;
    }

    private static Set<TableRef> lacking(Attempt attempt, List<TableInfo> found) throws SQLException {
        Scope scope = attempt.with.plan().scope();
        return StreamedTables.lacking(
                attempt.lines.owner().jdbc(),
                attempt.lines.follower().jdbc(),
                attempt.forward(),
                attempt.forward(),
                found.stream().filter(info -> scope.includes(info.root())).toList());
    }

    /// The stream carries every table that is in the log. A gate says so as well, but hook and views have taken their
    /// time since.
    void allFollow() throws Setback {
        if (!lacking.isEmpty()) {
            throw new Setback(CutoverProblems.tablesMade(
                    lacking.stream().sorted().map(TableRef::display).toList()));
        }
    }

    /// Tables that were made since it was planned, also under the name of one that is gone: nobody has locked them,
    /// or no stream carries them.
    Set<TableRef> madeSince() throws SQLException {
        Connection owner = attempt.lines.owner().jdbc();
        Scope scope = attempt.with.plan().scope();
        List<TableInfo> found = inScope(owner, scope);
        var made = new TreeSet<>(tables(owner, scope, found));
        made.removeAll(tables);
        made.addAll(lacking(attempt, found));
        made.removeAll(lacking);
        return made;
    }

    /// Whether none has come or gone since it was planned, by one short question.
    boolean areStillThose() throws SQLException {
        return Catalog.tablesFingerprint(attempt.lines.owner().jdbc()).equals(fingerprint);
    }

    /// Proof that nobody can write, for the confirming statement.
    FreezeLock.Guard guard() {
        return held ? lock.guard() : FreezeLock.Guard.none();
    }

    /// The same as it will be once the tables are locked.
    FreezeLock.Guard futureGuard() {
        return lock.guard();
    }

    /// Whether there are locks.
    boolean isHeld() {
        return held;
    }

    /// The tables that the stream carries.
    Set<TableRef> published() {
        return published;
    }

    /// Takes the locks, again and again; between two tries production goes on.
    ///
    /// @param calm waits before each further try until the stream has caught up: what was held up comes all at once
    void lock(Calm calm) throws Setback, InterruptedException, StoppedException {
        String who = "";
        while (true) {
            attempt.with.gate().pass();
            if (attempt.left().compareTo(STOP_WRITERS.plus(pushAside)) < 0) {
                throw new Setback(CutoverProblems.blocked(attempt.untilFrozen(), who));
            }
            lock.arrange(order);
            var blockers = new Blockers();
            long nanos = tryOnce(blockers);
            if (held) {
                attempt.frozen(nanos);
                attempt.with.progress(-1, "");
                attempt.parts.points().passed(Point.FROZEN);
                return;
            }
            who = blockers.seen;
            attempt.with.progress(-1, "the tables are held by " + who);
            attempt.with.gate().pause((blockers.knotted ? REORDERED : LET_THEM_GO_ON).toMillis());
            calm.await();
        }
    }

    /// Waits for the stream.
    @FunctionalInterface
    interface Calm {
        void await() throws Setback, InterruptedException, StoppedException;
    }

    /// Takes the locks after the sessions were ended, when nobody should be in the way; without them if there
    /// is no room.
    void lockEmptied() throws Setback, InterruptedException {
        long end = System.nanoTime() + LOCKED_QUICKLY.toNanos();
        while (!held && System.nanoTime() - end < 0) {
            attempt.leftOrLate("locking the tables");
            try {
                tryOnce(new Blockers());
            } catch (Setback e) {
                if (!e.problem().code().equals("too-many-locks")) {
                    throw e;
                }
                attempt.note("The server has no room to lock all tables: only the read-only default stops writes.");
                return;
            }
        }
        if (!held) {
            throw new Setback(CutoverProblems.blocked(LOCKED_QUICKLY, ""));
        }
    }

    /// Takes the locks while those who are not ended go on writing; they are what stops them, so it fails
    /// without them.
    void lockAmongOthers() throws Setback, InterruptedException {
        Duration limit = shorter(attempt.leftOrLate("locking the tables").dividedBy(2), LOCKED_AMONG_OTHERS);
        long end = System.nanoTime() + limit.toNanos();
        String who = "";
        while (true) {
            attempt.leftOrLate("locking the tables");
            lock.arrange(order);
            var blockers = new Blockers();
            var _ = tryOnce(blockers);
            if (held) {
                return;
            }
            who = blockers.seen;
            if (System.nanoTime() - end >= 0) {
                throw new Setback(CutoverProblems.blocked(limit, who));
            }
            SessionsEnd.rest(REORDERED.toMillis());
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /// @return when writers first had to wait
    private long tryOnce(Blockers blockers) throws Setback, InterruptedException {
        return attempt.act(Point.FROZEN.title(), Point.FROZEN.doing(), attempt.from, () -> {
            ExecutorService thread = attempt.with.threads().single("cutover locks");
            try {
                if (!watched(thread, () -> lock.reserve(pushAside), blockers)) {
                    return System.nanoTime();
                }
                long nanos = System.nanoTime();
                held = watched(thread, () -> lock.take(STOP_WRITERS), blockers);
                return nanos;
            } catch (SQLException e) {
                if (SqlFailure.state(e).equals("53200")) {
                    throw new Setback(CutoverProblems.tooManyTables(String.valueOf(e.getMessage())), e);
                }
                throw e;
            } finally {
                thread.shutdown();
            }
        });
    }

    /// Waits for `locking`, and looks who is in its way.
    private boolean watched(ExecutorService thread, Callable<Boolean> locking, Blockers blockers)
            throws SQLException, InterruptedException {
        Future<Boolean> answer = thread.submit(locking);
        while (true) {
            try {
                return answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                blockers.look();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SQLException sql) {
                    throw sql;
                }
                throw new IllegalStateException("the tables could not be locked", e.getCause());
            } catch (InterruptedException e) {
                attempt.lines.locks().abort(); // what it waits for or holds ends with it
                throw e;
            }
        }
    }

    /// Who was in the way when last looked.
    private final class Blockers {
        private String seen = "others";
        private boolean knotted;

        void look() throws SQLException {
            var owner = attempt.lines.owner();
            int locks = attempt.lines.locks().pid();
            List<Session> sessions = Sessions.blockersOf(owner.jdbc(), locks);
            if (sessions.isEmpty() || knotted) {
                return;
            }
            seen = sessions.stream().map(Session::display).collect(Collectors.joining("; "));
            attempt.with.progress(-1, "waiting for " + seen);
            Set<Integer> waiting = Sessions.waitingFor(owner.jdbc(), locks).stream()
                    .map(Session::pid)
                    .collect(Collectors.toSet());
            waiting.retainAll(sessions.stream().map(Session::pid).toList());
            if (!waiting.isEmpty()) {
                untie(waiting);
            }
        }

        /// We wait for somebody who waits for us: they lock the tables in another order. Learn it from all who
        /// wait, a few times, as each try makes everybody wait for a moment. If there is no order, end those in
        /// the knot, who have committed nothing and would be ended in a moment anyway.
        private void untie(Set<Integer> knot) throws SQLException {
            var owner = attempt.lines.owner();
            order.learn(owner.jdbc(), attempt.lines.locks().pid());
            if (++knots > REORDERINGS || !lock.canArrange(order)) {
                Sessions.end(owner, Sessions.endable(owner.jdbc(), knot));
                return;
            }
            knotted = true;
            lock.breakOff(owner);
        }
    }
}

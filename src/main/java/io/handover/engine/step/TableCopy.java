package io.handover.engine.step;

import io.handover.flow.NamedThreads;
import io.handover.flow.Pace;
import io.handover.flow.StoppedException;
import io.handover.model.Plan;
import io.handover.model.Side;
import io.handover.model.TableProgress;
import io.handover.model.TableRef;
import io.handover.model.Waves;
import io.handover.pg.Blockers;
import io.handover.pg.CopyLedger;
import io.handover.pg.CopySessions;
import io.handover.pg.CopyTable;
import io.handover.pg.DbSession;
import io.handover.pg.Durability;
import io.handover.pg.Server;
import io.handover.pg.Slots;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Brings all tables of a snapshot to the target with several workers, the biggest first, and shows how
/// far it is.
final class TableCopy {

    private static final Duration SHOW_EVERY = Duration.ofMillis(250);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private static final String HELD = "somebody: all that is left are tables that were told to wait";

    /// So much is copied in a moment; with a limit, what it allows in a second.
    private static final long BATCH_BYTES = 8L * 1024 * 1024;

    private final StepContext with;
    private final Side owner;
    private final RowSource rows;
    private final DbSession target;
    private final List<TableWork> tables;
    private final Queue<TableWork> finished = new ConcurrentLinkedQueue<>();
    private final List<PieceCopier> workers = new ArrayList<>();
    private final CopyProgressMaker progress;
    private final EarlyIndexes early;
    private final String words;

    /// Workers that take a further part; each leaves it by itself.
    private final AtomicInteger engaged = new AtomicInteger();

    /// Workers that have not ended.
    private int begun;

    private int numbered;
    private String waitsFor = "";
    private String waitForUs = "";
    private long walKept = -1;
    private long lookedAt = System.nanoTime() - LOOK_EVERY.toNanos();

    /// Looks what of `tables` is on the target already.
    ///
    /// @param target     open until the copy has ended: should the target crash meanwhile, what it was asked
    ///                   to make durable fails, instead of being said of what the crash has taken back
    /// @param rangeBytes see `CopyPiece`
    /// @param waves      the first is what is copied here, the others are shown as what comes later
    /// @param early      told which tables are copied
    TableCopy(
            StepContext with,
            Side owner,
            RowSource rows,
            DbSession target,
            List<CopyTable> tables,
            long rangeBytes,
            List<Waves.Wave> waves,
            EarlyIndexes early)
            throws SQLException {
        this.early = early;
        this.with = with;
        this.owner = owner;
        this.rows = rows;
        this.target = target;
        CopySessions.end(target, Optional.empty());
        Map<TableRef, Map<Integer, Long>> there = new CopyLedger(rows.start()).pieces(target.jdbc());
        this.tables = tables.stream()
                .map(table -> new TableWork(
                        table, rangeBytes, there.getOrDefault(table.table(), Map.of()), with.heldTables()))
                .toList();
        this.tables.stream().filter(work -> work.pieces().isEmpty()).forEach(finished::add);
        var shown = new ArrayList<TableFigures>();
        this.tables.stream().map(rows::figures).forEach(shown::add);
        waves.stream()
                .skip(1)
                .flatMap(wave -> wave.tables().stream())
                .map(SyncedTable::new)
                .forEach(shown::add);
        this.progress = new CopyProgressMaker(shown);
        this.words = rows.words() + (waves.size() > 1 ? ", wave 1 of " + waves.size() : "");
    }

    /// Copies. If it throws, no worker is left at work.
    void run() throws SQLException, InterruptedException, StoppedException, StepFailed {
        emptyTablesInRanges();
        Queue<CopyJob> jobs = new ConcurrentLinkedQueue<>(tables.stream()
                .flatMap(work -> work.pieces().stream().map(piece -> new CopyJob(work, piece)))
                .sorted(Comparator.comparingLong((CopyJob job) -> job.piece().bytes())
                        .reversed())
                .toList());
        var pace = new Pace(() -> with.plan().readLimit().bytes(), System::nanoTime);
        ExecutorService pool = with.threads().pool("copy", Plan.MOST_WORKERS);
        try {
            var running = new ExecutorCompletionService<Boolean>(pool);
            engage(running, jobs, pace, 1);
            await(running, jobs, pace);
            show();
            noteFinished();
            early.rest(); // what is left is the next stage's
        } catch (SQLException | StoppedException | StepFailed e) {
            try {
                noteFinished();
            } catch (SQLException unsaid) {
                e.addSuppressed(unsaid); // the ledger on the target still knows
            }
            throw e;
        } finally {
            workers.forEach(PieceCopier::abort); // those that ended well are closed already
            NamedThreads.close(pool, Duration.ofSeconds(10));
        }
    }

    /// Journals tables that are copied whole, once no crash of the target can take them back: one flush for all.
    private void noteFinished() throws SQLException {
        var some = new ArrayList<TableWork>();
        for (TableWork work; (work = finished.poll()) != null; ) {
            some.add(work);
        }
        if (some.isEmpty()) {
            return;
        }
        Durability.flush(target);
        early.ready(some.stream().map(work -> work.table().table()).toList());
        Set<TableRef> known = with.copiedTables();
        List<StepContext.Copied> news = some.stream()
                .filter(work -> !known.contains(work.table().table()))
                .map(work -> new StepContext.Copied(work.table().table(), work.rows(), work.wireBytes()))
                .toList();
        if (!news.isEmpty()) {
            with.tablesCopied(news);
        }
    }

    /// Begins workers until there are as many as the plan says now, as long as each finds something to do.
    ///
    /// @param least so many in any case
    private void engage(ExecutorCompletionService<Boolean> running, Queue<CopyJob> jobs, Pace pace, int least) {
        long ready =
                jobs.stream().filter(CopyJob::mayBegin).limit(Plan.MOST_WORKERS).count();
        int missing = (int) Math.min(with.plan().workers() - engaged.get(), ready);
        for (int i = 0; i < Math.max(missing, least); i++) {
            engaged.incrementAndGet();
            var worker = rows.copier(pace, ++numbered);
            workers.add(worker);
            running.submit(() -> work(worker, jobs));
            begun++;
        }
    }

    private boolean work(PieceCopier worker, Queue<CopyJob> jobs)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        try (worker) {
            while (!tooMany()) {
                List<CopyJob> some = take(jobs);
                if (some.isEmpty()) {
                    engaged.decrementAndGet();
                    return true;
                }
                with.gate().pass(); // paused, none is begun
                worker.copy(some, finished::add);
            }
            return true;
        }
    }

    /// One piece, or as many small ones as make no worker wait for another at the end.
    private List<CopyJob> take(Queue<CopyJob> jobs) {
        var some = new ArrayList<CopyJob>();
        long bytes = 0;
        int share = jobs.size() / (4 * with.plan().workers());
        int most = Math.min(rows.batch(), share);
        long limit = with.plan().readLimit().bytes();
        long enough = limit > 0 ? Math.min(limit, BATCH_BYTES) : BATCH_BYTES;
        while (some.isEmpty() || (some.size() < most && bytes < enough)) {
            Optional<CopyJob> job = next(jobs);
            if (job.isEmpty()) {
                break;
            }
            some.add(job.get());
            bytes += job.get().piece().bytes();
        }
        return some;
    }

    /// The first that may begin, for the caller alone.
    private static Optional<CopyJob> next(Queue<CopyJob> jobs) {
        while (true) {
            Optional<CopyJob> job = jobs.stream().filter(CopyJob::mayBegin).findFirst();
            if (job.isEmpty() || jobs.remove(job.get())) {
                return job;
            }
        }
    }

    /// Whether the caller is one more than the plan says now; then it does not count any more.
    private boolean tooMany() {
        int most = with.plan().workers();
        for (int now = engaged.get(); now > most; now = engaged.get()) {
            if (engaged.compareAndSet(now, now - 1)) {
                return true;
            }
        }
        return false;
    }

    private void await(ExecutorCompletionService<Boolean> running, Queue<CopyJob> jobs, Pace pace)
            throws SQLException, InterruptedException, StoppedException, StepFailed {
        while (begun > 0 || !jobs.isEmpty()) { // what is left of tables that wait
            Future<Boolean> ended = running.poll(SHOW_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            if (ended == null) {
                with.gate().pause(0); // a worker that waits for a server does not see the gate
                noteFinished();
                show();
                engage(running, jobs, pace, 0);
                continue;
            }
            begun--;
            try {
                ended.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case SQLException sql -> throw sql;
                    case StoppedException stopped -> throw stopped;
                    case StepFailed failed -> throw failed;
                    case InterruptedException interrupted -> throw interrupted;
                    case RuntimeException bug -> throw bug;
                    case null, default -> throw new IllegalStateException("copying", e.getCause());
                }
            }
        }
    }

    /// Several workers will add to them, none of which may empty them again.
    private void emptyTablesInRanges() throws SQLException {
        for (TableWork work : tables) {
            if (work.untouched() && work.pieces().size() > 1) {
                CopyLedger.empty(target, work.table().table());
            }
        }
    }

    private void show() {
        long now = System.nanoTime();
        if (now - lookedAt >= LOOK_EVERY.toNanos()) {
            look();
            lookedAt = System.nanoTime();
        }
        early.tick(with);
        String doing = words + early.words();
        var shown = early.shownIn(progress.make(
                with.clock().instant(),
                now,
                waitForUs.isEmpty() ? doing : doing + "; waiting for us: " + waitForUs,
                rows.age(),
                walKept));
        with.show(shown);
        with.progress(shown.fraction(), waitsFor.isEmpty() && onlyHeldAreLeft() ? HELD : waitsFor);
    }

    /// Nothing is copied once all is done, too: then nobody is waited for.
    private boolean onlyHeldAreLeft() {
        return begun == 0 && tables.stream().anyMatch(work -> work.progress().phase() == TableProgress.Phase.HELD);
    }

    /// Asks the source what the copy costs it.
    private void look() {
        Server server = with.server(owner);
        List<Integer> pids =
                workers.stream().flatMap(worker -> worker.pids().stream()).toList();
        try (Connection monitor = server.monitor()) {
            walKept = Slots.walKept(monitor, with.plan().id().slot(owner));
            waitsFor = Blockers.of(monitor, pids);
            waitForUs = Blockers.waitingFor(monitor, pids);
        } catch (SQLException _) {
            walKept = -1; // unknown; if the source is lost, the workers will say so
            waitsFor = "";
            waitForUs = "";
        }
    }
}

package io.handover.engine;

import io.handover.engine.step.HeldTables;
import io.handover.engine.step.StepContext.JournalBroken;
import io.handover.flow.Gate;
import io.handover.flow.History;
import io.handover.flow.NamedThreads;
import io.handover.flow.Signal;
import io.handover.journal.Entry;
import io.handover.journal.Folded;
import io.handover.journal.Journal;
import io.handover.journal.JournalDamaged;
import io.handover.journal.Line;
import io.handover.model.Command;
import io.handover.model.CopyProgress;
import io.handover.model.CountsView;
import io.handover.model.Forecast;
import io.handover.model.FreezeRole;
import io.handover.model.GatesView;
import io.handover.model.LagSample;
import io.handover.model.LagView;
import io.handover.model.LastRows;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.Problem;
import io.handover.model.ReadLimit;
import io.handover.model.Runbook;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.model.Stage;
import io.handover.model.StatementLog;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.model.UnsentChanges;
import io.handover.pg.DriverLock;
import io.handover.pg.PgDump;
import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A migration that this computer drives: commands in, states out.
final class MigrationEngine implements Migration {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationEngine.class);

    private final Servers servers;
    private final DriverLock lock;
    private final StatementFile statements;
    private final String who;
    private final InstantSource clock;
    private final NamedThreads threads;
    private final Conductor conductor;
    private final StepRunner runner;
    private final ChainEnd end;
    private final ServerCopy copyOnTarget;
    private final LiveReports live = new LiveReports(_ -> publish());
    private final Signal<MigrationState> state;
    private final Signal<CopyProgress> copy;
    private final HeldTables held = new HeldTables();
    private final Chains chains;
    private final LastComparison last = new LastComparison();
    private final Samplers samplers;
    private final Reads reads;
    private final Consumer<MigrationEngine> onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    MigrationEngine(
            Journal journal,
            Servers servers,
            DriverLock lock,
            StatementFile statements,
            PasswordLookup consoles,
            InstantSource clock,
            NamedThreads threads,
            Consumer<MigrationEngine> onClose)
            throws JournalDamaged {
        this.servers = servers;
        this.lock = lock;
        this.statements = statements;
        this.who = journal.who();
        this.clock = clock;
        this.threads = threads;
        this.onClose = onClose;
        this.conductor = new Conductor(journal, threads, this::onLine);
        this.state = new Signal<>(conductor.folded().state());
        this.copy = new Signal<>(CopyProgress.none(clock.instant()));
        this.runner = new StepRunner("step " + id(), threads, clock, conductor::show);
        this.end = new ChainEnd(conductor, runner);
        this.copyOnTarget =
                new ServerCopy(servers.target(), () -> conductor.state().get(), who, clock, threads);
        conductor.lines().forEach(copyOnTarget::add);
        this.samplers = new Samplers(
                servers, this::plan, this::streamOwner, state::get, last, this::gatesRead, consoles, clock, threads);
        this.chains = new Chains(
                new HandOvers(
                        samplers.gateReader(),
                        last,
                        consoles,
                        this::plan,
                        () -> state.get().verification(),
                        threads),
                PgDump.installed(threads));
        this.reads = new Reads(servers, threads);
        conductor.state().listen(_ -> publish());
        state.listen(samplers::enters);
        servers.log().newest().listen(newest -> newest.ifPresent(this::ran));
        samplers.start();
    }

    /// Looks what became of work that an earlier run left, and goes on with it.
    void recover() {
        Folded folded = conductor.folded();
        switch (Recovery.after(folded)) {
            case Recovery.Next.Steady() -> {}
            case Recovery.Next.Again() -> run(chains.again(folded));
            case Recovery.Next.ReleaseHold() -> run(chains.releaseHold(folded));
            case Recovery.Next.ResumePoolers() -> run(chains.resumePoolers(folded));
            case Recovery.Next.AskTheMark() -> run(chains.askTheMark(folded));
            case Recovery.Next.Interrupted(Problem problem) -> conductor.record(new Entry.Failed(problem));
        }
    }

    @Override
    public MigrationId id() {
        return plan().id();
    }

    @Override
    public Signal<MigrationState> state() {
        return state;
    }

    @Override
    public Signal<CopyProgress> copy() {
        return copy;
    }

    @Override
    public Signal<LagView> lag() {
        return samplers.lag();
    }

    @Override
    public History<LagSample> lagHistory() {
        return samplers.lagHistory();
    }

    @Override
    public Signal<CountsView> counts() {
        return samplers.counts();
    }

    @Override
    public Signal<GatesView> gates() {
        return samplers.gates();
    }

    @Override
    public Signal<Optional<SqlRecord>> sql() {
        return servers.log().newest();
    }

    @Override
    public History<SqlRecord> sqlHistory() {
        return servers.log().history();
    }

    @Override
    public CompletableFuture<StatementLog> statements() {
        return statements.all(conductor.lines(), who);
    }

    @Override
    public Answer submit(Command command) {
        if (closed.get()) {
            return new Answer.Refused("This migration has been closed in this window");
        }
        try {
            return conductor.call(() -> take(command));
        } catch (JournalBroken e) {
            return new Answer.Refused("The journal cannot be written: " + e.getMessage());
        }
    }

    @Override
    public Optional<String> refusal(Command command) {
        return Transitions.refusal(state.get(), command)
                .or(() -> Overrides.refusal(samplers.gates().get(), clock.instant(), command));
    }

    @Override
    public CompletableFuture<List<TableInfo>> tables() {
        return reads.tables();
    }

    @Override
    public CompletableFuture<LastRows> lastRows(TableRef table, int limit) {
        return reads.lastRows(table, limit);
    }

    @Override
    public CompletableFuture<List<String>> repairSql(TableRef table) {
        MigrationState now = state.get();
        return reads.repairSql(now.owner(), table, Transitions.repairable(now, table));
    }

    @Override
    public CompletableFuture<List<FreezeRole>> freezeRoles() {
        return reads.freezeRoles(state.get().owner());
    }

    @Override
    public CompletableFuture<Runbook> runbook() {
        MigrationState now = state.get();
        return reads.runbook(now.plan(), now.owner(), clock.instant());
    }

    @Override
    public CompletableFuture<Forecast> forecast(Plan plan) {
        return reads.forecast(plan);
    }

    @Override
    public CompletableFuture<UnsentChanges> unsent() {
        MigrationState now = state.get();
        return reads.unsent(now.plan(), now.owner(), clock.instant());
    }

    @Override
    public List<SqlRecord> plannedSql() {
        return PlannedSql.of(state.get(), clock.instant());
    }

    /// Returns at once: what is still to be waited for is waited for on a thread of its own, see `awaitClosed`.
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            threads.start("closing " + id(), this::closeAll);
        }
    }

    /// True once `close` was called.
    boolean isClosed() {
        return closed.get();
    }

    /// Waits until a close has ended.
    void awaitClosed() throws InterruptedException {
        ended.await();
    }

    private void closeAll() {
        try {
            runner.close(state.get().stage().isCutover());
            samplers.close();
            reads.close();
            copyOnTarget.close();
            conductor.close();
            lock.close();
        } catch (SQLException e) {
            LOG.info("the driver's lock ended with its connection: {}", e.getSQLState());
        } finally {
            servers.close();
            closeStatements();
            onClose.accept(this);
            ended.countDown();
        }
    }

    private void closeStatements() {
        try {
            statements.close();
        } catch (IOException e) {
            LOG.warn("the file of statements could not be closed: {}", e.getMessage());
        }
    }

    private Plan plan() {
        return conductor.folded().state().plan();
    }

    /// On the conductor's thread.
    private Answer take(Command command) {
        Optional<String> refusal = refusal(command);
        if (refusal.isPresent()) {
            return new Answer.Refused(refusal.get());
        }
        switch (command) {
            case Command.Stop ignored -> runner.stop();
            case Command.Pause(boolean rest) -> runner.hold(rest);
            case Command.HoldTable(TableRef table, boolean rest) -> held.hold(table, rest);
            case Command.ChangePlan(Plan plan) -> journal(new Entry.PlanSet(plan));
            case Command.LimitReading(ReadLimit limit) -> journal(new Entry.PlanSet(plan().with(limit)));
            case Command.ChangeWorkers(int number) -> journal(new Entry.PlanSet(plan().withWorkers(number)));
            case Command.OverrideGate(String gate, String reason) -> {
                GatesView view = samplers.gates().get(); // one and the same for the refusal and the record
                Optional<String> changed = Overrides.refusal(view, clock.instant(), command);
                if (changed.isPresent()) {
                    return new Answer.Refused(changed.get());
                }
                journal(Overrides.given(view, state.get().owner(), gate, reason));
                samplers.judgeAgain();
            }
            case Command.WithdrawOverride(String gate) -> {
                journal(new Entry.OverrideEnded(gate, "withdrawn"));
                samplers.judgeAgain();
            }
            case Command.Retry ignored -> {
                Folded folded = conductor.folded();
                journal(new Entry.Note("Retry asked for")); // no `Began`: what is done again keeps its name
                run(chains.again(folded));
            }
            default -> {
                journal(Chains.began(command));
                run(chains.of(command, state.get()));
            }
        }
        return new Answer.Accepted();
    }

    /// On the sampler's thread, which holds nothing then. An override is for one finding: once its gate has read
    /// otherwise it is over, also if the old finding comes back. While a comparison runs there is none to go by.
    private void gatesRead(GatesView view) {
        Optional<Side> owner = streamOwner();
        if (owner.isPresent() && !state.get().busy()) {
            Overrides.ended(state.get().audit().inForce(owner.get()), view).forEach(conductor::record);
        }
    }

    private void journal(Entry entry) {
        conductor.record(entry);
    }

    private void run(List<StepRunner.Named> chain) {
        live.clear();
        runner.run(chain, this::context, end::ended);
    }

    private EngineContext context(Gate gate) {
        return new EngineContext(
                conductor,
                runner,
                servers.source(),
                servers.target(),
                gate,
                held,
                clock,
                threads,
                copy,
                copyOnTarget,
                live);
    }

    /// The side that is being followed now; empty while there is no stream.
    private Optional<Side> streamOwner() {
        Stage stage = state.get().stage();
        if (stage.isStreaming()) {
            return Optional.of(Side.SOURCE);
        }
        return stage == Stage.REVERSE_OPEN ? Optional.of(Side.TARGET) : Optional.empty();
    }

    private void ran(SqlRecord statement) {
        statements.add(statement);
        copyOnTarget.add(statement);
    }

    private void onLine(Line line) {
        copyOnTarget.add(line);
    }

    private void publish() {
        synchronized (live) {
            state.set(live.over(conductor.state().get()));
        }
    }
}

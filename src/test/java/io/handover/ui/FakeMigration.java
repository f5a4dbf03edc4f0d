package io.handover.ui;

import io.handover.engine.Answer;
import io.handover.engine.Migration;
import io.handover.flow.History;
import io.handover.flow.Signal;
import io.handover.model.ArchiveForecast;
import io.handover.model.Command;
import io.handover.model.CopyMethod;
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
import io.handover.model.Plan;
import io.handover.model.ReadLimit;
import io.handover.model.Runbook;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.model.Stage;
import io.handover.model.StatementLog;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.model.UnsentChanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// A migration without servers: the test sets what it shows and sees what was asked of it.
public final class FakeMigration implements Migration {

    /// When everything happens unless the test says otherwise: the start of `ManualClock`.
    public static final Instant NOON = Instant.parse("2025-06-15T12:00:00Z");

    private final Signal<MigrationState> state;
    private final Signal<CopyProgress> copy = new Signal<>(CopyProgress.none(NOON));
    private final Signal<LagView> lag = new Signal<>(LagView.none(NOON));
    private final History<LagSample> lagHistory = new History<>(86_400);
    private final Signal<CountsView> counts = new Signal<>(new CountsView(NOON, List.of()));
    private final Signal<GatesView> gates = new Signal<>(new GatesView(NOON, List.of(), java.time.Duration.ZERO));
    private final Signal<Optional<SqlRecord>> sql = new Signal<>(Optional.empty());
    private final History<SqlRecord> sqlHistory = new History<>(10_000);
    private final List<Command> asked = new CopyOnWriteArrayList<>();
    private final Map<Class<? extends Command>, String> refusals = new HashMap<>();
    private final Map<Class<? extends Command>, UnaryOperator<MigrationState>> answers = new HashMap<>();
    private final Map<TableRef, CompletableFuture<LastRows>> lastRows = new HashMap<>();
    private CompletableFuture<List<TableInfo>> tables = CompletableFuture.completedFuture(List.of());
    private List<SqlRecord> planned = List.of();
    private List<String> repair = List.of();
    private UnsentChanges unsent = new UnsentChanges(Side.TARGET, NOON, List.of(), List.of(), true, "");
    private boolean closed;

    /// In `stage`, between the two profiles of `Samples`.
    public FakeMigration(Stage stage) {
        this(MigrationState.draft(Samples.plan()).in(stage));
    }

    /// In `first`.
    public FakeMigration(MigrationState first) {
        this.state = new Signal<>(first);
    }

    /// What `unsent` answers.
    public void unsent(UnsentChanges answer) {
        unsent = answer;
    }

    /// Publishes `next`.
    public FakeMigration publish(MigrationState next) {
        state.set(next);
        return this;
    }

    /// Publishes what `change` makes of the present state.
    public FakeMigration publish(UnaryOperator<MigrationState> change) {
        return publish(change.apply(state.get()));
    }

    /// Publishes the present state in another stage.
    public FakeMigration publish(Stage stage) {
        return publish(state.get().in(stage));
    }

    /// Refuses commands of `kind` from now on.
    public FakeMigration refuse(Class<? extends Command> kind, String reason) {
        refusals.put(kind, reason);
        return this;
    }

    /// What an accepted command of `kind` makes of the state at once.
    public FakeMigration answer(Class<? extends Command> kind, UnaryOperator<MigrationState> change) {
        answers.put(kind, change);
        return this;
    }

    /// Accepts commands of `kind` again.
    public FakeMigration accept(Class<? extends Command> kind) {
        refusals.remove(kind);
        return this;
    }

    /// The answer to `tables()`.
    public FakeMigration withTables(List<TableInfo> all) {
        return withTables(CompletableFuture.completedFuture(all));
    }

    /// The answer to `tables()`.
    public FakeMigration withTables(CompletableFuture<List<TableInfo>> answer) {
        tables = answer;
        return this;
    }

    /// The answer to `lastRows()` for that table.
    public FakeMigration withLastRows(LastRows rows) {
        lastRows.put(rows.table(), CompletableFuture.completedFuture(rows));
        return this;
    }

    /// The answer to `repairSql()`.
    public FakeMigration withRepair(List<String> statements) {
        repair = List.copyOf(statements);
        return this;
    }

    /// The answer to `plannedSql()`.
    public FakeMigration withPlanned(List<SqlRecord> statements) {
        planned = List.copyOf(statements);
        return this;
    }

    /// A statement that was sent or has ended.
    public FakeMigration ran(SqlRecord statement) {
        sqlHistory.add(statement);
        sql.set(Optional.of(statement));
        return this;
    }

    /// Everything submitted and accepted, in order.
    public List<Command> asked() {
        return new ArrayList<>(asked);
    }

    /// Whether it was let go.
    public boolean isClosed() {
        return closed;
    }

    @Override
    public MigrationId id() {
        return state.get().plan().id();
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
        return lag;
    }

    @Override
    public History<LagSample> lagHistory() {
        return lagHistory;
    }

    @Override
    public Signal<CountsView> counts() {
        return counts;
    }

    @Override
    public Signal<GatesView> gates() {
        return gates;
    }

    @Override
    public Signal<Optional<SqlRecord>> sql() {
        return sql;
    }

    @Override
    public History<SqlRecord> sqlHistory() {
        return sqlHistory;
    }

    @Override
    public CompletableFuture<StatementLog> statements() {
        return CompletableFuture.completedFuture(new StatementLog(sqlHistory.all(), List.of()));
    }

    /// Accepts what is not refused; a changed plan shows in the state at once.
    @Override
    public Answer submit(Command command) {
        var reason = refusal(command);
        if (reason.isPresent()) {
            return new Answer.Refused(reason.get());
        }
        asked.add(command);
        if (command instanceof Command.ChangePlan(Plan plan)) {
            publish(now -> Samples.planned(now, plan));
        }
        if (command instanceof Command.LimitReading(ReadLimit limit)) {
            publish(now -> Samples.planned(now, now.plan().with(limit)));
        }
        Optional.ofNullable(answers.get(command.getClass())).ifPresent(change -> publish(change));
        return new Answer.Accepted();
    }

    @Override
    public Optional<String> refusal(Command command) {
        return Optional.ofNullable(refusals.get(command.getClass()));
    }

    @Override
    public CompletableFuture<List<TableInfo>> tables() {
        return tables;
    }

    @Override
    public CompletableFuture<LastRows> lastRows(TableRef table, int limit) {
        return lastRows.getOrDefault(
                table,
                CompletableFuture.completedFuture(new LastRows(table, List.of(), List.of(), List.of(), List.of())));
    }

    @Override
    public CompletableFuture<List<String>> repairSql(TableRef table) {
        return CompletableFuture.completedFuture(repair);
    }

    @Override
    public CompletableFuture<Forecast> forecast(Plan plan) {
        var waves = new ArrayList<Forecast.Wave>();
        waves.add(new Forecast.Wave(90L << 30, 30L << 30, plan.copyMethod(), plan.workers()));
        for (int i = 1; i < plan.waves().number(); i++) {
            waves.add(new Forecast.Wave(50L << 30, 9L << 30, CopyMethod.SERVER_TO_SERVER, 2));
        }
        var archive = plan.copyMethod() == CopyMethod.ARCHIVE
                ? Optional.of(new ArchiveForecast(
                        20L << 30, 60 << 20, plan.workers(), plan.archive().folder(), 11L << 30))
                : Optional.<ArchiveForecast>empty();
        return CompletableFuture.completedFuture(new Forecast(waves, 40 << 20, 2 << 20, 1L << 30, archive));
    }

    @Override
    public CompletableFuture<UnsentChanges> unsent() {
        return CompletableFuture.completedFuture(unsent);
    }

    @Override
    public CompletableFuture<List<FreezeRole>> freezeRoles() {
        return CompletableFuture.completedFuture(List.of(
                new FreezeRole("monitoring", 1, false),
                new FreezeRole("shop", 12, true),
                new FreezeRole("shop \"batch\" ", 0, true)));
    }

    @Override
    public CompletableFuture<Runbook> runbook() {
        return CompletableFuture.completedFuture(new Runbook("A cutover", List.of()));
    }

    @Override
    public List<SqlRecord> plannedSql() {
        return planned;
    }

    @Override
    public void close() {
        closed = true;
    }
}

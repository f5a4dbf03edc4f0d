package io.handover.ui.autopilot;

import io.handover.engine.Answer;
import io.handover.engine.Migration;
import io.handover.flow.History;
import io.handover.flow.Signal;
import io.handover.model.Command;
import io.handover.model.CopyProgress;
import io.handover.model.CountsView;
import io.handover.model.CutoverReport;
import io.handover.model.Eta;
import io.handover.model.Finding;
import io.handover.model.Forecast;
import io.handover.model.FreezeRole;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.LagSample;
import io.handover.model.LagView;
import io.handover.model.LastRows;
import io.handover.model.Lsn;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Problem;
import io.handover.model.Runbook;
import io.handover.model.Severity;
import io.handover.model.Side;
import io.handover.model.SlotLag;
import io.handover.model.SlotReading;
import io.handover.model.SqlRecord;
import io.handover.model.Stage;
import io.handover.model.TableCounts;
import io.handover.model.TableInfo;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.UnsentChanges;
import io.handover.model.VerifyReport;
import io.handover.ui.FakeMigration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/// A migration without servers in which everything succeeds at once, unless the test spoils it.
final class WalkingMigration implements Migration {

    private static final TableRef ORDERS = new TableRef("shop", "orders");

    private final FakeMigration fake;
    private int seconds;
    private boolean copyFails;
    private TableVerdict.Verdict verdict = TableVerdict.Verdict.EQUAL;

    WalkingMigration(Plan plan) {
        fake = new FakeMigration(MigrationState.draft(plan));
    }

    /// The copy will fail.
    WalkingMigration failingToCopy() {
        copyFails = true;
        return this;
    }

    /// Comparisons will end like this.
    WalkingMigration comparing(TableVerdict.Verdict result) {
        verdict = result;
        return this;
    }

    /// What was asked, in order.
    List<String> asked() {
        return fake.asked().stream().map(c -> c.getClass().getSimpleName()).toList();
    }

    @Override
    public Answer submit(Command command) {
        var answer = fake.submit(command);
        switch (command) {
            case Command.Check() -> checked(List.of(finding()));
            case Command.Fix _ -> checked(List.of());
            case Command.Start() -> start();
            case Command.Verify _, Command.Repair _ -> verified();
            case Command.CutOver _ -> handedOver(Side.SOURCE, Stage.REVERSE_OPEN);
            case Command.RollBack _ -> handedOver(Side.TARGET, Stage.STREAMING);
            case Command.Retire _ -> publish(Stage.FINISHED, now().owner());
            case Command.ChangePlan _,
                    Command.LimitReading _,
                    Command.ChangeWorkers _,
                    Command.Stop _,
                    Command.Pause _,
                    Command.HoldTable _,
                    Command.Retry _,
                    Command.Discard _,
                    Command.Rehearse _,
                    Command.OverrideGate _,
                    Command.WithdrawOverride _ -> {
                // the plan is changed by the fake itself, the others are not asked for
            }
        }
        return answer;
    }

    private static Finding finding() {
        return new Finding(
                "replica-identity",
                Severity.BLOCKER,
                Side.SOURCE,
                "No replica identity",
                "Updates would fail.",
                "alter table shop.views replica identity full",
                true);
    }

    private void checked(List<Finding> findings) {
        var report = new PreflightReport(later(), findings, List.of("versions"));
        var now = now();
        publish(new MigrationState(
                now.plan(),
                report.blocked() ? Stage.DRAFT : Stage.CHECKED,
                Optional.empty(),
                Side.SOURCE,
                Optional.empty(),
                Optional.empty(),
                Optional.of(report),
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                now.audit()));
    }

    private void start() {
        if (copyFails) {
            publish(failed(new Problem("53100", "The target's disk is full.", "Nothing is lost.", "Make room.", "")));
            return;
        }
        var at = later();
        fake.copy()
                .set(new CopyProgress(at, "rows", List.of(), 5, 10, 5, 5, new Eta.Measuring(), 0, 0, Duration.ZERO, 0));
        var lag = new SlotLag("slot", at, Lsn.parse("0/1"), Lsn.parse("0/1"), 0, OptionalLong.empty(), true);
        fake.lag()
                .set(new LagView(
                        at, Side.SOURCE, new SlotReading.Live(lag), 0, 1, 1, new Eta.Done(), 0, "", List.of()));
        for (int i = 0; i < 20; i++) {
            fake.lagHistory().add(new LagSample(at.minusSeconds(20 - i), 10, 0.1, 0));
        }
        fake.counts()
                .set(new CountsView(
                        at, List.of(new TableCounts(ORDERS, OptionalLong.of(5), OptionalLong.of(5), true))));
        readGates();
        publish(Stage.STREAMING, Side.SOURCE);
    }

    /// As the engine does every few seconds.
    private void readGates() {
        fake.gates()
                .set(new GatesView(
                        later(),
                        List.of(new GateReading("lag", true, "The target keeps up", "0 bytes", "")),
                        Duration.ofMillis(90)));
    }

    private MigrationState failed(Problem problem) {
        var now = now();
        return new MigrationState(
                now.plan(),
                Stage.FAILED,
                Optional.of(Stage.COPYING),
                Side.SOURCE,
                Optional.empty(),
                Optional.of(problem),
                now.preflight(),
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                now.audit());
    }

    private void verified() {
        long differences = verdict == TableVerdict.Verdict.DIFFERENT ? 1 : 0;
        var table = new TableVerdict(ORDERS, verdict, 5, 5, "a", "a", differences, 0, List.of(), "");
        var report = new VerifyReport(
                later(),
                Duration.ofSeconds(1),
                true,
                now().owner(),
                "every row",
                Lsn.parse("0/1"),
                Duration.ZERO,
                List.of(table),
                List.of());
        var now = now();
        publish(next(now.stage(), now.owner(), Optional.of(report), now.cutovers()));
    }

    private void handedOver(Side from, Stage stage) {
        var at = later();
        var report = new CutoverReport(
                from,
                at,
                Optional.of(at),
                Optional.of(at.plusSeconds(30)),
                CutoverReport.Outcome.DONE,
                Optional.of(Duration.ofMillis(90)),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        var all = new ArrayList<>(now().cutovers());
        all.add(report);
        publish(next(stage, from.other(), now().verification(), all));
        readGates();
    }

    private void publish(Stage stage, Side owner) {
        publish(next(stage, owner, now().verification(), now().cutovers()));
    }

    private void publish(MigrationState state) {
        fake.publish(state);
    }

    private MigrationState next(
            Stage stage, Side owner, Optional<VerifyReport> verification, List<CutoverReport> cutovers) {
        var now = now();
        return new MigrationState(
                now.plan(),
                stage,
                Optional.empty(),
                owner,
                Optional.empty(),
                Optional.empty(),
                now.preflight(),
                1,
                Optional.of(FakeMigration.NOON),
                verification,
                cutovers,
                stage == Stage.REVERSE_OPEN ? Optional.of(FakeMigration.NOON.plusSeconds(9000)) : Optional.empty(),
                List.of(),
                now.audit());
    }

    private MigrationState now() {
        return fake.state().get();
    }

    /// A few milliseconds after the one before: the window's clock stands still, and nothing is to look stale.
    private Instant later() {
        return FakeMigration.NOON.plusMillis(seconds++);
    }

    @Override
    public MigrationId id() {
        return fake.id();
    }

    @Override
    public Signal<MigrationState> state() {
        return fake.state();
    }

    @Override
    public Signal<CopyProgress> copy() {
        return fake.copy();
    }

    @Override
    public Signal<LagView> lag() {
        return fake.lag();
    }

    @Override
    public History<LagSample> lagHistory() {
        return fake.lagHistory();
    }

    @Override
    public Signal<CountsView> counts() {
        return fake.counts();
    }

    @Override
    public Signal<GatesView> gates() {
        return fake.gates();
    }

    @Override
    public Signal<Optional<SqlRecord>> sql() {
        return fake.sql();
    }

    @Override
    public History<SqlRecord> sqlHistory() {
        return fake.sqlHistory();
    }

    @Override
    public java.util.concurrent.CompletableFuture<io.handover.model.StatementLog> statements() {
        return fake.statements();
    }

    /// As the engine does: a wrong name is refused.
    @Override
    public Optional<String> refusal(Command command) {
        var plan = now().plan();
        boolean wrong = switch (command) {
            case Command.CutOver(var typed) -> !typed.equals(plan.target().database());
            case Command.RollBack(var typed) -> !typed.equals(plan.source().database());
            default -> false;
        };
        return wrong ? Optional.of("That is not the database's name.") : fake.refusal(command);
    }

    @Override
    public CompletableFuture<List<TableInfo>> tables() {
        return fake.tables();
    }

    @Override
    public CompletableFuture<LastRows> lastRows(TableRef table, int limit) {
        return fake.lastRows(table, limit);
    }

    @Override
    public CompletableFuture<List<String>> repairSql(TableRef table) {
        return fake.repairSql(table);
    }

    @Override
    public CompletableFuture<Forecast> forecast(Plan plan) {
        return CompletableFuture.completedFuture(new Forecast(List.of(), 0, 0, -1, Optional.empty()));
    }

    @Override
    public CompletableFuture<UnsentChanges> unsent() {
        return CompletableFuture.completedFuture(
                new UnsentChanges(Side.TARGET, Instant.EPOCH, List.of(), List.of(), true, ""));
    }

    @Override
    public CompletableFuture<List<FreezeRole>> freezeRoles() {
        return fake.freezeRoles();
    }

    @Override
    public CompletableFuture<Runbook> runbook() {
        return CompletableFuture.completedFuture(new Runbook("A cutover", List.of()));
    }

    @Override
    public List<SqlRecord> plannedSql() {
        return List.of();
    }

    @Override
    public void close() {
        fake.close();
    }
}

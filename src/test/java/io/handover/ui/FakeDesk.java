package io.handover.ui;

import io.handover.engine.Desk;
import io.handover.engine.EngineException;
import io.handover.engine.Migration;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Problem;
import io.handover.model.ServerInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// A desk without servers: the test says what it answers and sees what it was asked.
public final class FakeDesk implements Desk {

    private final List<Endpoint> tested = new ArrayList<>();
    private final List<Plan> begun = new ArrayList<>();
    private final List<Credentials> credentials = new ArrayList<>();
    private final List<MigrationId> resumed = new ArrayList<>();
    private List<Saved> saved = List.of();
    private Function<Endpoint, CompletableFuture<ServerInfo>> tests = _ -> new CompletableFuture<>();
    private Function<Plan, CompletableFuture<Migration>> begins =
            plan -> CompletableFuture.completedFuture(new FakeMigration(MigrationState.draft(plan)));
    private Function<MigrationId, CompletableFuture<Migration>> resumes =
            id -> failed(new Problem("missing", "No migration " + id, "", "", ""));
    private Optional<Migration> running = Optional.empty();
    private boolean closed;

    /// A future that has failed of `problem`.
    public static <T> CompletableFuture<T> failed(Problem problem) {
        return CompletableFuture.failedFuture(new EngineException(problem));
    }

    /// The answer to Test connection.
    public FakeDesk testing(Function<Endpoint, CompletableFuture<ServerInfo>> answer) {
        tests = answer;
        return this;
    }

    /// The answer to `begin`.
    public FakeDesk beginning(Function<Plan, CompletableFuture<Migration>> answer) {
        begins = answer;
        return this;
    }

    /// The answer to `resume`.
    public FakeDesk resuming(Function<MigrationId, CompletableFuture<Migration>> answer) {
        resumes = answer;
        return this;
    }

    /// What lies on this computer.
    public FakeDesk withSaved(Saved... migrations) {
        saved = List.of(migrations);
        return this;
    }

    /// The migration `attach` finds.
    public FakeDesk withRunning(Migration migration) {
        running = Optional.of(migration);
        return this;
    }

    /// All endpoints that were tested.
    public List<Endpoint> tested() {
        return tested;
    }

    /// All plans that were begun.
    public List<Plan> begun() {
        return begun;
    }

    /// The passwords given to `begin` and `resume`.
    public List<Credentials> credentials() {
        return credentials;
    }

    /// All ids that were resumed.
    public List<MigrationId> resumed() {
        return resumed;
    }

    /// Whether it was closed.
    public boolean isClosed() {
        return closed;
    }

    @Override
    public CompletableFuture<ServerInfo> test(Endpoint endpoint) {
        tested.add(endpoint);
        return tests.apply(endpoint);
    }

    @Override
    public CompletableFuture<Optional<MigrationState>> look(Endpoint source, Endpoint target) {
        return CompletableFuture.completedFuture(running.map(m -> m.state().get()));
    }

    @Override
    public CompletableFuture<PreflightReport> check(Plan plan, Credentials login) {
        return CompletableFuture.completedFuture(new PreflightReport(Instant.EPOCH, List.of(), List.of()));
    }

    @Override
    public CompletableFuture<Migration> begin(Plan plan, Credentials with) {
        begun.add(plan);
        credentials.add(with);
        return begins.apply(plan);
    }

    @Override
    public CompletableFuture<Migration> resume(MigrationId id, Credentials with) {
        resumed.add(id);
        credentials.add(with);
        return resumes.apply(id);
    }

    @Override
    public CompletableFuture<Optional<Migration>> attach(Endpoint source, Endpoint target) {
        return CompletableFuture.completedFuture(running);
    }

    @Override
    public CompletableFuture<Optional<Migration>> unstarted(Endpoint source, Endpoint target) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public List<Saved> saved() {
        return saved;
    }

    @Override
    public void close() {
        closed = true;
    }
}

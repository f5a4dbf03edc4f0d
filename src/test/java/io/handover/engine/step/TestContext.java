package io.handover.engine.step;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.model.CopyProgress;
import io.handover.model.Credentials;
import io.handover.model.CutoverReport;
import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.model.Stage;
import io.handover.model.TableProof;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.pg.Server;
import io.handover.pg.SqlLog;
import io.handover.testkit.PgServer;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// A step's context for tests: real servers, no conductor and no file. It remembers what the step told, in order.
///
/// ```java
/// try (var context = TestContext.between(PgServer.major("15"), PgServer.major("17"))) {
///     assertInstanceOf(StepOutcome.Done.class, new SomeStep().run(context));
///     assertEquals(List.of(Stage.COPYING), context.stages());
/// } // drops both databases with their slots and subscriptions
/// ```
///
/// Thread-safe.
public final class TestContext implements StepContext, AutoCloseable {

    /// One line that a real migration would have in its journal.
    public sealed interface Line {
        /// `enter`.
        record Entered(Stage stage) implements Line {}

        /// `tablesCopied`.
        record Copied(TableRef table, long rows, long bytes) implements Line {}

        /// `tablesKept`.
        record Kept(Set<TableRef> tables) implements Line {}

        /// `proved`.
        record Proved(List<TableVerdict> tables) implements Line {}

        /// `intent`.
        record Intent(String act, String detail) implements Line {}

        /// `outcome`.
        record Outcome(String act, boolean done, String detail) implements Line {}

        /// `note`.
        record Note(String text) implements Line {}
    }

    /// One call of `progress`.
    public record Progress(double fraction, String waitsFor) {}

    private volatile Plan plan;
    private final HeldTables held = new HeldTables();
    private final SqlLog log = new SqlLog(Clock.systemUTC());
    private final Server source;
    private final Server target;
    private final Gate gate = new Gate();
    private final List<Throwable> uncaught = new ArrayList<>();
    private final NamedThreads threads = new NamedThreads(this::addUncaught);
    private final List<PgServer> servers;

    private final List<Line> lines = new ArrayList<>();
    private final List<Progress> progress = new ArrayList<>();
    private final List<CopyProgress> copies = new ArrayList<>();
    private final List<VerifyReport> verifications = new ArrayList<>();
    private final List<CutoverReport> cutovers = new ArrayList<>();
    private final Set<TableRef> copied = new LinkedHashSet<>();
    private final Map<TableRef, TableProof> proofs = new HashMap<>();
    private List<List<TableRef>> division = List.of();
    private boolean broken;
    private List<String> leftovers = List.of();
    private Optional<PreflightReport> preflight = Optional.empty();

    private TestContext(Plan plan, Credentials credentials, List<PgServer> servers) {
        this.plan = plan;
        this.servers = servers;
        this.source = new Server(Side.SOURCE, new Endpoint(plan.source(), credentials.source()), log);
        this.target = new Server(Side.TARGET, new Endpoint(plan.target(), credentials.target()), log);
    }

    /// For a plan of the test's own. `close` leaves the databases alone.
    public static TestContext of(Plan plan, Credentials credentials) {
        return new TestContext(plan, credentials, List.of());
    }

    /// A plan with the defaults between two new databases, as superuser. `close` drops them.
    public static TestContext between(PgServer source, PgServer target) {
        return between(source, source.newDatabase(), target, target.newDatabase());
    }

    /// The same between two databases the test has made. `close` drops them.
    public static TestContext between(PgServer source, String sourceDatabase, PgServer target, String targetDatabase) {
        Endpoint from = source.endpoint(sourceDatabase);
        Endpoint to = target.endpoint(targetDatabase);
        var plan = Plan.of(MigrationId.random(new Random()), from.profile(), to.profile());
        return new TestContext(plan, new Credentials(from.password(), to.password()), List.of(source, target));
    }

    /// Another context of the same migration, as after a restart of the app: same plan and servers, the tables in
    /// `copiedTables()` and `proofs()` and the division kept, everything else forgotten. `close` of the new one
    /// leaves the databases alone.
    public TestContext again() {
        return again(plan);
    }

    /// The same with a changed plan.
    public TestContext again(Plan newPlan) {
        var next = new TestContext(
                newPlan,
                new Credentials(source.endpoint().password(), target.endpoint().password()),
                List.of());
        next.copied.addAll(copiedTables());
        next.proofs.putAll(proofs());
        next.division = division();
        return next;
    }

    /// Changes the plan while a step runs.
    void plan(Plan changed) {
        plan = changed;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Server server(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    @Override
    public Gate gate() {
        return gate;
    }

    @Override
    public HeldTables heldTables() {
        return held;
    }

    @Override
    public InstantSource clock() {
        return Clock.systemUTC();
    }

    @Override
    public NamedThreads threads() {
        return threads;
    }

    @Override
    public synchronized Set<TableRef> copiedTables() {
        return Set.copyOf(copied);
    }

    @Override
    public synchronized void enter(Stage stage) {
        add(new Line.Entered(stage));
        if (stage == Stage.COPYING) {
            copied.clear(); // as the journal's fold does
        }
    }

    @Override
    public synchronized void tablesCopied(List<Copied> tables) {
        for (Copied table : tables) {
            add(new Line.Copied(table.table(), table.rows(), table.bytes()));
            copied.add(table.table());
        }
    }

    @Override
    public synchronized void tablesKept(Set<TableRef> tables) {
        add(new Line.Kept(Set.copyOf(tables)));
        copied.addAll(tables);
    }

    /// Acts whose intent has no outcome yet, as the journal would have them.
    public Set<String> open() {
        var open = new LinkedHashSet<String>();
        for (Line line : lines()) {
            switch (line) {
                case Line.Intent(String act, String ignored) -> open.add(act);
                case Line.Outcome(String act, boolean ignored, String detail) -> open.remove(act);
                default -> {
                    // nothing else is an act
                }
            }
        }
        return open;
    }

    @Override
    public synchronized void divided(List<List<TableRef>> waves) {
        division = List.copyOf(waves);
    }

    @Override
    public synchronized List<List<TableRef>> division() {
        return division;
    }

    @Override
    public void intent(String act, String detail) {
        add(new Line.Intent(act, detail));
    }

    @Override
    public void share() {}

    @Override
    public void outcome(String act, boolean done, String detail) {
        add(new Line.Outcome(act, done, detail));
    }

    @Override
    public void note(String text) {
        add(new Line.Note(text));
    }

    @Override
    public synchronized void show(CopyProgress shown) {
        copies.add(shown);
    }

    @Override
    public synchronized void show(VerifyReport report) {
        verifications.add(report);
        if (report.finished()) {
            keep(report.tables());
        }
    }

    @Override
    public synchronized void proved(List<TableVerdict> tables) {
        add(new Line.Proved(tables));
        keep(tables);
    }

    @Override
    public synchronized Map<TableRef, TableProof> proofs() {
        return Map.copyOf(proofs);
    }

    /// As the journal's fold does.
    private void keep(List<TableVerdict> tables) {
        for (TableVerdict table : tables) {
            if (table.verdict() != TableVerdict.Verdict.NOT_COMPARED) {
                proofs.remove(table.table());
            }
            table.proof().ifPresent(proof -> proofs.put(table.table(), proof));
        }
    }

    @Override
    public synchronized void show(CutoverReport report) {
        cutovers.add(report);
    }

    @Override
    public synchronized void progress(double fraction, String waitsFor) {
        progress.add(new Progress(fraction, waitsFor));
    }

    /// From now on every line for the journal throws `JournalBroken`.
    public synchronized void breakJournal() {
        broken = true;
    }

    /// What the journal would hold, oldest first.
    public synchronized List<Line> lines() {
        return List.copyOf(lines);
    }

    /// The stages entered, in order.
    public List<Stage> stages() {
        return lines().stream()
                .filter(Line.Entered.class::isInstance)
                .map(line -> ((Line.Entered) line).stage())
                .toList();
    }

    /// Every call of `progress`, in order.
    public synchronized List<Progress> progresses() {
        return List.copyOf(progress);
    }

    /// What it has waited for, each text once, in order; without the empty text.
    public List<String> waits() {
        return progresses().stream()
                .map(Progress::waitsFor)
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
    }

    /// Every copy progress shown, in order.
    public synchronized List<CopyProgress> copies() {
        return List.copyOf(copies);
    }

    /// Every verification shown, in order.
    public synchronized List<VerifyReport> verifications() {
        return List.copyOf(verifications);
    }

    /// Every cutover shown, in order.
    public synchronized List<CutoverReport> cutovers() {
        return List.copyOf(cutovers);
    }

    /// Every statement that changed something, as the drawer would show it; one that ended is there twice.
    public List<SqlRecord> sql() {
        return log.history().all();
    }

    /// What threads of the step died of.
    public synchronized List<Throwable> uncaught() {
        return List.copyOf(uncaught);
    }

    /// Closes the connections and, where `between` was given the servers, drops both databases.
    @Override
    public void close() throws SQLException {
        source.close();
        target.close();
        if (servers.isEmpty()) {
            return;
        }
        try {
            servers.getLast().drop(plan.target().database());
            servers.getFirst().drop(plan.source().database());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the databases were dropped", e);
        }
    }

    private synchronized void add(Line line) {
        if (broken) {
            throw new JournalBroken(new IOException("the test has broken the journal"));
        }
        lines.add(line);
    }

    private synchronized void addUncaught(Throwable failure) {
        uncaught.add(failure);
    }

    @Override
    public synchronized void show(PreflightReport report) {
        preflight = Optional.of(report);
    }

    /// What the last preflight found; empty before.
    public synchronized Optional<PreflightReport> preflight() {
        return preflight;
    }

    @Override
    public synchronized void leftovers(List<String> sql) {
        leftovers = List.copyOf(sql);
    }

    /// What the last `leftovers` said; empty before.
    public synchronized List<String> leftovers() {
        return leftovers;
    }
}

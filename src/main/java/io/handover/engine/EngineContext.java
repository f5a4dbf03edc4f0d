package io.handover.engine;

import io.handover.engine.step.HeldTables;
import io.handover.engine.step.StepContext;
import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.Signal;
import io.handover.journal.Entry;
import io.handover.model.CopyProgress;
import io.handover.model.CutoverReport;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableProof;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.pg.Server;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running migration as its steps see it.
///
/// @param conductor writes the journal
/// @param runner    shows the task
/// @param source    one server
/// @param target    the other
/// @param gate      of the present chain
/// @param heldTables tables that the copy leaves for now
/// @param clock     the time
/// @param threads   makes threads
/// @param copy      where the baseline shows
/// @param copyOnTarget the journal for other computers
/// @param live      reports that are shown before they are final
record EngineContext(
        Conductor conductor,
        StepRunner runner,
        Server source,
        Server target,
        Gate gate,
        HeldTables heldTables,
        InstantSource clock,
        NamedThreads threads,
        Signal<CopyProgress> copy,
        ServerCopy copyOnTarget,
        LiveReports live)
        implements StepContext {

    private static final Logger LOG = LoggerFactory.getLogger(EngineContext.class);

    @Override
    public Plan plan() {
        return conductor.folded().state().plan();
    }

    @Override
    public Server server(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    @Override
    public Set<TableRef> copiedTables() {
        return conductor.folded().copied();
    }

    @Override
    public void enter(Stage stage) {
        conductor.record(new Entry.StageEntered(stage));
    }

    @Override
    public void tablesCopied(List<Copied> tables) {
        conductor.record(new Entry.TablesCopied(tables.stream()
                .map(copied -> new Entry.TableCopied(copied.table(), copied.rows(), copied.bytes()))
                .toList()));
    }

    @Override
    public void tablesKept(Set<TableRef> tables) {
        conductor.record(new Entry.TablesKept(List.copyOf(tables)));
    }

    @Override
    public void divided(List<List<TableRef>> waves) {
        if (!waves.equals(division())) {
            conductor.record(new Entry.WavesDivided(waves));
        }
    }

    @Override
    public List<List<TableRef>> division() {
        return conductor.folded().waves();
    }

    @Override
    public void intent(String act, String detail) {
        conductor.record(new Entry.Intent(act, detail));
    }

    @Override
    public void share() throws InterruptedException {
        copyOnTarget.share();
    }

    @Override
    public void outcome(String act, boolean done, String detail) {
        conductor.record(new Entry.Outcome(act, done, detail));
    }

    @Override
    public void show(CopyProgress progress) {
        copy.set(progress);
    }

    @Override
    public CopyProgress shown() {
        return copy.get();
    }

    @Override
    public void show(PreflightReport report) {
        conductor.record(new Entry.Preflight(report));
    }

    @Override
    public void show(VerifyReport report) {
        if (report.finished()) {
            conductor.record(new Entry.Verified(report));
        }
        live.verification(report);
    }

    @Override
    public void proved(List<TableVerdict> tables) {
        conductor.record(new Entry.TablesProved(tables));
    }

    @Override
    public Map<TableRef, TableProof> proofs() {
        return conductor.folded().proofs();
    }

    @Override
    public void show(CutoverReport report) {
        if (live.isNews(report)) {
            conductor.record(new Entry.Cutover(report));
        }
        live.cutover(report);
    }

    @Override
    public void progress(double fraction, String waitsFor) {
        runner.progress(fraction, waitsFor);
    }

    @Override
    public void note(String text) {
        LOG.info("{}", text);
        conductor.record(new Entry.Note(text));
    }

    @Override
    public void leftovers(List<String> sql) {
        conductor.record(new Entry.Leftovers(sql));
    }
}

package io.handover.engine.step;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
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

/// What a step works with. Every call may come from any of the step's threads.
public interface StepContext {

    /// What was planned.
    Plan plan();

    /// One of the two servers.
    Server server(Side side);

    /// Pause and stop; a step passes it at its safe points.
    Gate gate();

    /// Tables that a copy is to leave for now.
    HeldTables heldTables();

    /// The time.
    InstantSource clock();

    /// Makes threads.
    NamedThreads threads();

    /// Tables that the journal says are copied whole.
    Set<TableRef> copiedTables();

    /// Enters a stage: journalled (fsync) before it returns.
    ///
    /// @throws JournalBroken if the journal cannot be written: the step ends at once
    void enter(Stage stage);

    /// Notes tables that are copied and on the target's disk, all at once.
    void tablesCopied(List<Copied> tables);

    /// A table that is copied.
    ///
    /// @param bytes that went over the wire
    record Copied(TableRef table, long rows, long bytes) {}

    /// Notes which tables an earlier copy has brought, after `enter(COPYING)`, which forgets them: these are
    /// not copied again.
    void tablesKept(Set<TableRef> tables);

    /// Notes how the tables of the copy that begins are divided; no waves if they are not.
    void divided(List<List<TableRef>> waves);

    /// As the copy that was begun last has divided its tables; empty if it has not.
    List<List<TableRef>> division();

    /// Says that an act that cannot be undone by itself is about to be done; journalled before it returns.
    ///
    /// @param act    a stable word, for example `mark` or `create-slot`
    /// @param detail what a later run needs in order to look whether it happened; no secrets
    void intent(String act, String detail);

    /// Waits, for a few seconds at most, until what is journalled is on the target too, where another
    /// computer finds it should this one not come back. What goes wrong is logged.
    void share() throws InterruptedException;

    /// Says how the act of the last `intent` with that word ended.
    void outcome(String act, boolean done, String detail);

    /// Shows the baseline.
    void show(CopyProgress progress);

    /// Journals and shows what preflight found.
    void show(PreflightReport report);

    /// The baseline as it was shown last; nothing begun if this run of the app has not shown it yet.
    default CopyProgress shown() {
        return CopyProgress.none(clock().instant());
    }

    /// Shows and, once it is finished, journals a comparison.
    void show(VerifyReport report);

    /// Notes tables that a comparison under way has proved equal, so that they need not be read again if it is broken
    /// off.
    void proved(List<TableVerdict> tables);

    /// The last proof of each table that has one, of this comparison and of all before.
    Map<TableRef, TableProof> proofs();

    /// Shows a cutover; journalled when its outcome changes.
    void show(CutoverReport report);

    /// Sets the running task's fraction (-1 unknown) and what it waits for (empty for nothing).
    void progress(double fraction, String waitsFor);

    /// Writes a line for people into the journal and the log.
    void note(String text);

    /// Says what retire or discard could not remove, with the SQL for each; empty once nothing is left.
    void leftovers(List<String> sql);

    /// The journal could not be written; the conductor turns it into a problem.
    final class JournalBroken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /// Carries the cause.
        public JournalBroken(Throwable cause) {
            super("the journal cannot be written", cause);
        }
    }
}

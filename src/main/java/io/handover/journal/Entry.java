package io.handover.journal;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.handover.model.CutoverReport;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import java.util.List;

/// One thing that happened. Holds no secrets: none of these types has a place for one.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface Entry {

    /// The plan was made or changed.
    @JsonTypeName("plan")
    record PlanSet(Plan plan) implements Entry {}

    /// The preflight ended.
    @JsonTypeName("preflight")
    record Preflight(PreflightReport report) implements Entry {}

    /// A user's command was taken up.
    ///
    /// @param command its simple class name, for example `Start`
    /// @param typed   what the user had to type to confirm it; empty if nothing, or in journals older than that
    @JsonTypeName("began")
    record Began(String command, String typed) implements Entry {

        /// Older journals do not say what was typed.
        public Began {
            typed = typed == null ? "" : typed;
        }

        /// One that needs no confirmation.
        public Began(String command) {
            this(command, "");
        }
    }

    /// A person decided that a closed gate shall not forbid handing over; who and when are the line's.
    ///
    /// @param owner  the side that was to hand over
    /// @param gate   its stable name
    /// @param title  the condition
    /// @param detail what was measured
    /// @param cost   what overriding it was said to cost
    /// @param basis  the finding it is valid for
    /// @param reason typed
    @JsonTypeName("overridden")
    record GateOverridden(
            Side owner, String gate, String title, String detail, String cost, String basis, String reason)
            implements Entry {}

    /// An override was withdrawn, or what it was given for is no longer so.
    @JsonTypeName("override-ended")
    record OverrideEnded(String gate, String why) implements Entry {}

    /// A stage was reached.
    @JsonTypeName("stage")
    record StageEntered(Stage stage) implements Entry {}

    /// A table is copied and on the target's disk.
    @JsonTypeName("copied")
    record TableCopied(TableRef table, long rows, long bytes) implements Entry {}

    /// Several tables are: a line and a wait for the disk for each of thousands of small ones would take longer than
    /// their rows.
    @JsonTypeName("tables-copied")
    record TablesCopied(List<TableCopied> tables) implements Entry {}

    /// A copy that was broken off goes on: these tables are not copied again. After the stage, which forgets them.
    @JsonTypeName("kept")
    record TablesKept(List<TableRef> tables) implements Entry {}

    /// A copy begins in several waves: how they are divided, each biggest first. It stays so, whatever becomes of the
    /// tables' sizes.
    @JsonTypeName("waves")
    record WavesDivided(List<List<TableRef>> waves) implements Entry {}

    /// An act that cannot be undone by itself is about to be done.
    @JsonTypeName("intent")
    record Intent(String act, String detail) implements Entry {}

    /// How the act of the last intent of that name ended.
    @JsonTypeName("outcome")
    record Outcome(String act, boolean done, String detail) implements Entry {}

    /// A comparison that goes on has proved these tables equal; they need not be read again should it be broken off.
    @JsonTypeName("proved")
    record TablesProved(List<TableVerdict> tables) implements Entry {}

    /// A comparison ended.
    @JsonTypeName("verified")
    record Verified(VerifyReport report) implements Entry {}

    /// A cutover or roll back began, was confirmed, ended or was undone.
    @JsonTypeName("cutover")
    record Cutover(CutoverReport report) implements Entry {}

    /// A step failed for good: the migration waits for retry or discard.
    @JsonTypeName("failed")
    record Failed(Problem problem) implements Entry {}

    /// A step failed without harm to what runs: the stage stays.
    @JsonTypeName("trouble")
    record Trouble(Problem problem) implements Entry {}

    /// A person must look.
    @JsonTypeName("unsure")
    record Unsure(Problem problem) implements Entry {}

    /// What retire or discard could not remove.
    @JsonTypeName("leftovers")
    record Leftovers(List<String> sql) implements Entry {}

    /// A line for people.
    @JsonTypeName("note")
    record Note(String text) implements Entry {}
}

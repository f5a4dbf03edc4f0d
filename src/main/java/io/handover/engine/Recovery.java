package io.handover.engine;

import io.handover.engine.cutover.ResumeStep;
import io.handover.journal.Folded;
import io.handover.model.Problem;
import io.handover.model.Stage;
import java.util.Set;

/// What to do with a migration whose app has gone away: decided from the journal alone, the servers are asked after.
/// Pure.
public final class Recovery {

    private static final Set<String> ENDING = Set.of("Retire", "RetireReadOnly", "Discard");

    private Recovery() {}

    /// What comes next.
    public sealed interface Next {

        /// Nothing was under way.
        record Steady() implements Next {}

        /// A step that first looks what is there was under way: run it again.
        record Again() implements Next {}

        /// A comparison was under way: see that the stream runs, then go on streaming.
        record ReleaseHold() implements Next {}

        /// A hand-over is over, but not every PgBouncer has heard that its clients may go on: tell them again.
        record ResumePoolers() implements Next {}

        /// A cutover or roll back was under way: ask the mark on the servers.
        record AskTheMark() implements Next {}

        /// Work was broken off that a person should decide about.
        record Interrupted(Problem problem) implements Next {}
    }

    /// Decides for a journal that ends as `folded` says.
    public static Next after(Folded folded) {
        Stage stage = folded.state().stage();
        return switch (stage) {
            case DRAFT, CHECKED ->
                folded.command().equals("Start") ? interrupted("the schema was being copied") : new Next.Steady();
            case FINISHED, FAILED, UNSURE -> new Next.Steady();
            case SCHEMA_READY -> interrupted("the rows were being copied");
            // with something to keep it is like building indexes: what is done is not done again
            case COPYING -> folded.copied().isEmpty() ? interrupted("the rows were being copied") : new Next.Again();
            case INDEXING, CATCHING_UP -> new Next.Again();
            case STREAMING, REVERSE_OPEN -> settled(folded);
            case VERIFYING -> new Next.ReleaseHold();
            case FENCING, SWITCHING, CUT_OVER, REVERTING -> new Next.AskTheMark();
        };
    }

    private static Next settled(Folded folded) {
        boolean over = !folded.open().containsKey("cutover");
        if (over && folded.open().containsKey(ResumeStep.act()) && !ENDING.contains(folded.command())) {
            return new Next.ResumePoolers();
        }
        return switch (folded.command()) {
            // The intent comes before the stage: an app killed between the two has armed the mark already.
            case "CutOver", "RollBack" -> folded.open().isEmpty() ? new Next.ReleaseHold() : new Next.AskTheMark();
            case "Retire", "RetireReadOnly", "Discard" -> new Next.Again();
            case "Verify", "Repair" -> new Next.ReleaseHold();
            default -> new Next.Steady();
        };
    }

    private static Next.Interrupted interrupted(String what) {
        return new Next.Interrupted(new Problem(
                "interrupted",
                "Handover was closed or killed while " + what + ".",
                "The source is untouched but for a replication slot that keeps its log; the target is not complete.",
                "Retry to go on, or discard to take everything back.",
                ""));
    }
}

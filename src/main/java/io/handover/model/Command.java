package io.handover.model;

/// What a user can ask of a migration.
public sealed interface Command {

    /// Replaces the plan; only while nothing is on the servers, but for freeze, deadline, window, hooks and poolers,
    /// which may change until the cutover.
    record ChangePlan(Plan plan) implements Command {}

    /// Runs the preflight checks.
    record Check() implements Command {}

    /// Runs the remedy of one finding of the last preflight, then checks again.
    record Fix(Finding finding) implements Command {}

    /// Schema, publication, slot, copy, indexes, subscription.
    record Start() implements Command {}

    /// Ends the running step at its next safe point.
    record Stop() implements Command {}

    /// Has a copy through this program rest, or go on. It keeps its snapshot and the slot meanwhile, so it costs the
    /// source as much as if it ran; a restart of the app goes on without it.
    record Pause(boolean rest) implements Command {}

    /// Has a copy through this program begin no further part of one table, or go on with it; the others go on
    /// meanwhile. Parts that are on their way get to their end.
    record HoldTable(TableRef table, boolean rest) implements Command {}

    /// Does the failed step again.
    record Retry() implements Command {}

    /// Compares both sides while writes go on.
    ///
    /// @param onlyChanged whether tables that were proved equal before are only looked at for changes since
    record Verify(boolean onlyChanged) implements Command {

        /// Reads every row.
        public Verify() {
            this(false);
        }
    }

    /// How quickly copies and comparisons may read from now on; also while one runs.
    record LimitReading(ReadLimit limit) implements Command {}

    /// How many connections copy, build and compare from now on, 1 to 64; also while a copy through this program runs:
    /// one more begins at once, one too many ends after the part it is at.
    record ChangeWorkers(int number) implements Command {}

    /// Makes those rows of `table` that the last comparison has named the same as the owner's, then compares again.
    record Repair(TableRef table) implements Command {}

    /// Lets the next hand-over go on although this gate is closed; only where that costs no row, and only as long as
    /// the gate finds what it finds now.
    ///
    /// @param gate   its stable name
    /// @param reason typed by the user, for the record
    record OverrideGate(String gate, String reason) implements Command {}

    /// Takes an override back.
    ///
    /// @param gate its stable name
    record WithdrawOverride(String gate) implements Command {}

    /// A hand-over without the freeze: everything else on the real pair. What it found is a note in the audit trail.
    record Rehearse() implements Command {

        /// How that note begins.
        public static final String NOTE = "Rehearsal: ";
    }

    /// Hands the data over to the target.
    ///
    /// @param confirmation the target's database name, typed by the user
    record CutOver(String confirmation) implements Command {}

    /// Hands the data back to the source.
    ///
    /// @param confirmation the source's database name, typed by the user
    record RollBack(String confirmation) implements Command {}

    /// Ends the window: takes everything of Handover off both servers, the owner keeps the data.
    ///
    /// @param oldReadOnly whether the old database stays read-only by default, as the cutover left it
    record Retire(boolean oldReadOnly) implements Command {

        /// The old database accepts writes again, as before the cutover.
        public Retire() {
            this(false);
        }
    }

    /// Gives up: undoes everything Handover made on both servers and nothing else.
    record Discard() implements Command {}
}

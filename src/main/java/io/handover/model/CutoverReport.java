package io.handover.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One cutover or roll back, finished or not.
///
/// @param from       the side that owned the data before
/// @param startedAt  when it was confirmed by the user
/// @param frozenAt   when writes were stopped; empty before
/// @param deadline   when everything is undone by itself; empty before the freeze
/// @param outcome    how it stands
/// @param writePause freeze to open, on the servers; empty until open or undone
/// @param timeline   what was done when
/// @param hooks      the hooks that ran
/// @param problem    why it was undone; empty if it was not
/// @param notes      what a person should know, one line each
public record CutoverReport(
        Side from,
        Instant startedAt,
        Optional<Instant> frozenAt,
        Optional<Instant> deadline,
        Outcome outcome,
        Optional<Duration> writePause,
        List<TimelineEntry> timeline,
        List<HookRun> hooks,
        Optional<Problem> problem,
        List<String> notes) {

    /// Copies the lists.
    public CutoverReport {
        timeline = List.copyOf(timeline);
        hooks = List.copyOf(hooks);
        notes = List.copyOf(notes);
    }

    /// How a cutover stands.
    public enum Outcome {
        /// Under way, still undoable.
        RUNNING,
        /// Past the point of no return: the other side owns the data.
        CONFIRMED,
        /// Over: the other side is open and the way back is there.
        DONE,
        /// Undone: the old owner is writable again and nothing was lost.
        UNDONE
    }
}

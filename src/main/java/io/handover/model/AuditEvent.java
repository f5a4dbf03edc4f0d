package io.handover.model;

import java.time.Instant;

/// One thing that was decided or that happened, for the record.
///
/// @param at   the clock of the machine that wrote it down
/// @param who  user and machine that did it or watched it happen
/// @param kind what it is about
/// @param text for people; no secrets
public record AuditEvent(Instant at, String who, Kind kind, String text) {

    /// What an event is about.
    public enum Kind {
        /// The plan was made or changed.
        PLAN,
        /// Both servers were checked.
        CHECK,
        /// A person had something done.
        COMMAND,
        /// The migration reached a stage.
        STAGE,
        /// Both sides were compared.
        COMPARISON,
        /// A gate was overridden, or an override ended.
        OVERRIDE,
        /// The data changed hands, or did not.
        HANDOVER,
        /// Something went wrong.
        PROBLEM,
        /// Something worth knowing.
        NOTE
    }
}

package io.handover.model;

import java.util.EnumSet;
import java.util.Set;

/// How far a migration is, as a fact about the two servers and not about a screen. Never compare by order:
/// ask a predicate.
public enum Stage {
    /// A plan; nothing on either server.
    DRAFT,
    /// Preflight found no blocker; nothing on either server.
    CHECKED,
    /// The tables exist on the target; publication and slot do not yet.
    SCHEMA_READY,
    /// Publication and slot exist on the source, rows are being copied.
    COPYING,
    /// All rows of the snapshot are there; indexes and constraints are being built.
    INDEXING,
    /// The subscription streams what happened meanwhile.
    CATCHING_UP,
    /// The target follows the source.
    STREAMING,
    /// The target follows the source and both are being compared.
    VERIFYING,
    /// Writes on the owner are stopped; all can still be undone.
    FENCING,
    /// Past the point of no return: the new owner is being opened.
    SWITCHING,
    /// The new owner is open; the way back is being built.
    CUT_OVER,
    /// The old source follows the target; one can roll back.
    REVERSE_OPEN,
    /// A roll back is under way, not yet past its point of no return.
    REVERTING,
    /// Nothing of Handover is left on either server.
    FINISHED,
    /// A step failed; nothing is lost; retry or discard.
    FAILED,
    /// The servers could not say what happened; a person must look.
    UNSURE;

    private static final Set<Stage> STREAMS = EnumSet.of(CATCHING_UP, STREAMING, VERIFYING);
    private static final Set<Stage> CUTOVER = EnumSet.of(FENCING, SWITCHING, CUT_OVER, REVERTING);
    private static final Set<Stage> UNTOUCHED = EnumSet.of(DRAFT, CHECKED, FINISHED);

    /// The forward stream runs and the source owns the data.
    public boolean isStreaming() {
        return STREAMS.contains(this);
    }

    /// A cutover or roll back is under way: the window must not be closed.
    public boolean isCutover() {
        return CUTOVER.contains(this);
    }

    /// Nothing of Handover is on either server.
    public boolean leavesServersUntouched() {
        return UNTOUCHED.contains(this);
    }

    /// The target owns the data.
    public boolean targetOwns() {
        return this == CUT_OVER || this == REVERSE_OPEN || this == REVERTING || this == SWITCHING;
    }
}

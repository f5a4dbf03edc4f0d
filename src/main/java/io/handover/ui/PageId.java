package io.handover.ui;

import java.util.List;

/// The window's pages.
public enum PageId {
    /// Both servers and the preflight.
    CONNECT,
    /// Scope and baseline.
    SNAPSHOT,
    /// Lag and row counts while the stream runs.
    REPLICATE,
    /// Both sides compared.
    VERIFY,
    /// Gates and the cutover itself.
    CUTOVER,
    /// The window: roll back or retire.
    RETIRE,
    /// Theme, folders, about; no step of the migration.
    SETTINGS;

    /// The steps of a migration, in order.
    public static final List<PageId> STEPS = List.of(CONNECT, SNAPSHOT, REPLICATE, VERIFY, CUTOVER, RETIRE);
}

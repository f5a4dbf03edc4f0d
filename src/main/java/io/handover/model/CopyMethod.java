package io.handover.model;

/// Which way the rows of the baseline take.
public enum CopyMethod {
    /// This program reads and writes: several workers a table, no index in the way but those that are built after it, a
    /// limit in MB/s. It has to run until the copy is done.
    THROUGH_HERE,
    /// The target fetches them itself, by PostgreSQL's own table synchronisation: they do not pass this
    /// computer, and the copy goes on without it. One worker a table, and keys are built before.
    SERVER_TO_SERVER,
    /// `pg_dump` writes them into an archive out of the slot's snapshot, and `pg_restore` reads them
    /// back, by table. Both
    /// have to be installed on this computer, with room for the archive; it can be kept.
    ARCHIVE
}

package io.handover.model;

/// How writes are stopped at the cutover.
public enum FreezeMethod {
    /// `LOCK TABLE … IN EXCLUSIVE MODE` in Handover's own session: writers wait, readers go on. The locks vanish with
    /// the session; from just before the point of no return the server keeps them until nobody can write any more.
    LOCK_TABLES,
    /// Read-only default for the database first, then every other session is ended. For applications
    /// that cannot bear waiting, and for databases with too many tables to lock.
    END_SESSIONS,
    /// Read-only default in this database for the roles that the plan names, then exactly their sessions are
    /// ended; those of other roles go on reading, and wait when they write. The tables are locked as well,
    /// always.
    NAMED_ROLES
}

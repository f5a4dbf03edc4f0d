package io.handover.model;

/// How PostgreSQL tells which row an UPDATE or DELETE meant (`pg_class.relreplident`).
public enum ReplicaIdentity {
    /// `REPLICA IDENTITY DEFAULT`, and there is a usable primary key.
    PRIMARY_KEY,
    /// `USING INDEX`.
    INDEX,
    /// `FULL`: the whole old row.
    FULL,
    /// None: UPDATE and DELETE would fail on the source once the table is published.
    NONE
}

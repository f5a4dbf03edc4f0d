package io.handover.pg;

/// When an entry of a schema dump is run on the target, in this order.
public enum DumpSection {
    /// Before the rows: schemas, extensions, types, functions, tables, views, sequences, defaults.
    PRE_DATA,
    /// After the rows, before the stream: primary keys, and whatever index a replica identity uses.
    KEYS,
    /// Other indexes, unique and exclusion constraints; in any order.
    INDEXES,
    /// What makes the indexes of partitions parts of their parent's.
    ATTACH,
    /// Foreign keys and the checks that are kept apart.
    CONSTRAINTS,
    /// What needs the rest: rules, views over a primary key, triggers, policies, statistics objects,
    /// grants; in `pg_dump`'s order.
    LATE
}

package io.handover.model;

/// A table of the source as the scope tree shows it.
///
/// Source: `pg_class`, `pg_index`, `pg_total_relation_size`, `reltuples`.
///
/// @param table    its name
/// @param root     the partitioned table it belongs to, or itself
/// @param bytes    with indexes and TOAST
/// @param rows     the planner's estimate; -1 if never analysed
/// @param identity how its rows are identified
/// @param unlogged true if its changes are not in the log: copied again at the cutover
public record TableInfo(
        TableRef table, TableRef root, long bytes, long rows, ReplicaIdentity identity, boolean unlogged) {}

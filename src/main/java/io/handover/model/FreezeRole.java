package io.handover.model;

/// A role that a freeze by role could name.
///
/// Source: `pg_roles` and `pg_stat_activity` of the database's server, when asked.
///
/// @param name     as the catalogue has it
/// @param sessions client sessions in the database, without Handover's own; 0 or more
/// @param writes   whether it owns a table there or may write to one
public record FreezeRole(String name, int sessions, boolean writes) {}

package io.handover.pg;

/// A column of a table as the catalogue has it.
///
/// Source: `pg_attribute`; dropped columns are left out.
///
/// @param name      unquoted
/// @param type      for SQL, with its schema where it is not in `pg_catalog`, for example `numeric(12,2)`
/// @param generated computed from other columns, stored or virtual: it cannot be written
/// @param identity  `GENERATED … AS IDENTITY`: it can be written by COPY
/// @param notNull   `NOT NULL`
/// @param position  `attnum`, from 1; with gaps where columns were dropped
public record ColumnInfo(
        String name, String type, boolean generated, boolean identity, boolean notNull, int position) {}

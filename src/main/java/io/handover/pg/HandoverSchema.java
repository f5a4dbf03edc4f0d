package io.handover.pg;

import io.handover.model.MigrationId;
import io.handover.model.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The schema `handover` that a migration keeps on both servers while it runs: who owns the data, the fence,
/// and on the target the plan and the journal, so that another workstation can take over.
///
/// | table | what it holds | |---|---| | `migration` | one row: id, plan (JSON, no secrets), stage, owner | |
/// `journal` | the journal's lines, a copy of the file (target only) | | `statement`, `statements_until` |
/// what each computer has run, see `StatementCopy` (target only) | | `fence` | the rows that prove a drain,
/// each with a random key; published | | `mark` | one row: who owns the data, see `Mark` | | `objects_before`
/// | what was on the target before (target only), see `TargetBefore` | | `copied` | which pieces of the
/// baseline are there (target only), see `CopyLedger` | | `identity_before` | replica identities that a fix
/// changed on this server, as they were | | `frozen_role` | roles that a freeze made read-only, see `FrozenRoles` |
public final class HandoverSchema {

    /// Its name on both servers; never copied, never published but for `fence`.
    public static final String NAME = "handover";

    private static final List<String> TABLES = List.of("""
            create table if not exists handover.migration (
                id text primary key, plan text not null, stage text not null, owner text not null,
                updated_at timestamptz not null default clock_timestamp())""", """
            create table if not exists handover.journal (
                migration text not null, number bigint not null, line text not null, primary key (migration, number))""", """
            create table if not exists handover.statement (
                migration text not null, who text not null, at text not null, number bigint not null, line text not null,
                primary key (migration, who, at, number))""", """
            create table if not exists handover.statements_until (
                migration text not null, who text not null, until text not null, primary key (migration, who))""", """
            create table if not exists handover.fence (
                token text primary key, at timestamptz not null default clock_timestamp())""", """
            create table if not exists handover.mark (
                id integer primary key check (id = 1), migration text not null, epoch bigint not null,
                owner text not null, state text not null, deadline timestamptz, marked_at timestamptz,
                read_only_before text, writable integer[])""", """
            alter table handover.mark add column if not exists writable integer[]""", FrozenRoles.TABLE, """
            create table if not exists handover.identity_before (
                schema_name text not null, table_name text not null, was text not null, index_name text,
                primary key (schema_name, table_name))""", """
            create table if not exists handover.copied (
                slot_start text not null, schema_name text not null, table_name text not null,
                piece integer not null, pieces integer not null, row_count bigint not null default 0,
                primary key (slot_start, schema_name, table_name, piece))""");

    private HandoverSchema() {}

    /// Makes the schema and its tables where they are missing, in one transaction. A schema of that name that
    /// is not this migration's is left alone and refused, see `SchemaClaim`.
    ///
    /// @throws SQLException `42P06` if a foreign schema of that name exists, [SchemaClaim#TAKEN] if it is another
    ///                      migration's
    public static void create(DbSession session, MigrationId id) throws SQLException {
        session.inTransaction(s -> {
            boolean missing = SchemaClaim.take(s, id);
            if (missing) {
                s.change("create schema handover");
                s.change("comment on schema handover is " + SqlNames.literal(SchemaClaim.comment(id)));
            }
            for (String table : TABLES) {
                s.change(table);
            }
            if (missing && s.side() == Side.TARGET) {
                TargetBefore.record(s);
            }
            return true;
        });
    }

    /// Drops the schema with all that is in it, if it is this migration's.
    public static void drop(DbSession session, MigrationId id) throws SQLException {
        if (SchemaClaim.isOf(session.jdbc(), id)) {
            SchemaGuard.drop(session);
            WriteGuard.drop(session); // table by table: a cascade would lock all of them at once
            session.change("drop schema if exists handover cascade");
        }
    }

    /// The schema's comment: empty if there is no such schema, the empty text if it has none.
    public static Optional<String> comment(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                select coalesce(pg_catalog.obj_description(oid, 'pg_namespace'), '')
                  from pg_catalog.pg_namespace where nspname = 'handover'
                """);
                ResultSet row = query.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    /// The migration that the schema on this server belongs to; empty if there is none.
    public static Optional<Stored> stored(Connection connection) throws SQLException {
        try (PreparedStatement exists =
                        connection.prepareStatement("select pg_catalog.to_regclass('handover.migration') is not null");
                ResultSet row = exists.executeQuery()) {
            if (!row.next() || !row.getBoolean(1)) {
                return Optional.empty();
            }
        }
        try (PreparedStatement query =
                        connection.prepareStatement("select id, plan, stage, owner from handover.migration");
                ResultSet row = query.executeQuery()) {
            return row.next()
                    ? Optional.of(new Stored(
                            new MigrationId(row.getString(1)), row.getString(2), row.getString(3), row.getString(4)))
                    : Optional.empty();
        }
    }

    /// What a server remembers of a migration.
    ///
    /// @param id    which
    /// @param plan  its plan as JSON
    /// @param stage its last stage's name
    /// @param owner `source` or `target`
    public record Stored(MigrationId id, String plan, String stage, String owner) {}
}

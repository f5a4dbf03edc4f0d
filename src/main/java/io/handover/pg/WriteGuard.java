package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/// Refuses writes on a server that has handed the data over, whatever the session says of itself: `READ WRITE`, a
/// role with a read-only default of its own, a superuser.
///
/// One trigger a table and one function that looks at the mark. The apply worker of the way back does not fire
/// ordinary triggers. A roll back makes the server writable by its mark alone, in the commit that opens it: no trigger
/// has to be dropped in a write pause, and what stays until retire or discard lets everything pass. Passed by who sets
/// `session_replication_role = replica`, and by another subscription.
public final class WriteGuard {

    private static final String NAME = "handover_guard";

    private static final String FUNCTION = """
            create or replace function handover.guard() returns trigger language plpgsql security definer
            set search_path = pg_catalog, pg_temp as $guard$
            begin
              if exists (select from handover.mark where id = 1 and state = 'handed_over') then
                raise exception 'this database was handed over to another server, a row written here would be lost'
                  using errcode = 'read_only_sql_transaction', hint = 'Connect to the new server.';
              end if;
              return null;
            end $guard$
            """;

    /// The published tables and the partitioned ones above them: a statement fires only the triggers of the table it
    /// names.
    private static final String UNGUARDED = """
            with recursive own as (
              select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                join unnest(?::text[], ?::text[]) w (schema, name) on w.schema = n.nspname and w.name = c.relname
               where c.relkind = 'r' and c.relpersistence = 'p'
              union
              select i.inhparent from own join pg_catalog.pg_inherits i on i.inhrelid = own.oid
                join pg_catalog.pg_class p on p.oid = i.inhparent and p.relkind = 'p')
            select n.nspname, c.relname
              from own join pg_catalog.pg_class c on c.oid = own.oid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where not exists (select from pg_catalog.pg_trigger t
                                where t.tgrelid = c.oid and t.tgfoid = 'handover.guard()'::pg_catalog.regprocedure)
            """;

    private static final String GUARDED = """
            select n.nspname, c.relname
              from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where t.tgfoid = pg_catalog.to_regprocedure('handover.guard()') and not t.tgisinternal
            """;

    private WriteGuard() {}

    /// Guards `tables` and the partitioned tables they belong to; those that are guarded are left as they are. A
    /// transaction a table, so that no application ever waits for more than one lock.
    ///
    /// @param session autocommit on, with a `lock_timeout`; to a server that has handed over
    /// @return how many were not guarded before
    public static int make(DbSession session, Collection<TableRef> tables) throws SQLException {
        session.change(FUNCTION);
        session.change("revoke all on function handover.guard() from public");
        Set<TableRef> missing = unguarded(session.jdbc(), tables);
        for (TableRef table : missing) {
            session.change("create trigger " + NAME + " before insert or update or delete or truncate on "
                    + SqlNames.quoted(table) + " for each statement execute procedure handover.guard()");
        }
        return missing.size();
    }

    /// Takes the guard off every table, one by one; its absence is no error. On a server in use each table's lock is
    /// asked for a few seconds only: what stays then lets every write pass, and a second call goes on.
    static void drop(DbSession session) throws SQLException {
        Set<TableRef> guarded;
        try (PreparedStatement query = session.jdbc().prepareStatement(GUARDED)) {
            guarded = refs(query);
        }
        if (guarded.isEmpty()) {
            return;
        }
        session.change("set lock_timeout = '5s'");
        for (TableRef table : guarded) {
            session.change("drop trigger if exists " + NAME + " on " + SqlNames.quoted(table));
        }
        session.change("reset lock_timeout");
    }

    private static Set<TableRef> unguarded(Connection connection, Collection<TableRef> tables) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(UNGUARDED)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text", tables.stream().map(TableRef::schema).toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text", tables.stream().map(TableRef::name).toArray()));
            return refs(query);
        }
    }

    private static Set<TableRef> refs(PreparedStatement query) throws SQLException {
        var refs = new TreeSet<TableRef>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                refs.add(new TableRef(row.getString(1), row.getString(2)));
            }
        }
        return refs;
    }
}

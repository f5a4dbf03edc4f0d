package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Refuses writes on a server that has handed the data over, whatever the session says of itself: `READ WRITE`, a
/// role with a read-only default of its own, a superuser.
///
/// One trigger a table and one function that looks at the mark. The triggers fire always, also for a session that sets
/// `session_replication_role = replica`; the workers of a subscription are let pass, of another one too. A roll back
/// makes the server writable by its mark alone, in the commit that opens it: no trigger has to be dropped in a write
/// pause, and what stays until retire or discard lets everything pass. A transaction that took its snapshot before the
/// mark was confirmed does not see it: `LockKeeper` ends those.
public final class WriteGuard {

    private static final String NAME = "handover_guard";

    private static final String CREATE = "create trigger " + NAME
            + " before insert or update or delete or truncate on %s for each statement execute procedure handover.guard()";

    private static final String ALWAYS = "alter table %s enable always trigger " + NAME;

    private static final String FUNCTION = """
            create or replace function handover.guard() returns trigger language plpgsql security definer
            set search_path = pg_catalog, pg_temp as $guard$
            begin
              if exists (select from handover.mark where id = 1 and state = 'handed_over')
                 and not exists (select from pg_stat_activity
                                  where pid = pg_backend_pid() and backend_type like 'logical replication%') then
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
                join unnest(%s, %s) w (schema, name) on w.schema = n.nspname and w.name = c.relname
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
    /// @throws SQLException the first failure, after all the others were tried
    public static int make(DbSession session, Collection<TableRef> tables) throws SQLException {
        prepare(session);
        Set<TableRef> missing = unguarded(session.jdbc(), tables);
        SQLException first = null;
        for (TableRef table : missing) {
            try {
                session.inTransaction(s -> s.change(CREATE.formatted(SqlNames.quoted(table)))
                        + s.change(ALWAYS.formatted(SqlNames.quoted(table))));
            } catch (SQLException e) {
                if (SqlFailure.connectionLost(e)) {
                    throw e;
                }
                first = first == null ? e : first; // the others are guarded all the same
            }
        }
        if (first != null) {
            throw first;
        }
        return missing.size();
    }

    /// Makes the function that the triggers call; it takes no lock that anybody would wait for.
    public static void prepare(DbSession session) throws SQLException {
        session.change(FUNCTION);
        session.change("revoke all on function handover.guard() from public");
    }

    /// The same as `make` as a piece of PL/pgSQL for a block that declares `unguarded record`; for a session that has
    /// locked
    /// the tables and has `prepare` behind it.
    static String block(Collection<TableRef> tables) {
        return """
                for unguarded in %s loop
                  begin
                    execute format('%s', format('%%I.%%I', unguarded.nspname, unguarded.relname));
                    execute format('%s', format('%%I.%%I', unguarded.nspname, unguarded.relname));
                  exception when others then
                    null; -- `make` tries once more and says why
                  end;
                end loop;
                """.formatted(
                        UNGUARDED.formatted(
                                array(tables.stream().map(TableRef::schema).toList()),
                                array(tables.stream().map(TableRef::name).toList())),
                        CREATE,
                        ALWAYS);
    }

    private static String array(List<String> texts) {
        return texts.stream().map(SqlNames::literal).collect(Collectors.joining(", ", "array[", "]::text[]"));
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
        try (PreparedStatement query = connection.prepareStatement(UNGUARDED.formatted("?::text[]", "?::text[]"))) {
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

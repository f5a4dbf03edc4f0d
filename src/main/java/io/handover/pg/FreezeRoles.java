package io.handover.pg;

import io.handover.model.FreezeRole;
import io.handover.model.Scope;
import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The roles that a freeze by role is about, and what it could not hold back.
public final class FreezeRoles {

    private FreezeRoles() {}

    /// A role of the server.
    ///
    /// @param oid       as long as it is not dropped
    /// @param name      its name now
    /// @param login     whether anybody can log in as it; a group cannot be frozen
    /// @param superuser whether it is one
    /// @param alterable whether our role may set its parameters, by the server's rules
    public record Role(long oid, String name, boolean login, boolean superuser, boolean alterable) {}

    /// Those of `names` that there are, by name.
    public static List<Role> find(Connection connection, Collection<String> names) throws SQLException {
        var roles = new ArrayList<Role>();
        try (PreparedStatement query = connection.prepareStatement("""
                select r.oid::bigint, r.rolname, r.rolcanlogin, r.rolsuper,
                       me.rolsuper
                       or not r.rolsuper
                          and (r.oid = me.oid
                               or me.rolcreaterole
                                  and (current_setting('server_version_num')::int < 160000
                                       or pg_catalog.pg_has_role(me.oid, r.oid, 'MEMBER WITH ADMIN OPTION')))
                  from pg_catalog.pg_roles r
                  join pg_catalog.pg_roles me on me.rolname = current_user
                 where r.rolname::text = any (?)
                 order by r.rolname
                """)) {
            query.setArray(1, connection.createArrayOf("text", names.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    roles.add(new Role(
                            row.getLong(1), row.getString(2), row.getBoolean(3), row.getBoolean(4), row.getBoolean(5)));
                }
            }
        }
        return roles;
    }

    /// Does to `role` what the freeze does, and rolls it back.
    ///
    /// @throws SQLException if the server refuses it
    public static void rehearse(DbSession session, Role role) throws SQLException {
        RolledBack.run(
                session,
                "alter role " + SqlNames.quoted(role.name()) + " in database "
                        + SqlNames.quoted(session.jdbc().getCatalog()) + " set default_transaction_read_only = on");
    }

    /// What a session of a role that is not named could write although the tables are locked, or guarded
    /// afterwards: large objects and unlogged tables, in words. Empty if the database has none.
    public static List<String> unguarded(Connection connection, Scope scope) throws SQLException {
        var found = new ArrayList<String>();
        try (PreparedStatement query = connection.prepareStatement("""
                        select n.nspname, c.relname
                          from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                         where c.relkind = 'r' and c.relpersistence = 'u' and n.nspname <> 'handover'
                         order by 1, 2
                        """);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                var table = new TableRef(row.getString(1), row.getString(2));
                if (scope.includes(table)) {
                    found.add("the unlogged table " + table.display());
                }
            }
        }
        try (PreparedStatement query =
                        connection.prepareStatement("select exists (select from pg_catalog.pg_largeobject_metadata)");
                ResultSet row = query.executeQuery()) {
            if (row.next() && row.getBoolean(1)) {
                found.add("large objects");
            }
        }
        return found;
    }

    /// Roles that can log in and have sessions in this database, or own or may write tables in it; by name. A
    /// superuser only if it has sessions or owns tables: it may write everywhere.
    public static List<FreezeRole> candidates(Connection connection) throws SQLException {
        var roles = new ArrayList<FreezeRole>();
        try (PreparedStatement query = connection.prepareStatement("""
                        with held as (
                          select c.relowner, c.relacl
                            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                           where c.relkind in ('r', 'p') and c.relpersistence <> 't'
                             and n.nspname not in ('pg_catalog', 'information_schema', 'handover')),
                        writers as (
                          select relowner as role from held
                          union
                          select a.grantee from held, pg_catalog.aclexplode(held.relacl) a
                           where a.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')),
                        present as (
                          select a.usesysid as role, count(*) as sessions
                            from pg_catalog.pg_stat_activity a
                           where a.datname = current_database()
                             and coalesce(a.backend_type, 'client backend') = 'client backend'
                             and a.application_name not like 'handover%'
                           group by 1)
                        select r.rolname, coalesce(p.sessions, 0), w.writes
                          from pg_catalog.pg_roles r
                          left join present p on p.role = r.oid
                         cross join lateral (
                               select exists (select from writers x
                                               where x.role = r.oid or x.role = 0
                                                  or not r.rolsuper and pg_catalog.pg_has_role(r.oid, x.role, 'MEMBER')
                                             ) as writes) w
                         where r.rolcanlogin and (p.role is not null or w.writes)
                         order by 1
                        """);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                roles.add(new FreezeRole(row.getString(1), row.getInt(2), row.getBoolean(3)));
            }
        }
        return roles;
    }
}

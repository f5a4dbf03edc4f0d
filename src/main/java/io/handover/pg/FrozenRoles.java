package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The roles that a freeze has made read-only by default in the database one is connected to, in
/// `handover.frozen_role`: what each had set before, until it has been put back. Known by OID, so a role that
/// was renamed is found, and one that was dropped and made again is another.
///
/// | column | | |---|---| | `role` | its OID; one row with 0 says that the attempt was by role at all | | `epoch` | of
/// the attempt | | `before` | its setting before; null if it had none | | `read_only` | it has not been put back yet |
/// | `stale` | the attempt was taken back; the role's sessions that began meanwhile are to be ended |
public final class FrozenRoles {

    static final String TABLE = """
            create table if not exists handover.frozen_role (
                role oid primary key, name text not null, epoch bigint not null, before text,
                read_only boolean not null, stale boolean not null default false)""";

    /// The setting that the role `r` of `pg_roles` has for this database.
    private static final String OF_ROLE = """
            (select substr(c.word, 31)
               from pg_catalog.pg_db_role_setting s
               join pg_catalog.pg_database d on d.oid = s.setdatabase and d.datname = current_database(),
                    unnest(s.setconfig) as c (word)
              where s.setrole = r.oid and left(c.word, 30) = 'default_transaction_read_only=')""";

    /// PL/pgSQL for a block with the record `m` of `handover.mark`: each role as it was before. One that
    /// cannot be put back stays noted and keeps nobody from taking the mark back; a catalogue row that two
    /// change at once is an error at once, so each is tried a few times.
    static final String PUT_BACK = """
            if pg_catalog.to_regclass('handover.frozen_role') is not null then
              declare
                frozen record;
              begin
                perform pg_catalog.set_config('lock_timeout', '2s', true);
                update handover.frozen_role set stale = (epoch = m.epoch);
                for frozen in select t.role, t.before, r.rolname from handover.frozen_role t
                                left join pg_catalog.pg_roles r on r.oid = t.role where t.read_only loop
                  for try in 1..5 loop
                    begin
                      if frozen.rolname is null then
                        null; -- dropped: its settings went with it
                      elsif frozen.before is null then
                        execute format('alter role %I in database %I reset default_transaction_read_only',
                                       frozen.rolname, current_database());
                      else
                        execute format('alter role %I in database %I set default_transaction_read_only = %L',
                                       frozen.rolname, current_database(), frozen.before);
                      end if;
                      update handover.frozen_role set read_only = false where role = frozen.role;
                      exit;
                    exception
                      when lock_not_available then exit;
                      when others then perform pg_catalog.pg_sleep(0.02);
                    end;
                  end loop;
                end loop;
              end;
            end if;
            """;

    /// A condition for `pg_stat_activity a`: the session's role was read-only by the attempt that was taken
    /// back last.
    static final String WAS_FROZEN = """
            (not exists (select from handover.frozen_role f where f.stale)
             or exists (select from handover.frozen_role f where f.stale and f.role = a.usesysid))""";

    /// PL/pgSQL: the sessions that began meanwhile have been ended.
    static final String FORGET = """
            if pg_catalog.to_regclass('handover.frozen_role') is not null then
              delete from handover.frozen_role where not read_only;
              update handover.frozen_role set stale = false;
            end if;
            """;

    private FrozenRoles() {}

    /// PL/pgSQL for a block with the record `r`: notes the settings of `roles` and makes them read-only by
    /// default.
    static String freeze(Collection<Long> roles, long epoch) {
        return """
                insert into handover.frozen_role (role, name, epoch, read_only) values (0, '', %1$d, false)
                    on conflict (role) do update set epoch = %1$d, stale = false;
                for r in select oid, rolname from pg_catalog.pg_roles
                          where oid = any ('{%2$s}'::oid[]) order by rolname loop
                  insert into handover.frozen_role as t (role, name, epoch, before, read_only)
                    values (r.oid, r.rolname, %1$d, %3$s, true)
                    on conflict (role) do update
                       set name = excluded.name, epoch = excluded.epoch, stale = false, read_only = true,
                           before = case when t.read_only then t.before else excluded.before end;
                  execute format('alter role %%I in database %%I set default_transaction_read_only = on',
                                 r.rolname, current_database());
                end loop;
                """.formatted(epoch, roles.stream().map(String::valueOf).collect(Collectors.joining(",")), OF_ROLE);
    }

    /// Whose sessions are to be ended after an attempt was taken back; empty if it was not by role, and
    /// everybody's are.
    public static Optional<Set<Long>> stale(Connection connection) throws SQLException {
        return roles(connection, "stale");
    }

    /// Who is read-only by the attempt `epoch`; empty if it is not by role.
    public static Optional<Set<Long>> of(Connection connection, long epoch) throws SQLException {
        return roles(connection, "epoch = " + epoch);
    }

    private static Optional<Set<Long>> roles(Connection connection, String which) throws SQLException {
        if (!exists(connection)) {
            return Optional.empty();
        }
        var roles = new HashSet<Long>();
        try (PreparedStatement query =
                        connection.prepareStatement("select role::bigint from handover.frozen_role where " + which);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                roles.add(row.getLong(1));
            }
        }
        return roles.isEmpty() ? Optional.empty() : Optional.of(roles);
    }

    /// The statements that put back who is still read-only; empty if nobody is.
    public static List<String> left(Connection connection) throws SQLException {
        return entries(connection).stream().map(Entry::sql).toList();
    }

    /// Puts back whoever is still read-only, and forgets them.
    ///
    /// @return how many
    /// @throws SQLException the first failure, after all the others were tried
    public static int putBack(DbSession session) throws SQLException {
        List<Entry> left = entries(session.jdbc());
        SQLException first = null;
        for (Entry entry : left) {
            try {
                session.inTransaction(s -> {
                    s.change("set local lock_timeout = '2s'");
                    s.change(entry.sql());
                    return s.change("update handover.frozen_role set read_only = false where role = " + entry.role());
                });
            } catch (SQLException e) {
                if (SqlFailure.connectionLost(e)) {
                    throw e;
                }
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return left.size();
    }

    private record Entry(long role, String sql) {}

    private static List<Entry> entries(Connection connection) throws SQLException {
        var entries = new ArrayList<Entry>();
        if (!exists(connection)) {
            return entries;
        }
        try (PreparedStatement query = connection.prepareStatement("""
                        select t.role::bigint, r.rolname, t.before, current_database()
                          from handover.frozen_role t join pg_catalog.pg_roles r on r.oid = t.role
                         where t.read_only order by 2
                        """);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                String before = row.getString(3);
                entries.add(new Entry(
                        row.getLong(1),
                        "alter role " + SqlNames.quoted(row.getString(2)) + " in database "
                                + SqlNames.quoted(row.getString(4))
                                + (before == null
                                        ? " reset default_transaction_read_only"
                                        : " set default_transaction_read_only = " + SqlNames.literal(before))));
            }
        }
        return entries;
    }

    private static boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                        "select pg_catalog.to_regclass('handover.frozen_role') is not null");
                ResultSet row = query.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }
}

package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The setting `default_transaction_read_only` of the database one is connected to: what new sessions begin
/// with.
public final class ReadOnlyDefault {

    /// The database's own setting as an expression; null if it has none. Not what a role or the server says.
    static final String OF_DATABASE = """
            (select substr(c.word, 31)
               from pg_catalog.pg_db_role_setting s
               join pg_catalog.pg_database d on d.oid = s.setdatabase and d.datname = current_database(),
                    unnest(s.setconfig) as c (word)
              where s.setrole = 0 and left(c.word, 30) = 'default_transaction_read_only=')""";

    /// Statements of PL/pgSQL that put the setting back as the record `m` of `handover.mark` says, and those
    /// of roles.
    static final String PUT_BACK = """
            if m.read_only_before is not distinct from %s then
              null; -- not set, or put back already
            elsif m.read_only_before is null then
              execute format('alter database %%I reset default_transaction_read_only', current_database());
            else
              execute format('alter database %%I set default_transaction_read_only = %%L',
                             current_database(), m.read_only_before);
            end if;
            """.formatted(OF_DATABASE) + FrozenRoles.PUT_BACK;

    private ReadOnlyDefault() {}

    /// The database's own setting; empty if it has none.
    public static Optional<String> ofDatabase(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select " + OF_DATABASE);
                ResultSet row = query.executeQuery()) {
            row.next();
            return Optional.ofNullable(row.getString(1));
        }
    }

    /// Roles for which it is set to off, for this database or all: the database's setting does not stop
    /// them. Handover's own role is not among them, its connections say themselves what they are.
    public static List<String> rolesWithTheirOwn(Connection connection) throws SQLException {
        var roles = new ArrayList<String>();
        try (PreparedStatement query = connection.prepareStatement("""
                        select distinct r.rolname
                          from pg_catalog.pg_db_role_setting s
                          join pg_catalog.pg_roles r on r.oid = s.setrole,
                               unnest(s.setconfig) as c (word)
                         where s.setdatabase in (0, (select oid from pg_catalog.pg_database
                                                      where datname = current_database()))
                           and lower(c.word) ~ '^default_transaction_read_only=(0|of|off|n|no|f|fa|fal|fals|false)$'
                           and r.rolname <> current_user
                         order by 1
                        """);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                roles.add(row.getString(1));
            }
        }
        return roles;
    }

    /// Does to the database what a freeze does, and rolls it back.
    ///
    /// @param session autocommit on
    /// @throws SQLException if the server refuses it
    public static void rehearse(DbSession session) throws SQLException {
        RolledBack.run(
                session,
                "alter database " + SqlNames.quoted(database(session.jdbc()))
                        + " set default_transaction_read_only = on");
    }

    /// Puts the database's setting back.
    ///
    /// @param before as `ofDatabase` said; empty resets it
    public static void putBack(DbSession session, Optional<String> before) throws SQLException {
        String database = SqlNames.quoted(database(session.jdbc()));
        session.change(
                before.isEmpty()
                        ? "alter database " + database + " reset default_transaction_read_only"
                        : "alter database " + database + " set default_transaction_read_only = "
                                + SqlNames.literal(before.get()));
    }

    private static String database(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select current_database()");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }
}

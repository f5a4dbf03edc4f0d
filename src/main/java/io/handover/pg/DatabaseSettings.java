package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What `ALTER DATABASE … SET` and `ALTER ROLE … IN DATABASE … SET` have given a database. `pg_dump` of one database
/// leaves that out: it belongs to the database and not to what is in it.
public final class DatabaseSettings {

    /// Names whose values nobody should read over a shoulder or in a report.
    private static final Pattern SECRET =
            Pattern.compile("secret|password|passwd|token|credential|(^|[._])(api_?)?key($|_)");
    private static final Pattern OFF = Pattern.compile("0|of|off|n|no|f|fa|fal|fals|false");

    private DatabaseSettings() {}

    /// One of them.
    ///
    /// @param role  whom it is for; empty for everybody
    /// @param name  of the parameter
    /// @param value as the catalogue has it
    public record Setting(String role, String name, String value) {

        /// Its name, for people: `work_mem`, `work_mem of role batch`.
        public String display() {
            return role.isEmpty() ? name : name + " of role " + role;
        }

        /// The statement that makes it in `database`.
        public String sql(String database) {
            return sql(
                    database,
                    QuotedList.NAMES.contains(name)
                            ? QuotedList.parse(value).stream()
                                    .map(SqlNames::literal)
                                    .collect(Collectors.joining(", "))
                            : SqlNames.literal(value));
        }

        /// The same as people may see it.
        public String shown(String database) {
            return SECRET.matcher(name.toLowerCase(Locale.ROOT)).find() ? sql(database, "'********'") : sql(database);
        }

        private String sql(String database, String to) {
            String whose = role.isEmpty()
                    ? "database " + SqlNames.quoted(database)
                    : "role " + SqlNames.quoted(role) + " in database " + SqlNames.quoted(database);
            return "alter " + whose + " set " + SqlNames.quoted(name) + " to " + to;
        }

        /// Belongs to Handover: the freeze works by it, and a role that is exempt from it bars the cutover.
        private boolean isOurs() {
            return name.equals("default_transaction_read_only")
                    && (role.isEmpty()
                            || OFF.matcher(value.toLowerCase(Locale.ROOT)).matches());
        }
    }

    /// All of the database one is connected to, in order, but for the read-only default.
    public static List<Setting> of(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                        select coalesce(r.rolname, ''), c.word
                          from pg_catalog.pg_db_role_setting s
                          join pg_catalog.pg_database d on d.oid = s.setdatabase and d.datname = current_database()
                          left join pg_catalog.pg_roles r on r.oid = s.setrole
                         cross join unnest(s.setconfig) as c (word)
                         where s.setrole = 0 or r.oid is not null
                         order by 1, 2
                        """);
                ResultSet row = query.executeQuery()) {
            var settings = new ArrayList<Setting>();
            while (row.next()) {
                String word = row.getString(2);
                int end = word.indexOf('=');
                var setting = new Setting(row.getString(1), word.substring(0, end), word.substring(end + 1));
                if (!setting.isOurs()) {
                    settings.add(setting);
                }
            }
            return settings;
        }
    }

    /// Those of `wanted` that this server cannot be given: it lacks the role, or does not know the parameter. One with
    /// a dot is anybody's and needs not be known.
    public static List<Setting> impossible(Connection connection, List<Setting> wanted) throws SQLException {
        Set<String> roles = Set.copyOf(words(connection, "select rolname from pg_catalog.pg_roles"));
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER); // some are `TimeZone`, and nobody has to type that
        names.addAll(words(connection, "select name from pg_catalog.pg_settings"));
        return wanted.stream()
                .filter(setting -> (!setting.role().isEmpty() && !roles.contains(setting.role()))
                        || (setting.name().indexOf('.') < 0 && !names.contains(setting.name())))
                .toList();
    }

    /// The `transaction_timeout` a new session of this role gets in this database, in milliseconds (`reset_val` of
    /// `pg_settings`, whatever this session has set for itself); 0 for none, and before 17.
    public static long transactionTimeoutMillis(Connection connection) throws SQLException {
        List<String> found =
                words(connection, "select reset_val from pg_catalog.pg_settings where name = 'transaction_timeout'");
        return found.isEmpty() ? 0 : Long.parseLong(found.getFirst());
    }

    private static List<String> words(Connection connection, String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            var words = new ArrayList<String>();
            while (row.next()) {
                words.add(row.getString(1));
            }
            return words;
        }
    }
}

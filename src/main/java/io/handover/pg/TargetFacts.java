package io.handover.pg;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// What is on the target before the schema comes, and what follows from it: the rules for objects that
/// every database has already, in place of errors that are swallowed. Any thread.
public final class TargetFacts {

    private final Set<String> schemas;
    private final Set<String> tablespaces;
    private final Set<String> extensions;
    private final Set<String> roles;
    private final int lockBudget;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private TargetFacts(
            Set<String> schemas, Set<String> tablespaces, Set<String> extensions, Set<String> roles, int lockBudget) {
        this.schemas = schemas;
        this.tablespaces = tablespaces;
        this.extensions = extensions;
        this.roles = roles;
        this.lockBudget = lockBudget;
    }

    /// Reads them.
    public static TargetFacts read(Connection target) throws SQLException {
        return new TargetFacts(
                names(target, "select nspname from pg_catalog.pg_namespace"),
                names(target, "select spcname from pg_catalog.pg_tablespace"),
                names(
                        target,
                        "select name from pg_catalog.pg_available_extensions"
                                + " union select extname from pg_catalog.pg_extension"),
                names(target, "select rolname from pg_catalog.pg_roles"),
                lockBudget(target));
    }

    /// Extensions among `entries` that the target does not have, in name order.
    public List<String> missingExtensions(List<DumpEntry> entries) {
        return entries.stream()
                .filter(entry -> entry.type().equals("EXTENSION"))
                .flatMap(entry -> SqlStatement.all(entry.sql()).getFirst().nameAfter("EXTENSION").stream())
                .filter(name -> !extensions.contains(name))
                .sorted()
                .toList();
    }

    /// Roles that `entries` name (policies, user mappings, owners and grants where they are kept) and that
    /// the target does not have, in name order.
    public List<String> missingRoles(List<DumpEntry> entries) {
        return entries.stream()
                .flatMap(entry -> SqlStatement.all(entry.sql()).stream().flatMap(s -> rolesIn(entry, s).stream()))
                .filter(name -> !name.equals("public") && !roles.contains(name)) // quoted or not, public is everybody
                .distinct()
                .sorted()
                .toList();
    }

    private static List<String> rolesIn(DumpEntry entry, SqlStatement statement) {
        return switch (entry.type()) {
            case "POLICY" -> statement.quotedAfter("TO");
            case "USER MAPPING" -> statement.quotedAfter("FOR");
            case "ACL", "DEFAULT ACL" -> statement.quotedAfter("TO", "FROM", "ROLE", "BY");
            default -> statement.has("OWNER", "TO") ? statement.quotedAfter("TO") : List.of();
        };
    }

    /// Half of the server's table of locks, so that others can work meanwhile.
    int lockBudget() {
        return lockBudget;
    }

    /// True if `adapted` has to look at what the entries before have made.
    static boolean asksFirst(DumpEntry entry) {
        return entry.type().equals("COMMENT")
                && (entry.name().startsWith("EXTENSION ") || entry.name().startsWith("SCHEMA "));
    }

    /// The statements of `entry` that are to be run; empty if none.
    ///
    /// A schema that is there already is used: `public` and those that a provider makes. A comment on a
    /// schema or an extension is set only where the role may: `public` and extensions often belong to
    /// somebody else, and every extension brings its comment along.
    String adapted(DumpEntry entry, Connection target, Consumer<String> notes) throws SQLException {
        if (entry.type().equals("SCHEMA")) {
            List<SqlStatement> statements = SqlStatement.all(entry.sql());
            boolean there = statements
                    .getFirst()
                    .nameAfter("SCHEMA")
                    .filter(schemas::contains)
                    .isPresent();
            if (there && statements.getFirst().begins("CREATE", "SCHEMA")) {
                tell(notes, "The schema " + entry.name() + " was on the target already and is used.");
                return String.join(
                        "\n",
                        statements.stream().skip(1).map(SqlStatement::text).toList());
            }
        }
        if (asksFirst(entry) && !mayComment(entry, target)) {
            tell(notes, "The comment on " + entry.name() + " stays as the target has it: it belongs to another role.");
            return "";
        }
        return entry.sql();
    }

    /// The entry's tablespace; the default one if the target does not have it.
    String tablespace(DumpEntry entry, Consumer<String> notes) {
        if (entry.tablespace().isEmpty() || tablespaces.contains(entry.tablespace())) {
            return entry.tablespace();
        }
        tell(notes, "The target has no tablespace " + entry.tablespace() + ": its tables go into the default one.");
        return "";
    }

    private void tell(Consumer<String> notes, String note) {
        if (told.add(note)) {
            notes.accept(note);
        }
    }

    private static boolean mayComment(DumpEntry entry, Connection target) throws SQLException {
        SqlStatement statement = SqlStatement.all(entry.sql()).getFirst();
        boolean schema = statement.begins("COMMENT", "ON", "SCHEMA");
        String name = statement.nameAfter(schema ? "SCHEMA" : "EXTENSION").orElseThrow();
        try (PreparedStatement query = target.prepareStatement(
                schema
                        ? "select pg_catalog.pg_has_role(nspowner, 'USAGE') from pg_catalog.pg_namespace where nspname = ?"
                        : "select pg_catalog.pg_has_role(extowner, 'USAGE') from pg_catalog.pg_extension where extname = ?")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static int lockBudget(Connection target) throws SQLException {
        try (PreparedStatement query = target.prepareStatement("""
                        select current_setting('max_locks_per_transaction')::bigint
                             * (current_setting('max_connections')::bigint
                                + current_setting('max_prepared_transactions')::bigint) / 2
                        """);
                ResultSet row = query.executeQuery()) {
            row.next();
            return (int) Math.min(Integer.MAX_VALUE, row.getLong(1));
        }
    }

    private static Set<String> names(Connection connection, String sql) throws SQLException {
        var names = new HashSet<String>();
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }
}

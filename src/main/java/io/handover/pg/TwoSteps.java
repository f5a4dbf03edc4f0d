package io.handover.pg;

import io.handover.model.TableRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A constraint made in two steps, so that the long one of them keeps nobody else from the table: a key from a unique
/// index that was built before, a foreign key that is added unchecked and checked then. Both end as what the dump's
/// own statement makes.
///
/// @param table  whose constraint it is
/// @param name   the constraint's
/// @param first  the entry with the first step's statement; harmless if it is done already
/// @param second the entry with the second step's and whatever else the dump's has
public record TwoSteps(TableRef table, String name, DumpEntry first, DumpEntry second) {

    private static final String IDENTIFIER = "(?:\"(?:[^\"]|\"\")+\"|[a-z_][a-z0-9_$]*)";
    private static final String COLUMNS = "\\(" + IDENTIFIER + "(?:, " + IDENTIFIER + ")*\\)";
    private static final String BEGIN = "ALTER TABLE ONLY (?<table>" + IDENTIFIER + "\\." + IDENTIFIER
            + ")\\s+ADD CONSTRAINT (?<name>" + IDENTIFIER + ") ";

    /// Whatever is not exactly of this form is left to the dump's own statement.
    private static final Pattern KEY =
            Pattern.compile(BEGIN + "(?<kind>PRIMARY KEY|UNIQUE)(?<nulls> NULLS NOT DISTINCT)?"
                    + " (?<columns>" + COLUMNS + ")(?<include> INCLUDE " + COLUMNS + ")?(?<with> WITH \\([^()]*\\))?"
                    + "(?<defer>(?: DEFERRABLE)?(?: INITIALLY DEFERRED)?);");

    private static final Pattern FOREIGN_KEY = Pattern.compile(BEGIN + "FOREIGN KEY (?<rest>.*);", Pattern.DOTALL);

    /// Takes `entry` apart.
    ///
    /// @param plain tables of the target that are neither partitioned nor foreign: others cannot have it so
    /// @return empty if it must be made in one
    public static Optional<TwoSteps> of(DumpEntry entry, Set<TableRef> plain) {
        return switch (entry.type()) {
            case "CONSTRAINT" -> steps(entry, plain, KEY).map(TwoSteps::fromIndex);
            case "FK CONSTRAINT" -> steps(entry, plain, FOREIGN_KEY).flatMap(TwoSteps::checkedLater);
            default -> Optional.empty();
        };
    }

    /// Both steps in one, for a key of a table so small that neither is in anybody's way.
    public DumpEntry both() {
        return second.as(first.sql() + "\n" + second.sql());
    }

    /// The names of the foreign keys that tables of the target have, whether checked or not.
    public static Map<TableRef, Set<String>> foreignKeys(Connection target) throws SQLException {
        var names = new HashMap<TableRef, Set<String>>();
        try (PreparedStatement query = target.prepareStatement("""
                        select n.nspname, c.relname, k.conname
                          from pg_catalog.pg_constraint k
                          join pg_catalog.pg_class c on c.oid = k.conrelid
                          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                         where k.contype = 'f'
                        """);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                names.computeIfAbsent(new TableRef(row.getString(1), row.getString(2)), _ -> new HashSet<>())
                        .add(row.getString(3));
            }
        }
        return names;
    }

    private record Read(DumpEntry entry, TableRef table, String name, Matcher parts, String others) {}

    private static Optional<Read> steps(DumpEntry entry, Set<TableRef> plain, Pattern form) {
        List<SqlStatement> statements = SqlStatement.all(entry.sql());
        SqlStatement statement = statements.getFirst();
        Matcher parts = form.matcher(statement.text());
        Optional<TableRef> table = statement.relationAfter("ALTER", "TABLE").filter(plain::contains);
        Optional<String> name = statement.nameAfter("ADD", "CONSTRAINT");
        if (table.isEmpty() || name.isEmpty() || !parts.matches()) {
            return Optional.empty();
        }
        var others = new StringBuilder();
        statements.stream().skip(1).forEach(other -> others.append('\n').append(other.text()));
        return Optional.of(new Read(entry, table.get(), name.get(), parts, others.toString()));
    }

    private static TwoSteps fromIndex(Read read) {
        Matcher m = read.parts();
        String index = "CREATE UNIQUE INDEX IF NOT EXISTS " + m.group("name") + " ON " + m.group("table") + " "
                + m.group("columns") + text(m, "include") + text(m, "nulls") + text(m, "with") + ";";
        String constraint = "ALTER TABLE ONLY " + m.group("table") + " ADD CONSTRAINT " + m.group("name") + " "
                + m.group("kind") + " USING INDEX " + m.group("name") + text(m, "defer") + ";" + read.others();
        return made(read, index, constraint);
    }

    private static Optional<TwoSteps> checkedLater(Read read) {
        Matcher m = read.parts();
        String rest = m.group("rest");
        if (rest.endsWith(" NOT VALID")
                || rest.endsWith(" NOT ENFORCED")
                || !read.others().isEmpty()) {
            return Optional.empty(); // nobody has checked it on the source either
        }
        String all = read.entry().sql().strip();
        return Optional.of(made(
                read,
                all.substring(0, all.length() - 1) + " NOT VALID;",
                "ALTER TABLE ONLY " + m.group("table") + " VALIDATE CONSTRAINT " + m.group("name") + ";"));
    }

    private static TwoSteps made(Read read, String first, String second) {
        DumpEntry entry = read.entry();
        return new TwoSteps(read.table(), read.name(), entry.as(first), entry.as(second));
    }

    private static String text(Matcher parts, String group) {
        String found = parts.group(group);
        return found == null ? "" : found;
    }
}

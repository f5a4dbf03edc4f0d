package io.handover.engine.step;

import io.handover.model.Problem;
import io.handover.model.Side;
import io.handover.pg.EntryFailure;
import io.handover.pg.PgDumpFailure;
import io.handover.pg.PgDumpSearch;
import io.handover.pg.SqlFailure;
import io.handover.pg.SqlNames;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/// What can go wrong with the schema, in words for people.
final class SchemaProblems {

    private static final String SOURCE_UNTOUCHED = "The source is as it was.";

    private SchemaProblems() {}

    /// No usable `pg_dump`.
    static Problem noTool(List<PgDumpSearch.Found> found, int needed) {
        return new Problem(
                "pg-dump",
                found.isEmpty()
                        ? "There is no pg_dump on this computer."
                        : "No pg_dump on this computer is new enough: the source is PostgreSQL " + needed + ".",
                "The schema cannot be read. Nothing was changed.",
                PgDumpSearch.howToInstall(needed),
                found.stream()
                        .map(tool -> tool.version() + " at " + tool.path())
                        .collect(Collectors.joining("\n")));
    }

    /// `pg_dump` failed.
    static Problem dump(PgDumpFailure e) {
        return new Problem(
                "pg-dump-failed",
                "pg_dump could not read the source's schema.",
                SOURCE_UNTOUCHED + " Nothing was made on the target.",
                "Read in the details what pg_dump says, mend the cause, then retry.",
                String.valueOf(e.getMessage()));
    }

    /// The dump cannot be read.
    static Problem unreadable(IllegalArgumentException e) {
        return new Problem(
                "dump-unreadable",
                "Handover does not understand what pg_dump wrote.",
                SOURCE_UNTOUCHED + " Nothing was made on the target.",
                "Retry; if it happens again, try another version of pg_dump and report it with the log file.",
                String.valueOf(e.getMessage()));
    }

    /// Extensions the target does not have.
    static Problem extensions(List<String> missing) {
        return new Problem(
                "extension-missing",
                "The target does not have " + (missing.size() == 1 ? "the extension " : "the extensions ")
                        + String.join(", ", missing) + ".",
                "The source uses them, so its schema cannot be made. Nothing was made on the target.",
                "Install their packages on the target's machine (at a provider: allow them in its settings), or drop"
                        + " them on the source if nothing needs them; then retry.",
                "");
    }

    /// Roles the target does not have.
    static Problem roles(List<String> missing) {
        return new Problem(
                "role-missing",
                "The target does not have " + (missing.size() == 1 ? "the role " : "the roles ")
                        + String.join(", ", missing) + ".",
                "Policies, user mappings, or the owners and grants that shall be kept name them. Nothing was made on"
                        + " the target.",
                "Create them on the target, or leave owners and grants out; then retry.",
                missing.stream()
                        .map(name -> "create role " + SqlNames.quoted(name) + ";")
                        .collect(Collectors.joining("\n")));
    }

    /// The scope tears something apart.
    static Problem scope(List<String> broken) {
        return new Problem(
                "scope-broken",
                "The tables that were left out are needed by tables that move.",
                "The schema cannot be made like that. Nothing was made on the target.",
                "Take the needed tables in, or leave the others out too; then retry.",
                String.join("\n", broken));
    }

    /// A part was made in an earlier run, and the source no longer has it like that.
    static Problem changed(int number) {
        return new Problem(
                "schema-changed",
                "The source's schema has changed since a first part of it was made on the target.",
                number + " objects on the target are as the source had them before. No rows have been copied.",
                "Discard this migration, empty the target, and begin again.",
                "");
    }

    /// The target refused an entry, or a statement of our own failed.
    static Problem of(SQLException e, Side side, String what) {
        if (!(e instanceof EntryFailure failure)) {
            if (SqlFailure.state(e).equals("42P06")) {
                return foreignSchema(side);
            }
            return Problems.of(e, side, what);
        }
        return new Problem(
                SqlFailure.state(e),
                "The target refused " + failure.entry().display() + ".",
                "What was committed before stays and is not made again; this object was not made. " + SOURCE_UNTOUCHED,
                action(e),
                SqlFailure.state(e) + " " + e.getMessage());
    }

    private static Problem foreignSchema(Side side) {
        return new Problem(
                "42P06",
                "The " + side.word() + " has a schema named handover that Handover did not make.",
                "Handover keeps its state in a schema of that name. Nothing was changed.",
                "Rename or drop that schema, then retry.",
                "");
    }

    private static String action(SQLException e) {
        if (SqlFailure.duplicateObject(e)) {
            return "Something of that name is on the target already: remove it there if nobody needs it, then retry.";
        }
        if (SqlFailure.notPermitted(e)) {
            return "Grant the target's user the right named in the details, or use a superuser; then retry.";
        }
        return switch (SqlFailure.state(e)) {
            case "23505" ->
                "Two rows of the source are equal where they must not be: its own index is damaged"
                        + " (often after a change of collation). Mend them on the source, run REINDEX there, and begin again.";
            case "23503", "23514", "23502" ->
                "Rows of the source break this constraint: mend them on the source, or"
                        + " drop the constraint there, and begin again.";
            case "53200" -> "Raise max_locks_per_transaction on the target, then retry.";
            case "53100" -> "Make room on the target's disk, then retry.";
            default -> "Read the details, mend the cause, then retry.";
        };
    }
}

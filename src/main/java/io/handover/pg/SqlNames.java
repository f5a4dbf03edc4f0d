package io.handover.pg;

import io.handover.model.TableRef;
import java.util.Collection;
import java.util.stream.Collectors;

/// Quotes what comes from a catalogue or a user, whatever it contains.
public final class SqlNames {

    private SqlNames() {}

    /// An identifier, always in double quotes: reserved words and mixed case need no list of exceptions.
    ///
    /// @throws IllegalArgumentException for an empty name or one with a NUL, which PostgreSQL cannot have
    public static String quoted(String identifier) {
        if (identifier.isEmpty() || identifier.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an identifier: '" + identifier + "'");
        }
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /// A table's name with its schema.
    public static String quoted(TableRef table) {
        return quoted(table.schema()) + "." + quoted(table.name());
    }

    /// Identifiers with commas between.
    public static String list(Collection<String> identifiers) {
        return identifiers.stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
    }

    /// A text literal. The `E''` form is used where there is a backslash, so that it is right whatever
    /// `standard_conforming_strings` says.
    public static String literal(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text cannot have a NUL");
        }
        String doubled = text.replace("'", "''");
        return text.indexOf('\\') < 0 ? "'" + doubled + "'" : " E'" + doubled.replace("\\", "\\\\") + "'";
    }

    /// Where a name ends that begins at `from` of `sql`, quoted and perhaps with its schema: `"s"."t"`.
    ///
    /// @throws IllegalArgumentException if there is none
    static int afterQuoted(String sql, int from) {
        int at = from;
        while (at < sql.length() && sql.charAt(at) == '"') {
            at = sql.indexOf('"', at + 1) + 1;
            while (at > 0 && at < sql.length() && sql.charAt(at) == '"') { // doubled, it is a part of the name
                at = sql.indexOf('"', at + 1) + 1;
            }
            if (at <= 0) {
                break;
            }
            if (at == sql.length() || sql.charAt(at) != '.') {
                return at;
            }
            at++;
        }
        throw new IllegalArgumentException("no quoted name in " + sql);
    }
}

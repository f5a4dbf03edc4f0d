package io.handover.pg;

import java.util.EnumSet;
import java.util.Set;

/// What has to be known of a column in order to compare its values.
///
/// @param name      its name
/// @param type      `format_type`, with the schema and the length where it has them
/// @param kind      how its text behaves
/// @param hash      how its values can be hashed without their text
/// @param nullable  not declared NOT NULL
/// @param generated computed by the server, hence not in the stream
/// @param builtIn   of a type PostgreSQL itself brings, or an enum: its `=` is found with an empty
///                  search path
/// @param warning   why its text may differ between versions although the value does not; empty
///                  otherwise
public record ColumnShape(
        String name,
        String type,
        Kind kind,
        TypedHash hash,
        boolean nullable,
        boolean generated,
        boolean builtIn,
        String warning) {

    /// How a type's text behaves.
    public enum Kind {
        /// Never has a unit separator or a backslash in it: numbers, times, UUIDs, addresses.
        PLAIN,
        /// Likewise: a floating-point number, both servers of which write it in the shortest way that is exact.
        FLOAT,
        /// A floating-point number of a server before 12, which writes more digits than later ones.
        OLD_FLOAT,
        /// What is made of such numbers there: points and other figures, arrays, ranges of one's own.
        OLD_FLOATS,
        /// Has a backslash, but no separator.
        BYTES,
        /// May have anything in it; `octet_length` knows its length without reading it.
        TEXT,
        /// May have anything in it.
        OTHER
    }

    /// The column of a table with the alias `t`.
    String sql() {
        return "t." + SqlNames.quoted(name);
    }

    /// True for a row in which it is not NULL. `is not null` will not do: it is false for a composite
    /// value whose fields are NULL.
    String isThere() {
        return "(" + sql() + " is distinct from null)";
    }

    /// The value in bytes, where its text will not do: what `_send` of its type gives, behind the length.
    ///
    /// As the only field of a row, because not every such function can be called by its name; the first 8 bytes are
    /// the number of fields and the type's OID, which another server may not share.
    String bytes() {
        return kind == Kind.OLD_FLOAT
                ? "float8send(" + sql() + "::float8)"
                : "substring(record_send(row(" + sql() + ")) from 9)";
    }

    private static Kind joined(Kind one, Kind other) {
        Set<Kind> both = EnumSet.of(one, other);
        if (both.size() == 1) {
            return one;
        }
        if (both.equals(EnumSet.of(Kind.FLOAT, Kind.OLD_FLOAT))) {
            return Kind.OLD_FLOAT;
        }
        return both.equals(EnumSet.of(Kind.OTHER, Kind.OLD_FLOATS)) ? Kind.OLD_FLOATS : Kind.OTHER;
    }

    /// The column as it has to be treated when it is `this` on one server and `other` on the other.
    ColumnShape and(ColumnShape other) {
        return new ColumnShape(
                name,
                type,
                joined(kind, other.kind),
                hash == other.hash ? hash : TypedHash.NONE,
                nullable || other.nullable,
                generated || other.generated,
                builtIn && other.builtIn,
                warning.isEmpty() ? other.warning : warning);
    }
}

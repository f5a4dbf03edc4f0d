package io.handover.pg;

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
        /// Likewise, but its text differs between servers before 12 and later ones.
        FLOAT,
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

    /// The column as it has to be treated when it is `this` on one server and `other` on the other.
    ColumnShape and(ColumnShape other) {
        return new ColumnShape(
                name,
                type,
                kind == other.kind ? kind : Kind.OTHER,
                hash == other.hash ? hash : TypedHash.NONE,
                nullable || other.nullable,
                generated || other.generated,
                builtIn && other.builtIn,
                warning.isEmpty() ? other.warning : warning);
    }
}

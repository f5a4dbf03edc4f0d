package io.handover.model;

import java.util.Comparator;

/// A table's name as the catalogue has it, unquoted. Quoting for SQL is `pg.SqlNames`' work.
///
/// @param schema `pg_namespace.nspname`
/// @param name   `pg_class.relname`
public record TableRef(String schema, String name) implements Comparable<TableRef> {

    private static final Comparator<TableRef> ORDER =
            Comparator.comparing(TableRef::schema).thenComparing(TableRef::name);

    /// Refuses empty names: PostgreSQL has none.
    public TableRef {
        if (schema.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("a table needs a schema and a name");
        }
    }

    /// `schema.name` for people; not for SQL.
    public String display() {
        return schema + "." + name;
    }

    @Override
    public int compareTo(TableRef other) {
        return ORDER.compare(this, other);
    }
}

package io.handover.model;

import java.util.Comparator;
import java.util.stream.Collectors;

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

    /// `schema.name` for people, in one line; not for SQL. What would break the line, turn it round or
    /// steer a terminal is escaped: whoever may make a table could write anything into it.
    public String display() {
        String whole = schema + "." + name;
        return whole.codePoints().noneMatch(TableRef::steers)
                ? whole
                : whole.codePoints()
                        .mapToObj(c -> steers(c) ? escaped(c) : Character.toString(c))
                        .collect(Collectors.joining());
    }

    private static boolean steers(int c) {
        boolean direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || direction;
    }

    private static String escaped(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> "\\u%04x".formatted(c);
        };
    }

    @Override
    public int compareTo(TableRef other) {
        return ORDER.compare(this, other);
    }
}

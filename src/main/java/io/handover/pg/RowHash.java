package io.handover.pg;

import java.util.ArrayList;
import java.util.List;

/// The SQL of a row's hash, 64 bits over some of its columns.
///
/// Columns that have a `TypedHash` are chained: the hash of one is the seed of the next, so that their
/// order counts, and what stands where. The text of the others together, if there are any, is the seed
/// of the first.
///
/// That text has the values with a unit separator between, then for each value that could be mistaken
/// how long it is (-1 for NULL), or whether it is there. Read from its end, it can come from one row
/// only: not even a value with separators in it can feign another row.
final class RowHash {

    /// A chain is an expression as deep as it is long; PostgreSQL reads only so deep.
    private static final int LONGEST = 64;

    private final List<ColumnShape> columns;
    private final TableDigest.Dialect dialect;

    RowHash(List<ColumnShape> columns, TableDigest.Dialect dialect) {
        this.columns = columns;
        this.dialect = dialect;
    }

    /// The hash; never NULL.
    ///
    /// @param seed another one gives an independent hash
    String sql(int seed) {
        if (!dialect.sameHashes()) {
            return dialect.hash(Concat.sql(texts(columns)), seed);
        }
        String hash = chained(seed, false);
        // A column may have NULLs although the catalogue says NOT NULL, if somebody has written it there by hand. A
        // row must not drop out of the sum for that.
        return columns.stream().allMatch(ColumnShape::nullable)
                ? hash
                : "coalesce(" + hash + ", " + chained(seed, true) + ")";
    }

    private String chained(int seed, boolean anyNull) {
        List<ColumnShape> typed =
                columns.stream().filter(c -> c.hash() != TypedHash.NONE).toList();
        List<String> parts =
                texts(columns.stream().filter(c -> c.hash() == TypedHash.NONE).toList());
        int from = 0;
        while (typed.size() - from > LONGEST) {
            parts.add(chain(typed.subList(from, from + LONGEST), "0::int8", anyNull));
            from += LONGEST;
        }
        String first = parts.isEmpty() ? seed + "::int8" : dialect.hash(Concat.sql(parts), seed);
        return chain(typed.subList(from, typed.size()), first, anyNull);
    }

    private static String chain(List<ColumnShape> typed, String seed, boolean anyNull) {
        String hash = seed;
        for (ColumnShape column : typed) {
            hash = column.hash().sql(column.sql(), column.nullable() || anyNull, hash);
        }
        return hash;
    }

    private List<String> texts(List<ColumnShape> of) {
        var parts = new ArrayList<String>();
        for (ColumnShape column : of) {
            parts.add(
                    switch (column.kind()) {
                        case PLAIN, FLOAT, BYTES, TEXT -> column.sql();
                        case OLD_FLOAT -> column.bytes();
                        case OLD_FLOATS ->
                            "case when " + column.isThere() + " then "
                                    + dialect.hash("concat(" + column.bytes() + ")", 0) + " end";
                        case OTHER ->
                            "case when " + column.isThere() + " then " + dialect.hash("concat(" + column.sql() + ")", 0)
                                    + " end";
                    });
        }
        for (ColumnShape column : of) {
            if (column.kind() == ColumnShape.Kind.TEXT) {
                parts.add("coalesce(" + dialect.length(column.sql()) + ", -1)");
            } else if (column.nullable()) {
                parts.add(column.isThere());
            }
        }
        return parts;
    }
}

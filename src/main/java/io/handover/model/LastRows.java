package io.handover.model;

import java.util.List;

/// The last rows of one table, side by side.
///
/// @param table   its name
/// @param orderedBy the columns they are ordered by, newest first; empty if there was nothing to order by
/// @param columns all columns, in order
/// @param source  rows of the source, each a list of values as text; NULL is the string `null` of `NULL_VALUE`
/// @param target  rows of the target alike
public record LastRows(
        TableRef table,
        List<String> orderedBy,
        List<String> columns,
        List<List<String>> source,
        List<List<String>> target) {

    /// How a NULL is shown, told apart from an empty text and from the text "NULL".
    public static final String NULL_VALUE = "\u2400";

    /// Copies the lists.
    public LastRows {
        orderedBy = List.copyOf(orderedBy);
        columns = List.copyOf(columns);
        source = List.copyOf(source);
        target = List.copyOf(target);
    }
}

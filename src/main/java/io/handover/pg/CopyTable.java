package io.handover.pg;

import io.handover.model.TableRef;
import java.util.List;

/// A table of the source as the copy needs it, read inside the snapshot that is copied.
///
/// @param table   its name
/// @param oid     `pg_class.oid`
/// @param columns the columns that can be written, in their order; empty for a table without any
/// @param split   along what it can be cut
/// @param bytes   with TOAST, without indexes: the work, an estimate
/// @param rows    the planner's estimate; -1 if unknown
/// @param mark    tells whether the table was rewritten later
/// @param format  how its rows travel
public record CopyTable(
        TableRef table,
        long oid,
        List<String> columns,
        CopySplit split,
        long bytes,
        long rows,
        HeapMark mark,
        CopyFormat format) {

    /// Copies the list.
    public CopyTable {
        columns = List.copyOf(columns);
    }

    /// The same table in another format.
    public CopyTable as(CopyFormat other) {
        return new CopyTable(table, oid, columns, split, bytes, rows, mark, other);
    }
}

package io.handover.pg;

import io.handover.model.TableRef;
import java.util.List;

/// What a comparison has to know of one table on one server.
///
/// @param table     its name
/// @param root      the partitioned table it belongs to, or itself
/// @param kind      what it is
/// @param unlogged  true if its changes are not in the log
/// @param extension the extension it belongs to; empty if none
/// @param bytes     heap and TOAST, of a partitioned table that of its partitions
/// @param heirs     true if other tables inherit from it without being its partitions
/// @param leaves    the partitions with rows of a partitioned table that is nobody's partition; empty otherwise
/// @param columns   all columns, in order
/// @param key       the columns that the stream identifies a row by; empty if it takes the whole row
public record TableShape(
        TableRef table,
        TableRef root,
        Kind kind,
        boolean unlogged,
        String extension,
        long bytes,
        boolean heirs,
        List<TableRef> leaves,
        List<ColumnShape> columns,
        List<String> key) {

    /// Copies the lists.
    public TableShape {
        leaves = List.copyOf(leaves);
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /// The same with these partitions.
    TableShape over(List<TableShape> partitions) {
        return new TableShape(
                table,
                root,
                kind,
                unlogged,
                extension,
                partitions.stream().mapToLong(TableShape::bytes).sum(),
                heirs,
                partitions.stream().map(TableShape::table).toList(),
                columns,
                key);
    }

    /// What stores rows, or seems to.
    public enum Kind {
        /// An ordinary table or a partition with rows of its own.
        TABLE,
        /// Has its rows in its partitions.
        PARTITIONED,
        /// A query's stored result.
        MATERIALIZED_VIEW,
        /// Another server's rows.
        FOREIGN
    }
}

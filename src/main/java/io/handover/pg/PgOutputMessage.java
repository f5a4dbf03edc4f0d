package io.handover.pg;

import io.handover.model.Lsn;
import io.handover.model.TableRef;
import java.util.List;
import java.util.Optional;

/// One message of PostgreSQL's logical replication, protocol version 1.
public sealed interface PgOutputMessage {

    /// A transaction's changes follow.
    ///
    /// @param commit where its commit record begins
    record Begin(Lsn commit) implements PgOutputMessage {}

    /// Tells what a table looks like, before the first change of it.
    ///
    /// @param id      the number by which changes name it
    /// @param table   its name; the partitioned table's if the publication says so
    /// @param columns published columns, in order
    record Relation(int id, TableRef table, List<Column> columns) implements PgOutputMessage {
        /// Copies the list.
        public Relation {
            columns = List.copyOf(columns);
        }
    }

    /// A row came.
    record Insert(int relation, Tuple row) implements PgOutputMessage {}

    /// A row changed.
    ///
    /// @param old its identity before, if that changed or is the whole row
    record Update(int relation, Optional<Old> old, Tuple row) implements PgOutputMessage {}

    /// A row went.
    record Delete(int relation, Old old) implements PgOutputMessage {}

    /// All rows of these tables went.
    record Truncate(List<Integer> relations) implements PgOutputMessage {
        /// Copies the list.
        public Truncate {
            relations = List.copyOf(relations);
        }
    }

    /// Anything that tells of no row: commit, origin, type.
    record Other(char type) implements PgOutputMessage {}

    /// A published column.
    ///
    /// @param identity part of the replica identity
    record Column(String name, boolean identity) {}

    /// A row as it was.
    ///
    /// @param wholeRow false if only the columns of the replica identity have their values
    record Old(boolean wholeRow, Tuple tuple) {}

    /// A row's values in the order of its relation's columns.
    record Tuple(List<Cell> cells) {
        /// Copies the list.
        public Tuple {
            cells = List.copyOf(cells);
        }
    }

    /// One value.
    sealed interface Cell {
        /// NULL.
        record Null() implements Cell {}

        /// Stored out of line and not changed, therefore not sent.
        record Unchanged() implements Cell {}

        /// What the type's output function writes.
        record Text(String value) implements Cell {}
    }
}

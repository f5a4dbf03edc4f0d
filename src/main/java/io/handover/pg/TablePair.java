package io.handover.pg;

import io.handover.model.TableRef;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One table on both servers, described so that both are asked the very same question.
///
/// @param table   its name
/// @param root    the partitioned table it belongs to, or itself
/// @param bytes   its size on the owner
/// @param columns all columns in the owner's order, each treated as both servers' versions of it need
/// @param key     the columns that identify a row; without a key those of the row that are not generated
/// @param keyed   false without a key: then equal rows are counted
/// @param spread  true if it is partitioned on a side at least: then it is read with its partitions
/// @param leaves  the owner's partitions if it is `spread`: changes may be told as theirs
public record TablePair(
        TableRef table,
        TableRef root,
        long bytes,
        List<ColumnShape> columns,
        List<ColumnShape> key,
        boolean keyed,
        boolean spread,
        List<TableRef> leaves) {

    /// Copies the lists.
    public TablePair {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        leaves = List.copyOf(leaves);
    }

    /// Joins what both servers have.
    ///
    /// @throws Mismatch if the tables do not have the same columns: then equal rows cannot be told
    public static TablePair of(TableShape owner, TableShape follower) throws Mismatch {
        boolean spread = owner.kind() == TableShape.Kind.PARTITIONED || follower.kind() == TableShape.Kind.PARTITIONED;
        if (spread && (owner.heirs() || follower.heirs())) {
            throw new Mismatch("it is partitioned on one side, and on the other tables inherit from it");
        }
        var there = follower.columns().stream().collect(Collectors.toMap(ColumnShape::name, Function.identity()));
        var columns = new ArrayList<ColumnShape>();
        for (ColumnShape here : owner.columns()) {
            ColumnShape other = there.remove(here.name());
            if (other == null) {
                throw new Mismatch("column " + here.name() + " is missing on the follower");
            }
            columns.add(here.and(other));
        }
        if (!there.isEmpty()) {
            throw new Mismatch("the follower has columns the owner does not have: "
                    + there.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        boolean keyed = !owner.key().isEmpty();
        var byName = columns.stream().collect(Collectors.toMap(ColumnShape::name, Function.identity()));
        List<ColumnShape> key = keyed
                ? owner.key().stream().map(byName::get).toList()
                : columns.stream().filter(c -> !c.generated()).toList();
        return new TablePair(owner.table(), owner.root(), owner.bytes(), columns, key, keyed, spread, owner.leaves());
    }

    /// True if `other` asks both servers the same; sizes may differ.
    public boolean sameLayout(TablePair other) {
        return columns.equals(other.columns)
                && key.equals(other.key)
                && keyed == other.keyed
                && spread == other.spread
                && leaves.equals(other.leaves);
    }

    /// The table for a `FROM`, `DELETE` or `LOCK`: without the tables that merely inherit from it.
    String quoted() {
        return (spread ? "" : "only ") + SqlNames.quoted(table);
    }

    /// True if rows can be looked up by the key's columns with PostgreSQL's own `=`, that is by its index.
    boolean keyIsIndexable() {
        return keyed
                && key.stream()
                        .allMatch(c -> c.builtIn()
                                && c.kind() != ColumnShape.Kind.OLD_FLOAT
                                && c.kind() != ColumnShape.Kind.OLD_FLOATS);
    }

    /// Why a difference in this table may be a false one; empty if it cannot.
    public String warning() {
        return columns.stream()
                .filter(c -> !c.warning().isEmpty())
                .map(c -> c.name() + ": " + c.warning())
                .collect(Collectors.joining("; "));
    }

    /// Two tables that cannot be compared.
    public static final class Mismatch extends Exception {
        private static final long serialVersionUID = 1L;

        /// Says why.
        Mismatch(String why) {
            super(why);
        }
    }
}

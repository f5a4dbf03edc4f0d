package io.handover.ui.snapshot;

import io.handover.model.ReplicaIdentity;
import io.handover.model.TableInfo;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Label;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.Tooltip;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeTableCell;
import javafx.scene.control.TreeTableColumn;
import javafx.scene.control.TreeTableView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

/// Schemas and tables with a box each. Only the rows that are seen have cells.
final class ScopeTree {

    private static final double ROW = 30;
    /// As wide as there is room; much more and the widths no longer add up.
    private static final double WIDE = 5000;
    /// So many rows are shown open at once; more schemas begin closed.
    private static final int OPEN = 60;

    private final Texts texts;
    private final TreeTableView<ScopeNode> tree = new TreeTableView<>();
    private final Label nothing = new Label();

    ScopeTree(Texts texts, SnapshotViewModel model) {
        this.texts = texts;
        tree.setId("snapshot-tree");
        tree.getStyleClass().add("dense");
        tree.setShowRoot(false);
        tree.setFixedCellSize(ROW);
        tree.setAccessibleText(texts.get("snapshot.tree"));
        tree.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        tree.setColumnResizePolicy(TreeTableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        nothing.setWrapText(true);
        nothing.getStyleClass().add("table-nothing");
        tree.setPlaceholder(nothing);
        var name = column(texts.get("table.name"), 280, Comparator.comparing(ScopeNode::name, String::compareTo));
        name.setMinWidth(130);
        name.setMaxWidth(WIDE);
        name.setCellFactory(_ -> new ScopeCheckCell(texts, model.draft().scope(), model::set));
        var size = numbers(
                "snapshot.tree.size",
                82,
                Comparator.comparingLong(ScopeTree::bytes),
                node -> Format.bytes((double) bytes(node)));
        var rows = numbers(
                "snapshot.tree.rows", 120, Comparator.comparingLong(node -> rows(node.tables())), this::rowsText);
        tree.getColumns().addAll(List.of(name, size, rows, identity()));
        tree.addEventFilter(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.SPACE && !e.isControlDown()) {
                e.consume();
                toggle(model::set, model);
            }
        });
    }

    TreeTableView<ScopeNode> view() {
        return tree;
    }

    /// Shows `schemas`, the open ones open again.
    ///
    /// @param empty what to say if there are none
    void show(List<ScopeNode> schemas, String empty, boolean found) {
        nothing.setText(empty);
        var root = new TreeItem<ScopeNode>();
        root.setExpanded(true);
        boolean open =
                found || schemas.stream().mapToInt(s -> s.tables().size()).sum() <= OPEN || schemas.size() == 1;
        root.getChildren().setAll(schemas.stream().map(node -> item(node, open)).toList());
        tree.setRoot(root);
        tree.sort();
    }

    private static TreeItem<ScopeNode> item(ScopeNode node, boolean open) {
        var item = new TreeItem<>(node);
        item.getChildren()
                .setAll(node.children().stream()
                        .map(child -> item(child, false))
                        .toList());
        item.setExpanded(open);
        return item;
    }

    /// The tables of the selected rows, each once.
    List<TableInfo> selected() {
        return tree.getSelectionModel().getSelectedItems().stream()
                .flatMap(item -> item.getValue().tables().stream())
                .distinct()
                .toList();
    }

    /// The box of the first selected row decides for all of them.
    private void toggle(BiConsumer<ScopeNode, Boolean> set, SnapshotViewModel model) {
        var chosen = List.copyOf(tree.getSelectionModel().getSelectedItems());
        if (chosen.isEmpty()) {
            return;
        }
        boolean in = !Share.of(
                        chosen.getFirst().getValue().tables(),
                        model.draft().scope().get())
                .all();
        chosen.forEach(item -> set.accept(item.getValue(), in));
    }

    private TreeTableColumn<ScopeNode, ScopeNode> identity() {
        var column = column(
                texts.get("snapshot.tree.identity"),
                168,
                Comparator.comparing(node -> node.tables().getFirst().identity()));
        column.setMinWidth(118);
        column.setCellFactory(_ -> new Cell() {
            @Override
            void fill(ScopeNode node) {
                if (node.kind() == ScopeNode.Kind.TABLE) {
                    identity(this, node.tables().getFirst());
                } else {
                    summary(this, node);
                }
            }
        });
        return column;
    }

    private void identity(Cell cell, TableInfo table) {
        String words = texts.of("snapshot.identity", table.identity());
        cell.setText(table.unlogged() ? texts.get("snapshot.tree.unlogged", words) : words);
        if (table.unlogged()) {
            cell.setTooltip(new Tooltip(texts.get("snapshot.tree.unlogged.why")));
        }
        if (table.identity() == ReplicaIdentity.NONE) {
            warn(cell, texts.get("snapshot.tree.none.why"));
        }
    }

    private void summary(Cell cell, ScopeNode node) {
        long none = node.tables().stream()
                .filter(table -> table.identity() == ReplicaIdentity.NONE)
                .count();
        if (none > 0) {
            cell.setText(texts.get("snapshot.tree.noneOf", Format.count(none)));
            warn(cell, texts.get("snapshot.tree.none.why"));
        }
    }

    private static void warn(Cell cell, String why) {
        cell.setGraphic(Tone.WARN.picture());
        cell.setTooltip(new Tooltip(why));
        Tone.WARN.paint(cell);
    }

    private String rowsText(ScopeNode node) {
        long known = node.tables().stream().filter(t -> t.rows() >= 0).count();
        if (known == 0) {
            return Format.UNKNOWN;
        }
        String sum = "≈ " + Format.count(rows(node.tables()));
        return known == node.tables().size() ? sum : sum + " +";
    }

    private static long bytes(ScopeNode node) {
        return node.tables().stream().mapToLong(TableInfo::bytes).sum();
    }

    private static long rows(List<TableInfo> tables) {
        return tables.stream().mapToLong(table -> Math.max(0, table.rows())).sum();
    }

    private TreeTableColumn<ScopeNode, ScopeNode> numbers(
            String key,
            double width,
            Comparator<ScopeNode> order,
            java.util.function.Function<ScopeNode, String> text) {
        var column = column(texts.get(key), width, order);
        column.getStyleClass().add("number-column");
        column.setCellFactory(_ -> new Cell() {
            @Override
            void fill(ScopeNode node) {
                setText(text.apply(node));
            }
        });
        return column;
    }

    private static TreeTableColumn<ScopeNode, ScopeNode> column(
            String name, double width, Comparator<ScopeNode> order) {
        var column = new TreeTableColumn<ScopeNode, ScopeNode>(name);
        column.setCellValueFactory(
                data -> new ReadOnlyObjectWrapper<>(data.getValue().getValue()));
        column.setComparator(order);
        column.setPrefWidth(width);
        column.setMinWidth(width * 0.95);
        column.setMaxWidth(width * 1.4);
        return column;
    }

    private abstract static class Cell extends TreeTableCell<ScopeNode, ScopeNode> {

        abstract void fill(ScopeNode node);

        @Override
        protected void updateItem(ScopeNode node, boolean empty) {
            super.updateItem(node, empty);
            setText(null);
            setGraphic(null);
            setTooltip(null);
            Tone.PLAIN.paint(this);
            if (!empty && node != null) {
                fill(node);
            }
        }
    }
}

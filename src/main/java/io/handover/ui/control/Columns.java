package io.handover.ui.control;

import java.util.Comparator;
import java.util.function.BiConsumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;

/// Makes tables: every cell shows immutable rows, numbers stand right and sort as numbers, and a text that is too
/// long has itself as a tooltip.
public final class Columns {

    private Columns() {}

    /// A table that fills its width; `empty` is what it says without rows.
    public static <R> TableView<R> table(String id, String empty) {
        var table = new TableView<R>();
        table.setId(id);
        table.getStyleClass().add("dense");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        var nothing = new Label(empty);
        nothing.setWrapText(true);
        nothing.getStyleClass().add("table-nothing");
        table.setPlaceholder(nothing);
        return table;
    }

    /// A column of texts, ordered as people expect: letters before their case.
    public static <R> TableColumn<R, R> text(String name, double width, Function<R, String> text) {
        return column(name, width, Comparator.comparing(text, String.CASE_INSENSITIVE_ORDER), (cell, row) -> {
            cell.setText(Format.oneLine(text.apply(row)));
            cell.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
            cell.setTooltip(text.apply(row).length() > 20 ? new Tooltip(text.apply(row)) : null);
        });
    }

    /// A column of numbers, shown as `text` and ordered by `order`.
    public static <R> TableColumn<R, R> number(
            String name, double width, Comparator<R> order, Function<R, String> text) {
        var column = column(name, width, order, (cell, row) -> cell.setText(text.apply(row)));
        column.getStyleClass().add("number-column");
        return column;
    }

    /// A column whose cells `fill` paints; an empty cell is cleared before.
    public static <R> TableColumn<R, R> column(
            String name, double width, Comparator<R> order, BiConsumer<TableCell<R, R>, R> fill) {
        var column = new TableColumn<R, R>(name);
        column.setCellValueFactory(data -> new ReadOnlyObjectWrapper<>(data.getValue()));
        column.setComparator(order);
        column.setPrefWidth(width);
        column.setMinWidth(Math.min(width, 60));
        column.setCellFactory(_ -> new Filled<>(fill));
        return column;
    }

    private static final class Filled<R> extends TableCell<R, R> {
        private final BiConsumer<TableCell<R, R>, R> fill;

        Filled(BiConsumer<TableCell<R, R>, R> fill) {
            this.fill = fill;
        }

        @Override
        protected void updateItem(R row, boolean empty) {
            super.updateItem(row, empty);
            setGraphic(null);
            setText(null);
            setTooltip(null);
            Tone.PLAIN.paint(this);
            if (!empty && row != null) {
                fill.accept(this, row);
            }
        }
    }
}

package io.handover.ui.replicate;

import io.handover.model.CountsView;
import io.handover.model.TableCounts;
import io.handover.ui.control.Columns;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.collections.transformation.SortedList;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;

/// Rows on both sides, table by table.
final class CountsTable {

    private final Texts texts;
    private final ObservableList<TableCounts> all = FXCollections.observableArrayList();
    private final FilteredList<TableCounts> some = new FilteredList<>(all);
    private final TextField filter = new TextField();
    private final CheckBox onlyDifferences;
    private final TableView<TableCounts> table;

    CountsTable(Texts texts) {
        this.texts = texts;
        filter.setId("counts-filter");
        filter.setPromptText(texts.get("table.filter"));
        filter.setAccessibleText(texts.get("table.filter"));
        filter.setPrefColumnCount(14);
        onlyDifferences = new CheckBox(texts.get("replicate.counts.only"));
        onlyDifferences.setId("counts-only-differences");
        onlyDifferences.setMinWidth(CheckBox.USE_PREF_SIZE);
        filter.textProperty().subscribe(this::choose);
        onlyDifferences.selectedProperty().subscribe(this::choose);
        table = Columns.table("counts", "");
        table.getColumns()
                .addAll(List.of(
                        Columns.text(
                                texts.get("table.name"),
                                240,
                                (TableCounts row) -> row.table().display()),
                        rows("side.source", TableCounts::source),
                        rows("side.target", TableCounts::target),
                        difference()));
        var sorted = new SortedList<>(some);
        sorted.comparatorProperty().bind(table.comparatorProperty());
        table.setItems(sorted);
        sayWhyEmpty();
    }

    TableView<TableCounts> table() {
        return table;
    }

    TextField filter() {
        return filter;
    }

    CheckBox onlyDifferences() {
        return onlyDifferences;
    }

    void show(CountsView view) {
        // Most counts bring nothing new; then 10,000 rows need not be sorted again.
        if (!all.equals(view.tables())) {
            all.setAll(view.tables());
            sayWhyEmpty();
        }
    }

    /// Nothing counted is not the same as nothing found.
    private void sayWhyEmpty() {
        if (table.getPlaceholder() instanceof Label nothing) {
            nothing.setText(texts.get(all.isEmpty() ? "replicate.counts.none" : "replicate.counts.empty"));
        }
    }

    private void choose() {
        String wanted = filter.getText().strip().toLowerCase(Locale.ROOT);
        boolean only = onlyDifferences.isSelected();
        some.setPredicate(row -> row.table().display().toLowerCase(Locale.ROOT).contains(wanted)
                && (!only || row.difference().orElse(1) != 0));
    }

    private TableColumn<TableCounts, TableCounts> rows(String key, Function<TableCounts, OptionalLong> side) {
        return Columns.number(
                texts.get(key),
                110,
                order(row -> side.apply(row).orElse(-1)),
                row -> (row.exact() || side.apply(row).isEmpty() ? "" : "≈ ") + Format.count(side.apply(row)));
    }

    private TableColumn<TableCounts, TableCounts> difference() {
        // By size: the biggest difference matters, whichever side has more.
        var column = Columns.column(
                texts.get("replicate.counts.difference"),
                130,
                order((TableCounts row) -> Math.abs(row.difference().orElse(Long.MAX_VALUE))),
                (cell, row) -> {
                    cell.setText(Format.signed(row.difference()));
                    if (row.difference().isPresent() && row.difference().getAsLong() == 0) {
                        cell.setGraphic(Tone.GOOD.picture());
                        Tone.GOOD.paint(cell);
                    }
                });
        column.getStyleClass().add("number-column");
        return column;
    }

    private static Comparator<TableCounts> order(ToLongFunction<TableCounts> by) {
        return Comparator.comparingLong(by);
    }
}

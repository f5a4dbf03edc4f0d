package io.handover.ui.verify;

import io.handover.model.TableRef;
import io.handover.model.TableVerdict;
import io.handover.model.VerifyReport;
import io.handover.ui.control.Columns;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToLongFunction;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.collections.transformation.SortedList;
import javafx.scene.control.CheckBox;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;

/// The verdict on every table.
final class VerdictTable {

    private static final Set<TableVerdict.Verdict> FINE =
            EnumSet.of(TableVerdict.Verdict.EQUAL, TableVerdict.Verdict.PENDING, TableVerdict.Verdict.RUNNING);

    private final Texts texts;
    private final VerifyWords words;
    private final ObservableList<TableVerdict> all = FXCollections.observableArrayList();
    private final FilteredList<TableVerdict> some = new FilteredList<>(all);
    private final TextField filter = new TextField();
    private final CheckBox onlyNoteworthy;
    private final TableView<TableVerdict> table;

    VerdictTable(Texts texts, VerifyWords words) {
        this.texts = texts;
        this.words = words;
        filter.setId("verdicts-filter");
        filter.setPromptText(texts.get("table.filter"));
        filter.setAccessibleText(texts.get("table.filter"));
        filter.setPrefColumnCount(14);
        onlyNoteworthy = new CheckBox(texts.get("verify.only"));
        onlyNoteworthy.setId("verdicts-only");
        onlyNoteworthy.setMinWidth(CheckBox.USE_PREF_SIZE);
        filter.textProperty().subscribe(this::choose);
        onlyNoteworthy.selectedProperty().subscribe(this::choose);
        table = Columns.table("verdicts", texts.get("verify.table.empty"));
        table.getColumns()
                .addAll(List.of(
                        verdict(),
                        Columns.text(
                                texts.get("table.name"), 190, row -> row.table().display()),
                        rows("side.source", TableVerdict::sourceRows),
                        rows("side.target", TableVerdict::targetRows),
                        difference(),
                        fixed(Columns.text(texts.get("verify.proved"), 104, words::proved))));
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_ALL_COLUMNS);
        var sorted = new SortedList<>(some);
        sorted.comparatorProperty().bind(table.comparatorProperty());
        table.setItems(sorted);
    }

    TableView<TableVerdict> table() {
        return table;
    }

    TextField filter() {
        return filter;
    }

    CheckBox onlyNoteworthy() {
        return onlyNoteworthy;
    }

    /// Shows the verdicts of `report`; the selected table stays selected.
    void show(Optional<VerifyReport> report) {
        var now = report.map(VerifyReport::tables).orElse(List.of());
        if (all.equals(now)) {
            return;
        }
        Optional<TableRef> selected =
                Optional.ofNullable(table.getSelectionModel().getSelectedItem()).map(TableVerdict::table);
        all.setAll(now);
        selected.ifPresent(this::select);
    }

    private void select(TableRef wanted) {
        table.getItems().stream()
                .filter(row -> row.table().equals(wanted))
                .findFirst()
                .ifPresent(table.getSelectionModel()::select);
    }

    private void choose() {
        String wanted = filter.getText().strip().toLowerCase(Locale.ROOT);
        boolean only = onlyNoteworthy.isSelected();
        some.setPredicate(row -> row.table().display().toLowerCase(Locale.ROOT).contains(wanted)
                && (!only || !FINE.contains(row.verdict())));
    }

    private TableColumn<TableVerdict, TableVerdict> verdict() {
        // Worst first when sorted.
        var column = Columns.column(
                texts.get("verify.verdict"),
                130,
                Comparator.comparing((TableVerdict row) -> VerifyWords.tone(row.verdict()))
                        .reversed(),
                (cell, row) -> {
                    var tone = VerifyWords.tone(row.verdict());
                    cell.setText(words.verdict(row));
                    cell.setGraphic(tone.picture());
                    tone.paint(cell);
                });
        return fixed(column);
    }

    private TableColumn<TableVerdict, TableVerdict> rows(String key, ToLongFunction<TableVerdict> count) {
        // counts are compared by eye: never cut, whatever happens to the names
        return fixed(Columns.number(
                texts.get(key), 98, Comparator.comparingLong(count), row -> Format.count(count.applyAsLong(row))));
    }

    /// Room to spare belongs to the names.
    private static TableColumn<TableVerdict, TableVerdict> fixed(TableColumn<TableVerdict, TableVerdict> column) {
        column.setMinWidth(column.getPrefWidth());
        column.setMaxWidth(column.getPrefWidth() * 1.2);
        return column;
    }

    private TableColumn<TableVerdict, TableVerdict> difference() {
        return fixed(Columns.number(
                texts.get("verify.difference"),
                90,
                Comparator.comparingLong(row -> Math.abs(difference(row).orElse(-1))),
                row -> Format.signed(difference(row))));
    }

    private static OptionalLong difference(TableVerdict row) {
        return row.sourceRows() < 0 || row.targetRows() < 0
                ? OptionalLong.empty()
                : OptionalLong.of(row.targetRows() - row.sourceRows());
    }
}

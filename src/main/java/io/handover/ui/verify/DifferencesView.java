package io.handover.ui.verify;

import io.handover.model.RowDifference;
import io.handover.model.Side;
import io.handover.model.TableVerdict;
import io.handover.ui.control.Columns;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// The rows of one table that differ, and the columns in which the chosen one does.
final class DifferencesView extends VBox {

    private final Texts texts;
    private final VerifyWords words;
    private final TableView<RowDifference> rows;
    private final TableView<RowDifference.ColumnDifference> columns;
    private final RepairPart repair;
    private final Label more = new Label();
    private final Label nothing = new Label();
    private Side owner = Side.SOURCE;

    DifferencesView(VerifyViewModel model, Texts texts) {
        this.texts = texts;
        this.words = model.words();
        repair = new RepairPart(model, texts);
        rows = Columns.table("differences", texts.get("verify.rows.empty"));
        rows.getColumns().addAll(List.of(kind(), Columns.text(texts.get("verify.key"), 150, RowDifference::key)));
        columns = Columns.table("difference-columns", "");
        columns.setPlaceholder(nothing);
        nothing.getStyleClass().add("table-nothing");
        nothing.setWrapText(true);
        columns.getColumns()
                .addAll(List.of(
                        Columns.text(texts.get("verify.column"), 110, RowDifference.ColumnDifference::column),
                        value("side.source", true),
                        value("side.target", false)));
        more.setId("differences-more");
        more.getStyleClass().addAll("quiet", "small");
        more.managedProperty().bind(more.visibleProperty());
        rows.getSelectionModel().selectedItemProperty().subscribe(this::open);
        for (TableView<?> table : List.of(rows, columns)) {
            table.setMinWidth(0);
            table.setMinHeight(90);
            table.setPrefHeight(160);
        }
        rows.setPrefWidth(290);
        columns.setPrefWidth(350);
        HBox.setHgrow(rows, Priority.SOMETIMES);
        HBox.setHgrow(columns, Priority.ALWAYS);
        var both = new HBox(rows, columns);
        both.getStyleClass().add("tools");
        VBox.setVgrow(both, Priority.ALWAYS);
        getChildren().addAll(both, more, repair);
        getStyleClass().add("tight");
    }

    void show(TableVerdict verdict, Side dataOwner) {
        owner = dataOwner;
        if (!rows.getItems().equals(verdict.first())) {
            rows.getItems().setAll(verdict.first());
            rows.getSelectionModel().selectFirst();
        }
        boolean cut = verdict.differences() > verdict.first().size();
        more.setVisible(cut);
        more.setText(texts.get(
                "verify.rows.more", Format.count(verdict.first().size()), Format.count(verdict.differences())));
        repair.show(verdict, dataOwner);
        open();
    }

    private void open() {
        RowDifference chosen = rows.getSelectionModel().getSelectedItem();
        columns.getItems().setAll(chosen == null ? List.of() : chosen.columns());
        nothing.setText(
                chosen == null
                        ? texts.get("verify.row.none")
                        : chosen.kind() == RowDifference.Kind.CHANGED
                                ? texts.get("verify.row.unknown")
                                : texts.get("verify.row.whole", words.kind(chosen, owner)));
    }

    private TableColumn<RowDifference, RowDifference> kind() {
        var column = Columns.column(
                texts.get("verify.kind"), 165, Comparator.comparing(RowDifference::kind), (cell, row) -> {
                    var tone = row.kind() == RowDifference.Kind.CHANGED ? Tone.WARN : Tone.BAD;
                    cell.setText(words.kind(row, owner));
                    cell.setGraphic(tone.picture());
                    tone.paint(cell);
                });
        column.setMinWidth(150);
        return column;
    }

    private TableColumn<RowDifference.ColumnDifference, RowDifference.ColumnDifference> value(
            String key, boolean source) {
        Function<RowDifference.ColumnDifference, String> value =
                source ? RowDifference.ColumnDifference::source : RowDifference.ColumnDifference::target;
        var column = Columns.column(
                texts.get(key), 130, Comparator.comparing(value), (cell, c) -> Values.show(cell, value.apply(c)));
        column.getStyleClass().add("mono-column");
        return column;
    }
}

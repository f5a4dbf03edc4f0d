package io.handover.ui.snapshot;

import io.handover.model.TableProgress;
import io.handover.model.TableProgress.Phase;
import io.handover.model.TableRef;
import io.handover.ui.control.Columns;
import io.handover.ui.control.Format;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.collections.transformation.SortedList;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// How far each table is; those that move now stand on top.
final class ProgressTable {

    /// From so many changes on, one big change is cheaper than many small ones.
    private static final int MANY = 100;

    private final Texts texts;
    private final ObservableList<TableProgress> all = FXCollections.observableArrayList();
    private final FilteredList<TableProgress> some = new FilteredList<>(all);
    private final TextField filter = new TextField();
    private final TableView<TableProgress> table;

    ProgressTable(Texts texts) {
        this.texts = texts;
        filter.setId("snapshot-progress-filter");
        filter.setPromptText(texts.get("table.filter"));
        filter.setAccessibleText(texts.get("table.filter"));
        filter.setPrefColumnCount(14);
        filter.textProperty().subscribe(text -> {
            String wanted = text.strip().toLowerCase(Locale.ROOT);
            some.setPredicate(
                    row -> row.table().display().toLowerCase(Locale.ROOT).contains(wanted));
        });
        table = Columns.table("snapshot-progress", texts.get("snapshot.progress.empty"));
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_NEXT_COLUMN);
        table.setFixedCellSize(30);
        table.setAccessibleText(texts.get("snapshot.progress"));
        var phase = phase();
        var name = Columns.text(
                texts.get("table.name"), 200, (TableProgress row) -> row.table().display());
        name.setMinWidth(140);
        table.getColumns()
                .addAll(List.of(
                        name,
                        phase,
                        bar(),
                        limited(Columns.number(
                                texts.get("snapshot.progress.bytes"),
                                88,
                                Comparator.comparingLong(TableProgress::copiedBytes),
                                row -> row.phase() == Phase.WAITING
                                        ? Format.UNKNOWN
                                        : Format.bytes((double) row.copiedBytes()))),
                        limited(Columns.number(
                                texts.get("snapshot.progress.rows"),
                                104,
                                Comparator.comparingLong(TableProgress::copiedRows),
                                row -> row.phase() == Phase.WAITING
                                        ? Format.UNKNOWN
                                        : Format.count(row.copiedRows())))));
        var sorted = new SortedList<>(some);
        sorted.comparatorProperty().bind(table.comparatorProperty());
        table.setItems(sorted);
        table.getSortOrder().add(phase);
    }

    TableView<TableProgress> view() {
        return table;
    }

    TextField filter() {
        return filter;
    }

    /// The row that is chosen; its value is replaced as the copy goes on, null if none is.
    ObservableValue<TableProgress> chosen() {
        return table.getSelectionModel().selectedItemProperty();
    }

    /// Puts in what has changed, so that the place the user has scrolled to and the row he has chosen stay.
    void show(List<TableProgress> now) {
        TableProgress chosen = table.getSelectionModel().getSelectedItem();
        replace(now);
        if (chosen != null) {
            choose(chosen.table());
        }
    }

    /// A row that has got another place, as one that is told to wait, takes the choice along.
    private void choose(TableRef name) {
        List<TableProgress> rows = table.getItems();
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).table().equals(name)) {
                if (!rows.get(i).equals(table.getSelectionModel().getSelectedItem())) {
                    table.getSelectionModel().clearAndSelect(i);
                }
                return;
            }
        }
    }

    private void replace(List<TableProgress> now) {
        if (!sameTables(now)) {
            all.setAll(now);
            return;
        }
        int changed = 0;
        for (int i = 0; i < now.size(); i++) {
            changed += all.get(i).equals(now.get(i)) ? 0 : 1;
        }
        if (changed > MANY) {
            all.setAll(now);
        } else if (changed > 0) {
            for (int i = 0; i < now.size(); i++) {
                if (!all.get(i).equals(now.get(i))) {
                    all.set(i, now.get(i));
                }
            }
        }
    }

    private boolean sameTables(List<TableProgress> now) {
        if (all.size() != now.size()) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            if (!all.get(i).table().equals(now.get(i).table())) {
                return false;
            }
        }
        return true;
    }

    private TableColumn<TableProgress, TableProgress> phase() {
        return limited(Columns.column(
                texts.get("snapshot.progress.phase"),
                112,
                Comparator.comparingInt((TableProgress row) -> order(row.phase())),
                (cell, row) -> {
                    cell.setText(texts.of("snapshot.phase", row.phase()));
                    cell.setGraphic(new FontIcon(icon(row.phase())));
                    tone(row.phase()).paint(cell);
                }));
    }

    private TableColumn<TableProgress, TableProgress> bar() {
        var column = new TableColumn<TableProgress, TableProgress>(texts.get("snapshot.progress.bar"));
        column.setCellValueFactory(data -> new ReadOnlyObjectWrapper<>(data.getValue()));
        column.setCellFactory(_ -> new ProgressCell());
        column.setComparator(Comparator.comparingDouble(ProgressCell::fraction));
        column.setPrefWidth(118);
        return limited(column);
    }

    /// Room to spare belongs to the names.
    private static TableColumn<TableProgress, TableProgress> limited(TableColumn<TableProgress, TableProgress> column) {
        column.setMinWidth(column.getPrefWidth() * 0.95);
        column.setMaxWidth(column.getPrefWidth() * 1.3);
        return column;
    }

    private static int order(Phase phase) {
        return switch (phase) {
            case FAILED -> 0;
            case COPYING -> 1;
            case INDEXING -> 2;
            case HELD -> 3;
            case WAITING -> 4;
            case DONE -> 5;
        };
    }

    private static Feather icon(Phase phase) {
        return switch (phase) {
            case WAITING -> Feather.CLOCK;
            case HELD -> Feather.PAUSE_CIRCLE;
            case COPYING -> Feather.ARROW_RIGHT_CIRCLE;
            case INDEXING -> Feather.LIST;
            case DONE -> Feather.CHECK_CIRCLE;
            case FAILED -> Feather.X_CIRCLE;
        };
    }

    private static Tone tone(Phase phase) {
        return switch (phase) {
            case WAITING -> Tone.PLAIN;
            case HELD -> Tone.WARN;
            case COPYING, INDEXING -> Tone.INFO;
            case DONE -> Tone.GOOD;
            case FAILED -> Tone.BAD;
        };
    }
}

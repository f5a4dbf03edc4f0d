package io.handover.ui.snapshot;

import io.handover.model.TableProgress;
import io.handover.ui.control.Format;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TableCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;

/// A bar and its number. Both are made once a cell and not once a reading.
final class ProgressCell extends TableCell<TableProgress, TableProgress> {

    /// An estimate can be passed; all is there only when the phase says so.
    private static final double NEARLY = 0.99;

    private final ProgressBar bar = new ProgressBar(0);
    private final Label percent = new Label();
    private final HBox graphic = new HBox(8, bar, percent);

    ProgressCell() {
        graphic.setAlignment(Pos.CENTER_LEFT);
        bar.setMaxWidth(Double.MAX_VALUE);
        bar.setMinWidth(30);
        bar.getStyleClass().add("table-bar");
        HBox.setHgrow(bar, Priority.ALWAYS);
        percent.getStyleClass().add("table-percent");
        percent.setMinWidth(40);
        percent.setAlignment(Pos.CENTER_RIGHT);
    }

    /// 0 to 1; -1 while the table's size is not known.
    static double fraction(TableProgress row) {
        return switch (row.phase()) {
            case WAITING -> 0;
            case INDEXING, DONE -> 1;
            case HELD, COPYING, FAILED -> {
                if (row.rows() > 0) {
                    yield Math.min(NEARLY, (double) row.copiedRows() / row.rows());
                }
                yield row.bytes() > 0 ? Math.min(NEARLY, (double) row.copiedBytes() / row.bytes()) : -1;
            }
        };
    }

    @Override
    protected void updateItem(TableProgress row, boolean empty) {
        super.updateItem(row, empty);
        if (empty || row == null) {
            setGraphic(null);
            return;
        }
        double fraction = fraction(row);
        bar.setProgress(Math.max(0, fraction));
        percent.setText(Format.percent(fraction));
        bar.setAccessibleText(row.table().display() + " " + Format.percent(fraction));
        setGraphic(graphic);
    }
}

package io.handover.ui.verify;

import io.handover.model.Side;
import io.handover.model.TableVerdict;
import io.handover.ui.control.Choice;
import io.handover.ui.control.Texts;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// One table from close by: what differs, or its newest rows.
final class TableDetail extends VBox {

    private enum View {
        DIFFERENCES,
        LAST_ROWS
    }

    private final DifferencesView differences;
    private final LastRowsView lastRows;
    private final ObjectProperty<View> view = new SimpleObjectProperty<>(View.DIFFERENCES);
    private final Label name = new Label();
    private final Label note = new Label();
    private Optional<TableVerdict> shown = Optional.empty();

    TableDetail(VerifyViewModel model, Texts texts) {
        differences = new DifferencesView(model, texts);
        lastRows = new LastRowsView(model, texts);
        setId("table-detail");
        getStyleClass().add("ho-card");
        name.setId("detail-name");
        name.getStyleClass().add("card-title");
        name.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
        name.setMinWidth(0);
        note.setId("detail-note");
        note.setWrapText(true);
        note.setMinHeight(USE_PREF_SIZE);
        note.getStyleClass().addAll("quiet", "small");
        note.managedProperty().bind(note.visibleProperty());
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        var choice = new Choice<>("detail-view", List.of(View.values()), which -> texts.of("verify.view", which), view);
        var top = new HBox(name, room, choice);
        top.setAlignment(Pos.CENTER_LEFT);
        top.getStyleClass().add("tools");
        var stack = new StackPane(differences, lastRows);
        VBox.setVgrow(stack, Priority.ALWAYS);
        getChildren().addAll(top, note, stack);
        tie(differences, View.DIFFERENCES);
        tie(lastRows, View.LAST_ROWS);
        view.addListener(_ -> fill());
        managedProperty().bind(visibleProperty());
        setVisible(false);
    }

    /// Shows `verdict`; nothing at all if it is empty.
    ///
    /// @param owner the side that was taken for the truth
    void show(Optional<TableVerdict> verdict, Side owner) {
        boolean another = !verdict.map(TableVerdict::table).equals(shown.map(TableVerdict::table));
        shown = verdict;
        setVisible(verdict.isPresent());
        verdict.ifPresent(v -> {
            name.setText(v.table().display());
            note.setText(v.note());
            note.setVisible(!v.note().isEmpty());
            differences.show(v, owner);
            if (another) {
                view.set(v.first().isEmpty() ? View.LAST_ROWS : View.DIFFERENCES);
            }
            fill();
        });
    }

    /// Rows are read from the servers only when somebody looks at them.
    private void fill() {
        if (view.get() == View.LAST_ROWS) {
            shown.ifPresent(verdict -> lastRows.show(verdict.table()));
        }
    }

    private void tie(Node part, View when) {
        part.visibleProperty().bind(view.map(when::equals));
    }
}

package io.handover.ui.cutover;

import io.handover.model.UnsentChanges;
import io.handover.model.UnsentChanges.Change;
import io.handover.ui.control.Columns;
import io.handover.ui.control.Texts;
import java.util.Locale;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// What would be lost if the source became the owner as it stands, once somebody has asked: in a sentence, and row by
/// row.
final class UnsentPart {

    private static final int HEIGHT = 220;

    private final VBox node = new VBox();

    UnsentPart(CutoverViewModel model, Texts texts) {
        var words = new Label();
        words.setId("unsent");
        words.setWrapText(true);
        words.setMinHeight(Region.USE_PREF_SIZE);
        TableView<Change> rows = Columns.table("unsent-rows", "");
        rows.getColumns()
                .add(Columns.text(
                        texts.get("cutover.unsent.table"),
                        140,
                        row -> row.table().display()));
        rows.getColumns().add(Columns.text(texts.get("cutover.unsent.change"), 90, row -> kind(texts, row)));
        rows.getColumns().add(Columns.text(texts.get("cutover.unsent.key"), 140, Change::key));
        rows.getColumns().add(Columns.text(texts.get("cutover.unsent.row"), 300, Change::values));
        limit(rows, 0, 120, 200);
        limit(rows, 1, 80, 110);
        limit(rows, 2, 100, 200); // the rest is the row's
        rows.setPrefHeight(HEIGHT);
        rows.setMinHeight(HEIGHT);
        node.getStyleClass().add("tight");
        node.getChildren().setAll(words, rows);
        model.unsent().subscribe(found -> {
            show(node, found.isPresent());
            found.ifPresent(changes -> {
                words.setText(words(texts, changes));
                rows.getItems().setAll(changes.first());
                show(rows, !changes.first().isEmpty());
            });
        });
    }

    private static void limit(TableView<Change> rows, int column, int least, int most) {
        rows.getColumns().get(column).setMinWidth(least);
        rows.getColumns().get(column).setMaxWidth(most);
    }

    Node node() {
        return node;
    }

    private static String words(Texts texts, UnsentChanges changes) {
        if (changes.none()) {
            return texts.get("cutover.unsent.none");
        }
        String tables = changes.tables().stream()
                .map(table -> texts.get(
                        "cutover.unsent.inTable",
                        table.table().display(),
                        table.inserted(),
                        table.updated(),
                        table.deleted() + table.truncated()))
                .collect(Collectors.joining("; "));
        String all = changes.tables().isEmpty()
                ? ""
                : texts.get(
                        changes.complete() ? "cutover.unsent.some" : "cutover.unsent.many", changes.count(), tables);
        return (all + " " + changes.doubt()
                        + (changes.tables().isEmpty() ? " " + texts.get("cutover.unsent.compare") : ""))
                .strip();
    }

    private static String kind(Texts texts, Change change) {
        return texts.get("cutover.unsent." + change.kind().name().toLowerCase(Locale.ROOT));
    }

    private static void show(Node part, boolean visible) {
        part.setVisible(visible);
        part.setManaged(visible);
    }
}

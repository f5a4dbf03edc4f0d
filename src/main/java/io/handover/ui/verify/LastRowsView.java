package io.handover.ui.verify;

import io.handover.model.LastRows;
import io.handover.model.TableRef;
import io.handover.ui.control.Choice;
import io.handover.ui.control.Columns;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import io.handover.ui.fx.FxFeed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The newest rows of one table, both sides beside each other, what differs marked.
final class LastRowsView extends VBox {

    private static final List<Integer> LIMITS = List.of(10, 25, 50);

    private final VerifyViewModel model;
    private final Texts texts;
    private final ObjectProperty<Integer> limit = new SimpleObjectProperty<>(LIMITS.getFirst());
    private final Label state = new Label();
    private final TableView<RowPairs.Pair> source;
    private final TableView<RowPairs.Pair> target;
    private Optional<TableRef> table = Optional.empty();
    private int turn;

    LastRowsView(VerifyViewModel model, Texts texts) {
        this.model = model;
        this.texts = texts;
        source = side("last-source", "side.source");
        target = side("last-target", "side.target");
        state.setId("last-state");
        state.getStyleClass().addAll("quiet", "small");
        state.setMinWidth(0);
        var again = new Button(texts.get("verify.last.again"), new FontIcon(Feather.REFRESH_CW));
        again.setId("last-again");
        again.getStyleClass().add("flat");
        again.setMinWidth(USE_PREF_SIZE);
        again.setOnAction(_ -> load());
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        var bar = new HBox(
                new Label(texts.get("verify.last.limit")),
                new Choice<>("last-limit", LIMITS, String::valueOf, limit),
                state,
                room,
                again);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("tools");
        var both = new HBox(titled("side.source", source), titled("side.target", target));
        both.getStyleClass().add("tools");
        VBox.setVgrow(both, Priority.ALWAYS);
        getChildren().addAll(bar, both);
        getStyleClass().add("tight");
        limit.addListener(_ -> load());
    }

    /// Shows the newest rows of `wanted`, read now.
    void show(TableRef wanted) {
        if (!table.equals(Optional.of(wanted))) {
            table = Optional.of(wanted);
            load();
        }
    }

    private void load() {
        if (table.isEmpty()) {
            return;
        }
        turn++;
        int mine = turn;
        state.setText(texts.get("verify.last.reading"));
        FxFeed.whenDone(
                model.lastRows(table.get(), limit.get()),
                rows -> {
                    // An answer that was overtaken by another table or number is of no interest any more.
                    if (mine == turn) {
                        fill(rows);
                    }
                },
                failure -> {
                    if (mine == turn) {
                        fill(new LastRows(table.get(), List.of(), List.of(), List.of(), List.of()));
                        state.setText(texts.get("verify.last.failed", model.reason(failure)));
                    }
                });
    }

    private void fill(LastRows rows) {
        var pairs = RowPairs.of(rows);
        long unequal = pairs.stream().filter(pair -> !pair.equal()).count();
        String order = rows.orderedBy().isEmpty()
                ? texts.get("verify.last.unordered")
                : texts.get("verify.last.ordered", String.join(", ", rows.orderedBy()));
        state.setText(order + " · "
                + (unequal == 0 ? texts.get("verify.last.equal") : texts.count("verify.last.unequal", unequal)));
        fill(source, rows, pairs, RowPairs.Pair::source);
        fill(target, rows, pairs, RowPairs.Pair::target);
        tie();
    }

    private void fill(
            TableView<RowPairs.Pair> view,
            LastRows rows,
            List<RowPairs.Pair> pairs,
            Function<RowPairs.Pair, Optional<List<String>>> side) {
        var columns = new ArrayList<TableColumn<RowPairs.Pair, RowPairs.Pair>>();
        for (int i = 0; i < rows.columns().size(); i++) {
            columns.add(column(rows.columns().get(i), i, side));
        }
        view.getItems().clear();
        view.getColumns().setAll(columns);
        view.getItems().setAll(pairs);
    }

    private TableColumn<RowPairs.Pair, RowPairs.Pair> column(
            String name, int index, Function<RowPairs.Pair, Optional<List<String>>> side) {
        TableColumn<RowPairs.Pair, RowPairs.Pair> column =
                Columns.column(name, 110, Comparator.comparingInt(_ -> 0), (cell, pair) -> {
                    var values = side.apply(pair);
                    if (values.isEmpty()) {
                        Values.words(cell, index == 0 ? texts.get("verify.last.missing") : "");
                        Tone.BAD.paint(cell);
                    } else {
                        Values.show(cell, values.get().get(index));
                        (pair.source().isEmpty()
                                                || pair.target().isEmpty()
                                                || pair.differing().contains(index)
                                        ? Tone.WARN
                                        : Tone.PLAIN)
                                .paint(cell);
                    }
                });
        column.setSortable(false);
        column.setReorderable(false);
        column.getStyleClass().add("mono-column");
        return column;
    }

    private TableView<RowPairs.Pair> side(String id, String name) {
        TableView<RowPairs.Pair> view = Columns.table(id, texts.get("verify.last.empty"));
        view.setColumnResizePolicy(TableView.UNCONSTRAINED_RESIZE_POLICY);
        view.setAccessibleText(texts.get(name));
        view.getStyleClass().add("last-rows");
        view.setMinHeight(90);
        view.setPrefHeight(160);
        view.setPrefWidth(320);
        view.setMinWidth(0);
        VBox.setVgrow(view, Priority.ALWAYS);
        return view;
    }

    private Node titled(String key, Node view) {
        var title = new Label(texts.get(key));
        title.getStyleClass().addAll("quiet", "small");
        var box = new VBox(title, view);
        box.getStyleClass().add("tight");
        box.setMinWidth(0);
        HBox.setHgrow(box, Priority.ALWAYS);
        return box;
    }

    /// Both tables scroll as one. Their bars exist only once they have been laid out.
    private void tie() {
        source.applyCss();
        target.applyCss();
        source.layout();
        target.layout();
        for (Orientation orientation : Orientation.values()) {
            var one = bar(source, orientation);
            var other = bar(target, orientation);
            if (one.isPresent() && other.isPresent()) {
                one.get().valueProperty().unbindBidirectional(other.get().valueProperty());
                one.get().valueProperty().bindBidirectional(other.get().valueProperty());
            }
        }
    }

    private static Optional<ScrollBar> bar(TableView<?> view, Orientation orientation) {
        return view.lookupAll(".scroll-bar").stream()
                .filter(ScrollBar.class::isInstance)
                .map(ScrollBar.class::cast)
                .filter(bar -> bar.getOrientation() == orientation)
                .findFirst();
    }
}

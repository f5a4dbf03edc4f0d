package io.handover.ui;

import io.handover.model.Side;
import io.handover.model.SqlRecord;
import io.handover.ui.control.Choice;
import io.handover.ui.control.CodeBlock;
import io.handover.ui.control.Columns;
import io.handover.ui.control.Format;
import io.handover.ui.control.Hints;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The drawer below the page with every statement that changes something on either server.
final class SqlDrawer extends VBox {

    private static final List<Optional<Side>> SIDES =
            List.of(Optional.empty(), Optional.of(Side.SOURCE), Optional.of(Side.TARGET));

    private final SqlDrawerViewModel model;
    private final Texts texts;
    private final ZoneId zone;
    private final TableView<SqlRecord> table;
    private final TextField filter = new TextField();
    private final CodeBlock whole;

    SqlDrawer(SqlDrawerViewModel model, Texts texts, ZoneId zone) {
        this.model = model;
        this.texts = texts;
        this.zone = zone;
        getStyleClass().add("drawer");
        setMinHeight(150);
        table = Columns.table("drawer-table", texts.get("drawer.nothing"));
        table.getStyleClass().add("dense");
        whole = new CodeBlock(texts, "");
        columns();
        model.ran().addListener(this::keepNewestInSight);
        model.which().subscribe(_ -> show(model.statements()));
        table.getSelectionModel().selectedItemProperty().subscribe(this::chosen);
        VBox.setVgrow(table, Priority.ALWAYS);
        getChildren().addAll(tools(), table, whole);
        whole.managedProperty().bind(whole.visibleProperty());
        setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                e.consume();
                model.open().set(false);
            } else if (e.isShortcutDown() && e.getCode() == KeyCode.C && table.isFocused()) {
                Optional.ofNullable(table.getSelectionModel().getSelectedItem())
                        .ifPresent(record -> Hints.copy(SqlDrawerViewModel.script(record)));
            }
        });
    }

    /// Ready to be searched, the newest in sight.
    void focus() {
        filter.requestFocus();
        table.scrollTo(Math.max(0, table.getItems().size() - 1));
    }

    private void columns() {
        table.getColumns()
                .setAll(List.of(
                        Columns.column("", 34, Comparator.comparing(SqlRecord::status), (cell, record) -> {
                            cell.setGraphic(picture(record));
                            cell.setAccessibleText(texts.of("drawer.status", record.status()));
                        }),
                        Columns.text(
                                texts.get("drawer.at"), 76, record -> isPlan() ? "" : Format.clock(record.at(), zone)),
                        Columns.text(
                                texts.get("drawer.side"),
                                70,
                                record -> record.side().word()),
                        Columns.number(texts.get("drawer.took"), 80, Comparator.comparing(SqlRecord::took), this::took),
                        Columns.<SqlRecord>column(
                                texts.get("drawer.statement"),
                                420,
                                Comparator.comparing(SqlRecord::sql),
                                (cell, record) -> cell.setText(oneLine(record.sql()))),
                        Columns.text(texts.get("drawer.note"), 180, record -> oneLine(record.note()))));
        for (int fixed = 0; fixed < 4; fixed++) { // the room there is belongs to the statement and what came of it
            var column = table.getColumns().get(fixed);
            column.setMinWidth(column.getPrefWidth());
            column.setMaxWidth(column.getPrefWidth());
        }
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_ALL_COLUMNS);
        table.getColumns().get(4).getStyleClass().add("mono-column");
        table.getColumns().forEach(column -> column.setReorderable(false));
    }

    private String took(SqlRecord record) {
        return isPlan() || record.status() == SqlRecord.Status.RUNNING ? "" : Format.duration(record.took());
    }

    private boolean isPlan() {
        return model.which().get() == SqlDrawerViewModel.Which.WILL_RUN;
    }

    private Node picture(SqlRecord record) {
        if (isPlan()) {
            return new FontIcon(Feather.CLOCK);
        }
        var icon = new Label(
                "",
                new FontIcon(
                        switch (record.status()) {
                            case RUNNING -> Feather.PLAY;
                            case DONE -> Feather.CHECK;
                            case FAILED -> Feather.X;
                        }));
        icon.getStyleClass().add("tone-icon");
        (switch (record.status()) {
                    case RUNNING -> Tone.INFO;
                    case DONE -> Tone.GOOD;
                    case FAILED -> Tone.BAD;
                })
                .paint(icon);
        return icon;
    }

    private Node tools() {
        var title = new Label(texts.get("drawer.title"), new FontIcon(Feather.TERMINAL));
        title.getStyleClass().add("card-title");
        title.setMinWidth(USE_PREF_SIZE);
        filter.setId("drawer-filter");
        filter.setPromptText(texts.get("drawer.filter"));
        filter.setAccessibleText(texts.get("drawer.filter"));
        filter.textProperty().bindBidirectional(model.filter());
        filter.setMaxWidth(260);
        HBox.setHgrow(filter, Priority.ALWAYS);
        var room = new Region();
        HBox.setHgrow(room, Priority.SOMETIMES);
        var copy = new Button(texts.get("drawer.copyAll"), new FontIcon(Feather.COPY));
        copy.setId("drawer-copy");
        copy.setOnAction(_ -> Hints.copy(model.script()));
        var close = new Button("", new FontIcon(Feather.X));
        close.setId("drawer-close");
        close.getStyleClass().addAll("flat", "button-icon");
        Hints.explain(close, texts.get("drawer.close"));
        close.setOnAction(_ -> model.open().set(false));
        for (Button button : new Button[] {copy, close}) {
            button.setMinWidth(USE_PREF_SIZE);
        }
        var bar = new HBox(
                title,
                new Choice<>(
                        "drawer-which",
                        List.of(SqlDrawerViewModel.Which.values()),
                        which -> texts.of("drawer", which),
                        model.which()),
                new Choice<>(
                        "drawer-side",
                        SIDES,
                        side -> texts.get("drawer." + side.map(Side::word).orElse("both")),
                        model.side()),
                filter,
                room,
                copy,
                close);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("drawer-tools");
        return bar;
    }

    private void show(ObservableList<SqlRecord> records) {
        table.setItems(records);
        table.getColumns().get(1).setVisible(!isPlan());
        table.getColumns().get(3).setVisible(!isPlan());
    }

    /// The newest stays in sight unless somebody is reading.
    private void keepNewestInSight(ListChangeListener.Change<? extends SqlRecord> change) {
        if (table.getSelectionModel().isEmpty()
                && !isPlan()
                && !change.getList().isEmpty()) {
            table.scrollTo(change.getList().size() - 1);
        }
    }

    private void chosen(SqlRecord record) {
        whole.setVisible(record != null);
        if (record != null) {
            whole.show(record.note().isEmpty() ? record.sql() : record.sql().strip() + "\n-- " + record.note());
        }
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}

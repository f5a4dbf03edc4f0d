package io.handover.ui.retire;

import io.handover.model.Side;
import io.handover.ui.Export;
import io.handover.ui.Page;
import io.handover.ui.PageId;
import io.handover.ui.PrimaryAction;
import io.handover.ui.TroubleBanner;
import io.handover.ui.UiContext;
import io.handover.ui.control.Banner;
import io.handover.ui.control.Card;
import io.handover.ui.control.Texts;
import io.handover.ui.control.TypedConfirmation;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Ends the window, or the whole undertaking; afterwards tells how it went.
public final class RetirePage implements Page {

    private final UiContext context;
    private final RetireViewModel model;
    private final VBox node = new VBox();
    private final ObservableValue<String> subtitle;
    private final ObservableValue<Optional<PrimaryAction>> primary;

    /// Bound to the migration of `context`.
    ///
    /// @param export writes the record; the link is missing without it
    public RetirePage(UiContext context, Optional<Export> export) {
        this.context = context;
        Texts texts = context.texts();
        model = new RetireViewModel(context, export);
        subtitle = new SimpleObjectProperty<>(texts.get("retire.subtitle"));
        primary = model.primary();
        node.setId("retire");
        node.getStyleClass().add("page-column");
        node.getChildren()
                .addAll(
                        TroubleBanner.of(context, "retire-trouble"),
                        new Banner(texts, model.summary()),
                        removal(texts),
                        leftovers(texts),
                        back(texts),
                        retrospect(texts),
                        discard(texts));
    }

    /// What goes and what stays, and the tick that opens the button.
    private Node removal(Texts texts) {
        var lists = new HBox(
                list(texts.get("retire.removed.source"), Feather.TRASH_2, model.removed(Side.SOURCE)),
                list(texts.get("retire.removed.target"), Feather.TRASH_2, model.removed(Side.TARGET)));
        lists.getStyleClass().add("columns");
        var tick = new CheckBox(texts.get("retire.understood"));
        tick.setId("retire-confirm");
        tick.setWrapText(true);
        tick.setMinHeight(Region.USE_PREF_SIZE);
        tick.selectedProperty().bindBidirectional(model.understood());
        var readOnly = new CheckBox(texts.get("retire.readOnly"));
        readOnly.setId("retire-read-only");
        readOnly.setWrapText(true);
        readOnly.setMinHeight(Region.USE_PREF_SIZE);
        readOnly.selectedProperty().bindBidirectional(model.oldReadOnly());
        var card = new Card(
                texts.get("retire.removal"),
                lists,
                list(texts.get("retire.stays"), Feather.CHECK, model.stays()),
                readOnly,
                tick);
        showWhen(card, model.stays().map(Optional::isPresent));
        return card;
    }

    private static Node list(String title, Feather icon, ObservableValue<Optional<List<String>>> lines) {
        var heading = new Label(title);
        heading.getStyleClass().addAll("quiet", "small");
        var box = new VBox();
        box.getStyleClass().add("tight");
        box.setMinWidth(0);
        HBox.setHgrow(box, Priority.ALWAYS);
        lines.subscribe(all -> {
            box.getChildren().setAll(heading);
            all.orElse(List.of()).forEach(line -> {
                var label = new Label(line, new FontIcon(icon));
                label.getStyleClass().add("line");
                label.setWrapText(true);
                label.setMinHeight(Region.USE_PREF_SIZE);
                box.getChildren().add(label);
            });
        });
        return box;
    }

    private Node leftovers(Texts texts) {
        var sql = new TextArea();
        sql.setId("leftovers");
        sql.setEditable(false);
        sql.setPrefRowCount(6);
        sql.setWrapText(true); // a statement that can be seen only in part is run in part
        sql.setMinHeight(Region.USE_PREF_SIZE);
        sql.setAccessibleText(texts.get("retire.leftovers"));
        sql.getStyleClass().addAll("mono", "small");
        var card = new Card(texts.get("retire.leftovers"), sql);
        model.leftovers().subscribe(all -> {
            sql.setText(String.join("\n", all));
            card.setVisible(!all.isEmpty());
            card.setManaged(!all.isEmpty());
        });
        return card;
    }

    private Node back(Texts texts) {
        var words = new Label(texts.get("retire.back.text"));
        words.setWrapText(true);
        words.setMinHeight(Region.USE_PREF_SIZE);
        words.setMinWidth(0);
        words.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(words, Priority.ALWAYS);
        var button = new Button(texts.get("retire.back"), new FontIcon(Feather.CORNER_UP_LEFT));
        button.setId("go-back");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(_ -> model.goBack());
        var row = new HBox(words, button);
        row.getStyleClass().addAll("ho-card", "back-row");
        showWhen(row, model.canGoBack());
        return row;
    }

    private Node retrospect(Texts texts) {
        var grid = new GridPane();
        grid.setId("retrospect");
        grid.getStyleClass().add("form");
        var names = new ColumnConstraints();
        names.setMinWidth(130);
        var values = new ColumnConstraints();
        values.setHgrow(Priority.ALWAYS);
        values.setMinWidth(0);
        grid.getColumnConstraints().addAll(names, values);
        model.retrospect().subscribe(facts -> {
            grid.getChildren().clear();
            facts.orElse(List.of()).forEach(fact -> {
                var name = new Label(fact.name());
                name.getStyleClass().add("quiet");
                var value = new Label(fact.value());
                value.setWrapText(true);
                value.setMinHeight(Region.USE_PREF_SIZE);
                grid.addRow(grid.getRowCount(), name, value);
            });
        });
        var reminder = new Hyperlink(texts.get("retire.reminder"));
        reminder.setId("retire-reminder");
        reminder.setOnAction(_ -> {
            reminder.setVisited(false);
            model.saveReminder();
        });
        if (!model.record().isPossible()) {
            return new Card(texts.get("retire.retrospect"), new Node[] {reminder}, grid);
        }
        var record = new Hyperlink(texts.get("retire.record"));
        record.setId("retire-record");
        record.setOnAction(_ -> {
            record.setVisited(false);
            model.record().save(Export.Kind.HTML);
        });
        return new Card(texts.get("retire.retrospect"), new Node[] {record, reminder}, grid);
    }

    private Node discard(Texts texts) {
        var words = new Label(texts.get("retire.discard.text"));
        words.setWrapText(true);
        words.setMinHeight(Region.USE_PREF_SIZE);
        var confirm = new TypedConfirmation(
                "discard",
                texts,
                texts.get("retire.discard.act"),
                new FontIcon(Feather.TRASH_2),
                model.targetDatabase(),
                model.discardRefusal(),
                _ -> model.discard());
        var card = new Card(texts.get("retire.discard"), words, confirm);
        showWhen(card, model.canDiscard());
        return card;
    }

    private static void showWhen(Node part, ObservableValue<Boolean> shown) {
        part.visibleProperty().bind(shown);
        part.managedProperty().bind(part.visibleProperty());
    }

    @Override
    public PageId id() {
        return PageId.RETIRE;
    }

    @Override
    public String title() {
        return context.texts().get("retire.title");
    }

    @Override
    public ObservableValue<String> subtitle() {
        return subtitle;
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public ObservableValue<Optional<PrimaryAction>> primary() {
        return primary;
    }

    @Override
    public ObservableValue<Boolean> canGoNext() {
        return new SimpleObjectProperty<>(false);
    }
}

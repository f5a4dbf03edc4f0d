package io.handover.ui.verify;

import io.handover.model.Side;
import io.handover.model.VerifyReport;
import io.handover.ui.Export;
import io.handover.ui.Page;
import io.handover.ui.PageId;
import io.handover.ui.PrimaryAction;
import io.handover.ui.UiContext;
import io.handover.ui.control.Banner;
import io.handover.ui.control.ReadLimitField;
import io.handover.ui.control.Texts;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The comparison of both sides, row by row.
public final class VerifyPage implements Page {

    private final UiContext context;
    private final VerifyViewModel model;
    private final VerdictTable verdicts;
    private final TableDetail detail;
    private final VBox node = new VBox();
    private final ObservableValue<String> subtitle;
    private final ObservableValue<Optional<PrimaryAction>> primary;

    /// Bound to the migration of `context`.
    ///
    /// @param export writes the record; the button is missing without it
    public VerifyPage(UiContext context, Optional<Export> export) {
        this.context = context;
        Texts texts = context.texts();
        model = new VerifyViewModel(context, export);
        verdicts = new VerdictTable(texts, model.words());
        detail = new TableDetail(model, texts);
        subtitle = new ReadOnlyStringWrapper(texts.get("verify.subtitle"));
        primary = model.primary();
        node.setId("verify");
        node.getStyleClass().add("page-column");
        node.getChildren()
                .addAll(
                        new Banner(texts, model.summary().map(Optional::of)),
                        progress(),
                        new Banner(texts, model.schema()),
                        new Banner(texts, model.notCompared()),
                        facts(),
                        reading(texts),
                        tables(texts),
                        detail);
        model.report().subscribe(verdicts::show);
        model.report().subscribe(this::open);
        verdicts.table().getSelectionModel().selectedItemProperty().subscribe(this::open);
    }

    private Node progress() {
        var bar = new ProgressBar(0);
        bar.setId("verify-progress");
        bar.setMaxWidth(Double.MAX_VALUE);
        model.progress().subscribe(now -> {
            bar.setVisible(now.isPresent());
            now.ifPresent(bar::setProgress);
        });
        bar.managedProperty().bind(bar.visibleProperty());
        return bar;
    }

    private Node facts() {
        var line = new Label();
        line.setId("verify-facts");
        line.setWrapText(true);
        line.setMinHeight(Region.USE_PREF_SIZE);
        line.getStyleClass().addAll("quiet", "small");
        model.facts().subscribe(facts -> {
            line.setVisible(facts.isPresent());
            line.setText(facts.orElse(""));
        });
        line.managedProperty().bind(line.visibleProperty());
        return line;
    }

    /// How the next comparison reads.
    private Node reading(Texts texts) {
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        var line = new HBox(
                onlyChanged(texts), room, new ReadLimitField("verify-limit", model.limit(), model::limit, texts));
        line.setAlignment(Pos.CENTER_LEFT);
        line.getStyleClass().add("tools");
        return line;
    }

    private Node tables(Texts texts) {
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        var tools = new HBox(verdicts.filter(), verdicts.onlyNoteworthy(), room);
        tools.setAlignment(Pos.CENTER_LEFT);
        tools.getStyleClass().add("tools");
        if (model.record().isPossible()) {
            tools.getChildren().add(exportButton(texts));
        }
        verdicts.table().setMinHeight(170);
        verdicts.table().setPrefHeight(200);
        VBox.setVgrow(verdicts.table(), Priority.ALWAYS);
        var card = new VBox(tools, verdicts.table());
        card.getStyleClass().add("ho-card");
        VBox.setVgrow(card, Priority.ALWAYS);
        return card;
    }

    private Node onlyChanged(Texts texts) {
        var box = new CheckBox(texts.get("verify.changedOnly"));
        box.setId("verify-changed");
        box.setMinWidth(Region.USE_PREF_SIZE);
        box.setTooltip(new Tooltip(texts.get("verify.changedOnly.tip")));
        box.setAccessibleHelp(texts.get("verify.changedOnly.tip"));
        box.selectedProperty().bindBidirectional(model.onlyChanged());
        return box;
    }

    private Node exportButton(Texts texts) {
        var button = new MenuButton(texts.get("verify.export"), new FontIcon(Feather.DOWNLOAD));
        button.setId("verify-export");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.disableProperty().bind(model.report().map(Optional::isEmpty));
        for (Export.Kind kind : List.of(Export.Kind.values())) {
            var item = new MenuItem(texts.of("verify.export", kind));
            item.setOnAction(_ -> model.record().save(kind));
            button.getItems().add(item);
        }
        return button;
    }

    private void open() {
        var chosen = verdicts.table().getSelectionModel().getSelectedItem();
        var owner = model.report().getValue().map(VerifyReport::owner).orElse(Side.SOURCE);
        detail.show(Optional.ofNullable(chosen), owner);
    }

    @Override
    public PageId id() {
        return PageId.VERIFY;
    }

    @Override
    public String title() {
        return context.texts().get("verify.title");
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
        return model.canGoNext();
    }
}

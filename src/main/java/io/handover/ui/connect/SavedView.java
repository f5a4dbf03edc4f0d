package io.handover.ui.connect;

import io.handover.engine.Desk;
import io.handover.ui.UiContext;
import io.handover.ui.control.Card;
import io.handover.ui.control.Chip;
import io.handover.ui.control.Format;
import io.handover.ui.control.Hints;
import io.handover.ui.control.Texts;
import io.handover.ui.control.Tone;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Migrations of this computer that are under way, to go on with.
final class SavedView extends VBox {

    private static final int MOST = 4;

    private final ConnectViewModel model;
    private final UiContext context;
    private final Texts texts;

    SavedView(ConnectViewModel model, UiContext context) {
        this.model = model;
        this.context = context;
        this.texts = context.texts();
        setId("saved");
        managedProperty().bind(visibleProperty());
        model.saved().subscribe(this::show);
    }

    private void show(List<Desk.Saved> saved) {
        setVisible(!saved.isEmpty());
        var rows = new VBox();
        rows.getStyleClass().add("saved-rows");
        saved.stream().limit(MOST).forEach(one -> rows.getChildren().add(row(one, saved.indexOf(one))));
        getChildren().setAll(new Card(texts.get("connect.saved"), rows));
    }

    private Node row(Desk.Saved saved, int index) {
        var names = Hints.name(saved.source().name() + "  →  " + saved.target().name());
        names.getStyleClass().add("pair-name");
        var addresses =
                Hints.name(saved.source().address() + "  →  " + saved.target().address());
        addresses.getStyleClass().addAll("quiet", "small");
        var words = new VBox(names, addresses);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        var at = new Label(Format.ago(saved.changedAt(), context.clock().instant(), texts));
        at.getStyleClass().addAll("quiet", "small");
        at.setMinWidth(Region.USE_PREF_SIZE);
        var go = new Button(texts.get("connect.continue"), new FontIcon(Feather.PLAY));
        go.setId("continue-" + index);
        go.setMinWidth(Region.USE_PREF_SIZE);
        go.setAccessibleText(texts.get("connect.continue.said", names.getText()));
        go.disableProperty().bind(model.connecting());
        go.setOnAction(_ -> model.resume(saved));
        var row = new HBox(words, new Chip(Tone.INFO, texts.of("stage", saved.stage())), at, go);
        row.setAlignment(Pos.CENTER_LEFT);
        row.getStyleClass().add("saved-row");
        return row;
    }
}

package io.handover.ui;

import io.handover.ui.control.Texts;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The keys, over the whole window; any of Escape, F1 and a click beside it closes it.
final class HelpOverlay extends StackPane {

    private static final String[] KEYS = {"primary", "onward", "back", "steps", "drawer", "settings", "help", "escape"};

    private final Button close;

    HelpOverlay(Texts texts) {
        setId("help");
        getStyleClass().add("overlay");
        close = new Button(texts.get("help.close"));
        close.setId("help-close");
        close.setOnAction(_ -> close());
        var title = new Label(texts.get("help.title"), new FontIcon(Feather.HELP_CIRCLE));
        title.getStyleClass().add("overlay-title");
        var grid = new GridPane();
        grid.getStyleClass().add("help-keys");
        for (int i = 0; i < KEYS.length; i++) {
            grid.add(keys(texts.get("help.key." + KEYS[i])), 0, i);
            grid.add(new Label(texts.get("help.does." + KEYS[i])), 1, i);
        }
        var room = new Region();
        HBox.setHgrow(room, Priority.ALWAYS);
        var card = new VBox(title, grid, new HBox(room, close));
        card.getStyleClass().add("overlay-card");
        card.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        getChildren().add(card);
        setVisible(false);
        setManaged(false);
        setOnMouseClicked(e -> {
            if (e.getTarget() == this) {
                close();
            }
        });
        setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                e.consume();
                close();
            }
        });
    }

    /// Opens or closes it.
    void toggle() {
        if (isVisible()) {
            close();
        } else {
            setManaged(true);
            setVisible(true);
            close.requestFocus();
        }
    }

    private void close() {
        setVisible(false);
        setManaged(false);
    }

    /// `Ctrl+L` as two keys to look at.
    private static HBox keys(String text) {
        var row = new HBox();
        row.getStyleClass().add("keys");
        row.setAlignment(Pos.CENTER_LEFT);
        for (String key : text.split(" ", -1)) {
            var cap = new Label(key);
            cap.getStyleClass().add("key");
            cap.setMinWidth(USE_PREF_SIZE);
            row.getChildren().add(cap);
        }
        return row;
    }
}

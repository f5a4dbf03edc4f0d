package io.handover.ui.control;

import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;

/// A message across the page: icon, what happened, what it means and what to do, details on demand. Takes no room
/// while there is nothing to say.
public final class Banner extends HBox {

    private final FontIcon icon = new FontIcon();
    private final Label title = new Label();
    private final Label text = new Label();
    private final Label details = new Label();
    private final Hyperlink more;
    private final VBox words;

    /// Says what `message` holds.
    public Banner(Texts texts, ObservableValue<Optional<Message>> message) {
        getStyleClass().add("banner");
        setAlignment(Pos.TOP_LEFT);
        setAccessibleRole(AccessibleRole.TEXT);
        title.getStyleClass().add("banner-title");
        text.getStyleClass().add("banner-text");
        details.getStyleClass().add("banner-details");
        more = new Hyperlink(texts.get("banner.details"));
        more.getStyleClass().add("banner-more");
        more.setOnAction(_ -> unfold(!details.isVisible()));
        for (Label label : new Label[] {title, text, details}) {
            label.setWrapText(true);
            label.setMinHeight(USE_PREF_SIZE);
            label.managedProperty().bind(label.visibleProperty());
        }
        more.managedProperty().bind(more.visibleProperty());
        words = new VBox(title, text, more, details);
        words.getStyleClass().add("banner-words");
        // Without it the box would ask for the height of one endless line.
        words.setMinWidth(0);
        setMinHeight(USE_PREF_SIZE);
        HBox.setHgrow(words, Priority.ALWAYS);
        getChildren().addAll(icon, words);
        managedProperty().bind(visibleProperty());
        message.subscribe(this::say);
    }

    /// Puts buttons below the words.
    ///
    /// @return this
    public Banner with(Node... actions) {
        var row = new HBox(actions);
        row.getStyleClass().add("banner-actions");
        words.getChildren().add(row);
        return this;
    }

    private void say(Optional<Message> message) {
        setVisible(message.isPresent());
        message.ifPresent(m -> {
            m.tone().paint(this);
            icon.setIconCode(m.tone().icon());
            title.setText(m.title());
            text.setText(m.text());
            text.setVisible(!m.text().isEmpty());
            details.setText(m.details());
            more.setVisible(!m.details().isEmpty());
            unfold(false);
            setAccessibleText(m.title() + " " + m.text());
        });
    }

    private void unfold(boolean open) {
        details.setVisible(open);
        more.setVisited(false);
    }
}

package io.handover.ui.control;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;

/// Stands where there is nothing yet: an icon, what is missing, what to do.
public final class EmptyState extends VBox {

    /// `actions` may be empty.
    public EmptyState(Ikon icon, String title, String text, Node... actions) {
        getStyleClass().add("empty-state");
        var picture = new FontIcon(icon);
        var heading = new Label(title);
        heading.getStyleClass().add("empty-title");
        heading.setWrapText(true);
        var words = new Label(text);
        words.getStyleClass().add("empty-text");
        words.setWrapText(true);
        getChildren().addAll(picture, heading, words);
        getChildren().addAll(actions);
    }
}

package io.handover.ui.control;

import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import org.kordamp.ikonli.javafx.FontIcon;

/// A state in a word or two, with the icon of its tone.
public final class Pill extends Label {

    private final FontIcon icon = new FontIcon();

    /// Says `word` in `tone`.
    public Pill(String id, ObservableValue<String> word, ObservableValue<Tone> tone) {
        setId(id);
        getStyleClass().add("pill");
        setGraphic(icon);
        setMinWidth(USE_PREF_SIZE);
        textProperty().bind(word);
        tone.subscribe(now -> {
            now.paint(this);
            icon.setIconCode(now.icon());
        });
    }
}

package io.handover.ui.control;

import javafx.scene.control.Label;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;

/// A few words on a coloured ground.
public final class Chip extends Label {

    /// In the colour of `tone`, without an icon: the words say what the colour says.
    public Chip(Tone tone, String text) {
        super(text);
        getStyleClass().add("chip");
        setMinWidth(USE_PREF_SIZE);
        tone.paint(this);
    }

    /// In the colour of `tone`, with an icon.
    public Chip(Tone tone, Ikon icon, String text) {
        this(tone, text);
        setGraphic(new FontIcon(icon));
    }

    /// Says something else.
    public void show(Tone tone, String text) {
        tone.paint(this);
        setText(text);
    }
}

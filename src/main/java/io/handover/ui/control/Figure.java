package io.handover.ui.control;

import javafx.beans.value.ObservableValue;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/// One number with its name and a line on what it means.
public final class Figure extends VBox {

    /// What it shows.
    ///
    /// @param value the number with its unit
    /// @param hint  a short line below it; may be empty
    /// @param tone  how the number stands
    public record Reading(String value, String hint, Tone tone) {}

    private final Label caption;
    private final Label value = new Label();
    private final Label hint = new Label();

    /// Shows what `reading` holds under `name`.
    public Figure(String id, String name, ObservableValue<Reading> reading) {
        setId(id);
        getStyleClass().add("figure");
        setAccessibleRole(AccessibleRole.TEXT);
        caption = new Label(name);
        caption.getStyleClass().add("figure-name");
        value.getStyleClass().add("figure-value");
        value.setId(id + "-value");
        hint.getStyleClass().add("figure-hint");
        hint.setId(id + "-hint");
        // Three lines that never wrap: tiles in one row keep one height whatever they say.
        getChildren().addAll(caption, value, hint);
        setMinWidth(0);
        setMaxWidth(Double.MAX_VALUE);
        reading.subscribe(this::show);
    }

    private void show(Reading reading) {
        value.setText(reading.value());
        hint.setText(reading.hint());
        reading.tone().paint(this);
        setAccessibleText(caption.getText() + ": " + reading.value() + ". " + reading.hint());
    }
}

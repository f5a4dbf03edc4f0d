package io.handover.ui.control;

import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.VBox;

/// A field in which a name has to be typed before something dangerous can be done. Enter does nothing in it, so
/// that typing and doing stay two acts.
public final class ConfirmField extends VBox {

    private final TextField field = new TextField();

    /// @param id     of the field
    /// @param prompt what to type
    public ConfirmField(String id, ObservableValue<String> prompt) {
        getStyleClass().add("tight");
        var label = new Label();
        label.textProperty().bind(prompt);
        label.setWrapText(true);
        label.setMinHeight(USE_PREF_SIZE);
        label.setLabelFor(field);
        field.setId(id);
        field.accessibleTextProperty().bind(label.textProperty());
        field.setPrefColumnCount(20);
        field.setMaxWidth(USE_PREF_SIZE);
        field.addEventFilter(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.ENTER) {
                e.consume();
            }
        });
        getChildren().addAll(label, field);
    }

    /// What has been typed.
    public StringProperty textProperty() {
        return field.textProperty();
    }
}

package io.handover.ui.control;

import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/// A form's field: its name above, what is wrong with it below.
public final class Field extends VBox {

    private static final PseudoClass DANGER = PseudoClass.getPseudoClass("danger");

    private final Label wrong = new Label();

    /// A field that cannot be wrong.
    public Field(String name, Node control) {
        getStyleClass().add("field");
        var label = new Label(name);
        label.getStyleClass().add("field-name");
        label.setLabelFor(control);
        if (control.getAccessibleText() == null) {
            control.setAccessibleText(name);
        }
        wrong.getStyleClass().add("field-wrong");
        wrong.setWrapText(true);
        wrong.managedProperty().bind(wrong.visibleProperty());
        wrong.setVisible(false);
        getChildren().addAll(label, control, wrong);
        setMinWidth(0);
    }

    /// A field with `message` below it; an empty one means that all is well.
    public Field(String name, Node control, ObservableValue<String> message) {
        this(name, control);
        message.subscribe(text -> {
            wrong.setText(text);
            wrong.setVisible(!text.isEmpty());
            control.pseudoClassStateChanged(DANGER, !text.isEmpty());
            control.setAccessibleHelp(text);
        });
    }
}

package io.handover.ui.control;

import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;

/// A dangerous act that asks for a name to be typed before its button can be pressed.
public final class TypedConfirmation extends HBox {

    private final ConfirmField field;
    private final Button button;
    private final Label reason = new Label();
    private final ObservableValue<String> expected;
    private final ObservableValue<Optional<String>> refusal;

    /// @param id       of the parts: `id-confirm` is the field, `id-go` the button, `id-reason` why it cannot be
    ///                 pressed
    /// @param expected what has to be typed, letter by letter
    /// @param refusal  why the act is impossible now, whatever is typed; empty if it is possible
    /// @param act      is given what was typed; the field is empty afterwards
    public TypedConfirmation(
            String id,
            Texts texts,
            String action,
            Node icon,
            ObservableValue<String> expected,
            ObservableValue<Optional<String>> refusal,
            Consumer<String> act) {
        this.expected = expected;
        this.refusal = refusal;
        getStyleClass().add("confirm-row");
        setAlignment(Pos.BOTTOM_LEFT);
        field = new ConfirmField(id + "-confirm", expected.map(name -> texts.get("confirm.type", name)));
        field.setMinWidth(USE_PREF_SIZE);
        button = new Button(action, icon);
        button.setId(id + "-go");
        button.setMnemonicParsing(false);
        button.setMinWidth(USE_PREF_SIZE);
        button.getStyleClass().add("danger");
        button.setOnAction(_ -> {
            String typed = field.textProperty().get();
            field.textProperty().set("");
            act.accept(typed);
        });
        reason.setId(id + "-reason");
        reason.getStyleClass().add("confirm-reason");
        reason.setWrapText(true);
        reason.setMinWidth(0);
        reason.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(reason, Priority.ALWAYS);
        getChildren().addAll(field, button, reason);
        field.textProperty().subscribe(this::judge);
        expected.subscribe(this::judge);
        refusal.subscribe(this::judge);
    }

    private void judge() {
        boolean typed = field.textProperty().get().equals(expected.getValue());
        var refused = refusal.getValue();
        button.setDisable(!typed || refused.isPresent());
        reason.setText(refused.orElse(""));
    }
}

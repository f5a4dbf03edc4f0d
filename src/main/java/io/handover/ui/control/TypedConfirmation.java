package io.handover.ui.control;

import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// A dangerous act that asks for a name to be typed before its button can be pressed. Enter in the field does
/// nothing, so that typing and doing stay two acts.
public final class TypedConfirmation extends VBox {

    private final TextField field = new TextField();
    private final Button button;
    private final Label reason = new Label();
    private final ObservableValue<String> expected;
    private final ObservableValue<Optional<String>> refusal;
    private final Texts texts;

    /// @param id       of the parts: `id-text` is the field, `id-button` the button, `id-reason` why it cannot be
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
        this.texts = texts;
        this.expected = expected;
        this.refusal = refusal;
        getStyleClass().add("typed-confirmation");
        var prompt = new Label();
        prompt.textProperty().bind(expected.map(name -> texts.get("confirm.type", name)));
        prompt.getStyleClass().add("confirm-prompt");
        prompt.setWrapText(true);
        prompt.setMinHeight(USE_PREF_SIZE);
        prompt.setLabelFor(field);
        field.setId(id + "-text");
        field.accessibleTextProperty().bind(prompt.textProperty());
        field.setPrefColumnCount(18);
        field.addEventFilter(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.ENTER) {
                e.consume();
            }
        });
        button = new Button(action, icon);
        button.setId(id + "-button");
        button.setMnemonicParsing(false);
        button.setMinWidth(USE_PREF_SIZE);
        button.getStyleClass().add("danger");
        button.setOnAction(_ -> {
            String typed = field.getText();
            field.clear();
            act.accept(typed);
        });
        reason.setId(id + "-reason");
        reason.getStyleClass().add("confirm-reason");
        reason.setWrapText(true);
        reason.setMinWidth(0);
        HBox.setHgrow(reason, Priority.ALWAYS);
        var row = new HBox(field, button, reason);
        row.getStyleClass().add("confirm-row");
        row.setAlignment(Pos.CENTER_LEFT);
        getChildren().addAll(prompt, row);
        field.textProperty().subscribe(this::judge);
        expected.subscribe(this::judge);
        refusal.subscribe(this::judge);
    }

    private void judge() {
        boolean typed = field.getText().equals(expected.getValue());
        var refused = refusal.getValue();
        button.setDisable(!typed || refused.isPresent());
        reason.setText(refused.orElse(
                typed || field.getText().isEmpty() || expected.getValue().startsWith(field.getText())
                        ? ""
                        : texts.get("confirm.differs")));
    }
}

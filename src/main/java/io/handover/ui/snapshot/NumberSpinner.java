package io.handover.ui.snapshot;

import javafx.beans.property.ObjectProperty;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory.IntegerSpinnerValueFactory;
import javafx.util.StringConverter;

/// A number from 1 on. Takes what is typed at once, and ignores what is none.
final class NumberSpinner extends Spinner<Integer> {

    private final int most;

    NumberSpinner(String id, ObjectProperty<Integer> number, int most, String name) {
        this.most = most;
        setId(id);
        setAccessibleText(name);
        setEditable(true);
        setPrefWidth(88);
        setMinWidth(88);
        var values = new IntegerSpinnerValueFactory(1, most, number.get());
        values.setConverter(new StringConverter<>() {
            @Override
            public String toString(Integer value) {
                return value == null ? "" : value.toString();
            }

            @Override
            public Integer fromString(String text) {
                return isNumber(text) ? Integer.valueOf(text.strip()) : values.getValue();
            }
        });
        setValueFactory(values);
        values.valueProperty().bindBidirectional(number);
        getEditor().setAccessibleText(name);
        getEditor().textProperty().subscribe(text -> {
            if (isNumber(text)) {
                number.set(Integer.valueOf(text.strip()));
            }
        });
        getEditor().focusedProperty().subscribe(focused -> {
            if (!focused) {
                getEditor().setText(number.get().toString());
            }
        });
    }

    private boolean isNumber(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || digits.length() > 6 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        int typed = Integer.parseInt(digits);
        return typed >= 1 && typed <= most;
    }
}

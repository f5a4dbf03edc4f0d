package io.handover.ui.snapshot;

import io.handover.model.Plan;
import javafx.beans.property.ObjectProperty;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory.IntegerSpinnerValueFactory;
import javafx.util.StringConverter;

/// How many connections copy at once. Takes what is typed at once, and ignores what is no number from 1 to 64.
final class WorkersSpinner extends Spinner<Integer> {

    private static final int MOST = Plan.MOST_WORKERS;

    WorkersSpinner(String id, ObjectProperty<Integer> workers, String name) {
        setId(id);
        setAccessibleText(name);
        setEditable(true);
        setPrefWidth(88);
        setMinWidth(88);
        var values = new IntegerSpinnerValueFactory(1, MOST, workers.get());
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
        values.valueProperty().bindBidirectional(workers);
        getEditor().setAccessibleText(name);
        getEditor().textProperty().subscribe(text -> {
            if (isNumber(text)) {
                workers.set(Integer.valueOf(text.strip()));
            }
        });
        getEditor().focusedProperty().subscribe(focused -> {
            if (!focused) {
                getEditor().setText(workers.get().toString());
            }
        });
    }

    private static boolean isNumber(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || digits.length() > 2 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        int number = Integer.parseInt(digits);
        return number >= 1 && number <= MOST;
    }
}

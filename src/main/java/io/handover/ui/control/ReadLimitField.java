package io.handover.ui.control;

import io.handover.model.ReadLimit;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.event.ActionEvent;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory.IntegerSpinnerValueFactory;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.util.StringConverter;

/// How quickly copies and comparisons may read. Takes what is typed at Enter or when it loses the focus, and ignores
/// what is no
/// number; nothing stands for no limit.
public final class ReadLimitField extends HBox {

    private static final int STEP = 10;

    private final Spinner<Integer> spinner = new Spinner<>();
    private boolean following;

    /// @param id    of the field, for tests and style sheets
    /// @param limit what holds; empty where nothing can be limited
    /// @param set   takes what the user chooses
    public ReadLimitField(String id, ObservableValue<Optional<ReadLimit>> limit, Consumer<ReadLimit> set, Texts texts) {
        var values = new IntegerSpinnerValueFactory(0, ReadLimit.MOST, 0, STEP);
        values.setConverter(new StringConverter<>() {
            @Override
            public String toString(Integer value) {
                return value == null || value == 0 ? "" : value.toString();
            }

            @Override
            public Integer fromString(String text) {
                return number(text, values.getValue());
            }
        });
        String name = texts.get("limit.name");
        spinner.setId(id);
        spinner.setEditable(true);
        spinner.setAccessibleText(name);
        spinner.setPrefWidth(110);
        spinner.setMinWidth(110);
        spinner.setTooltip(new Tooltip(texts.get("limit.tip")));
        spinner.getEditor().setAccessibleText(name);
        spinner.getEditor().setPromptText(texts.get("limit.none"));
        spinner.setValueFactory(values);
        limit.subscribe(now -> {
            following = true;
            values.setValue(now.map(ReadLimit::megabytes).orElse(0));
            following = false;
            spinner.setDisable(now.isEmpty());
        });
        values.valueProperty().subscribe((before, now) -> {
            if (!following && !now.equals(before)) {
                set.accept(new ReadLimit(now));
            }
        });
        spinner.getEditor().addEventHandler(ActionEvent.ACTION, _ -> showValue());
        spinner.focusedProperty().subscribe(_ -> showValue());
        var label = new Label(texts.get("limit"));
        label.setLabelFor(spinner);
        var unit = new Label(texts.get("limit.unit"));
        for (Label text : new Label[] {label, unit}) {
            text.setMinWidth(Region.USE_PREF_SIZE);
        }
        setAlignment(Pos.CENTER_LEFT);
        setSpacing(6);
        getChildren().addAll(label, spinner, unit);
    }

    /// What was typed and is no number goes.
    private void showValue() {
        spinner.commitValue();
        var values = spinner.getValueFactory();
        spinner.getEditor().setText(values.getConverter().toString(values.getValue()));
    }

    private static Integer number(String text, Integer otherwise) {
        String digits = text.strip();
        if (digits.isEmpty()) {
            return 0;
        }
        return digits.length() <= 6 && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Integer.valueOf(Math.min(ReadLimit.MOST, Integer.parseInt(digits)))
                : otherwise;
    }
}

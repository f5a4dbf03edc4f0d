package io.handover.ui.control;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import javafx.beans.property.Property;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;

/// One of a few, as buttons that stand together; one is always pressed. Arrow keys move within it.
public final class Choice<T> extends HBox {

    private final ToggleGroup group = new ToggleGroup();

    /// As below, with words only.
    public Choice(String id, List<T> all, Function<T, String> name, Property<T> chosen) {
        this(id, all, name, chosen, (_, _) -> {});
    }

    /// A button for each of `all`, with the ids `id-1`, `id-2` …; follows `chosen` and sets it.
    /// `dress` can add to a button.
    public Choice(
            String id, List<T> all, Function<T, String> name, Property<T> chosen, BiConsumer<T, ToggleButton> dress) {
        setId(id);
        getStyleClass().add("choice");
        setMinWidth(USE_PREF_SIZE);
        setMaxHeight(USE_PREF_SIZE);
        for (T one : all) {
            var button = new ToggleButton(name.apply(one));
            button.setId(id + "-" + (all.indexOf(one) + 1));
            button.setMnemonicParsing(false);
            button.setUserData(one);
            button.setToggleGroup(group);
            button.getStyleClass().add(place(all.indexOf(one), all.size()));
            dress.accept(one, button);
            // Pressing the pressed one would leave none.
            button.setOnAction(_ -> {
                button.setSelected(true);
                chosen.setValue(one);
            });
            getChildren().add(button);
        }
        chosen.subscribe(value -> group.getToggles().stream()
                .filter(toggle -> value.equals(toggle.getUserData()))
                .forEach(group::selectToggle));
    }

    private static String place(int index, int count) {
        if (count == 1) {
            return "single-pill";
        }
        return index == 0 ? "left-pill" : index == count - 1 ? "right-pill" : "center-pill";
    }
}

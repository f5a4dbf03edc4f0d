package io.handover.ui;

import io.handover.ui.control.Hints;
import io.handover.ui.control.Texts;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The left rail: the steps with their states, below them settings and help. In a small window it shrinks to the
/// numbers.
final class StepRail extends VBox {

    private static final PseudoClass COMPACT = PseudoClass.getPseudoClass("compact");
    private static final PseudoClass CURRENT = PseudoClass.getPseudoClass("current");

    private final Map<PageId, Row> rows = new EnumMap<>(PageId.class);
    private final Texts texts;
    private final Label brand;

    StepRail(RailViewModel model, Texts texts, Consumer<PageId> go, Runnable help) {
        this.texts = texts;
        getStyleClass().add("rail");
        brand = new Label(texts.get("app.name"), new FontIcon(Feather.REPEAT));
        brand.getStyleClass().add("brand");
        var list = new VBox();
        list.getStyleClass().add("steps");
        list.setAccessibleRole(AccessibleRole.LIST_VIEW);
        list.setAccessibleText(texts.get("rail.steps"));
        for (PageId id : PageId.STEPS) {
            var row = new Row(id, go);
            rows.put(id, row);
            list.getChildren().add(row);
        }
        var room = new Region();
        VBox.setVgrow(room, Priority.ALWAYS);
        getChildren()
                .addAll(
                        brand,
                        list,
                        room,
                        tool("rail-settings", Feather.SETTINGS, "settings.title", () -> go.accept(PageId.SETTINGS)),
                        tool("rail-help", Feather.HELP_CIRCLE, "help.title", help));
        model.steps().subscribe(this::show);
    }

    /// Numbers only, or numbers and words.
    void setCompact(boolean compact) {
        pseudoClassStateChanged(COMPACT, compact);
        var display = compact ? ContentDisplay.GRAPHIC_ONLY : ContentDisplay.LEFT;
        brand.setContentDisplay(display);
        rows.values().forEach(row -> row.setCompact(compact));
        getChildren().stream()
                .filter(Button.class::isInstance)
                .map(Button.class::cast)
                .forEach(button -> button.setContentDisplay(display));
    }

    private Node tool(String id, Feather icon, String key, Runnable act) {
        var button = new Button(texts.get(key), new FontIcon(icon));
        button.setId(id);
        button.getStyleClass().setAll("rail-tool");
        button.setMaxWidth(Double.MAX_VALUE);
        button.setOnAction(_ -> act.run());
        return button;
    }

    private void show(List<StepView> steps) {
        steps.forEach(step -> {
            var row = rows.get(step.id());
            if (row != null) {
                row.show(step);
            }
        });
    }

    /// A real button, so that focus, Space and a screen reader come for free.
    private final class Row extends Button {
        private final StackPane badge = new StackPane();
        private final Label number;
        private final FontIcon icon = new FontIcon(Feather.CHECK);
        private final Label name = new Label();
        private final Label hint = new Label();
        private final VBox words = new VBox(name, hint);

        Row(PageId id, Consumer<PageId> go) {
            getStyleClass().setAll("step-row");
            setId("step-" + id.name().toLowerCase(Locale.ROOT));
            number = new Label(Integer.toString(PageId.STEPS.indexOf(id) + 1));
            badge.getStyleClass().add("badge");
            name.getStyleClass().add("step-name");
            hint.getStyleClass().add("step-hint");
            hint.setMinWidth(0);
            words.getStyleClass().add("step-words");
            var graphic = new HBox(badge, words);
            graphic.setAlignment(Pos.CENTER_LEFT);
            graphic.getStyleClass().add("step-graphic");
            setGraphic(graphic);
            setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
            setMaxWidth(Double.MAX_VALUE);
            setOnAction(_ -> go.accept(id));
        }

        void setCompact(boolean compact) {
            words.setVisible(!compact);
            words.setManaged(!compact);
        }

        void show(StepView step) {
            name.setText(step.name());
            hint.setText(step.hint());
            setDisable(!step.reachable());
            pseudoClassStateChanged(CURRENT, step.current());
            for (StepState each : StepState.values()) {
                pseudoClassStateChanged(
                        PseudoClass.getPseudoClass(each.name().toLowerCase(Locale.ROOT)), each == step.state());
            }
            badge.getChildren()
                    .setAll(
                            switch (step.state()) {
                                case DONE -> picture(Feather.CHECK);
                                case ATTENTION -> picture(Feather.ALERT_TRIANGLE);
                                case PROBLEM -> picture(Feather.X);
                                case LOCKED, OPEN, RUNNING -> number;
                            });
            var said = texts.get(
                    "rail.step",
                    step.name(),
                    step.current() ? texts.get("rail.current") : texts.of("rail.state", step.state()),
                    step.hint());
            Hints.explain(this, said);
        }

        private Node picture(Feather which) {
            icon.setIconCode(which);
            return icon;
        }
    }
}

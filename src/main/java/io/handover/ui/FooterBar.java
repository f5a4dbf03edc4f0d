package io.handover.ui;

import io.handover.ui.control.Hints;
import io.handover.ui.control.Texts;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Back, the page's one primary action with the reason why it cannot be done now, Next.
final class FooterBar extends HBox {

    private final Button back;
    private final Button primary = new Button();
    private final Button next;
    private final Label why = new Label();
    private Runnable act = () -> {};

    FooterBar(Texts texts, Runnable goBack, Runnable goOn) {
        getStyleClass().add("footer");
        setAlignment(Pos.CENTER_LEFT);
        back = new Button(texts.get("footer.back"), new FontIcon(Feather.ARROW_LEFT));
        back.setId("back");
        back.setOnAction(_ -> goBack.run());
        next = new Button(texts.get("footer.next"), new FontIcon(Feather.ARROW_RIGHT));
        next.setId("next");
        next.setContentDisplay(ContentDisplay.RIGHT);
        next.setOnAction(_ -> goOn.run());
        primary.setId("primary");
        primary.setMnemonicParsing(false);
        primary.setOnAction(_ -> act.run());
        why.setId("why-not");
        why.getStyleClass().add("why-not");
        why.setTextOverrun(OverrunStyle.ELLIPSIS);
        why.setMinWidth(0);
        why.setMaxWidth(Double.MAX_VALUE);
        why.setAlignment(Pos.CENTER_RIGHT);
        HBox.setHgrow(why, Priority.ALWAYS);
        for (Button button : new Button[] {back, primary, next}) {
            button.setMinWidth(USE_PREF_SIZE);
            button.managedProperty().bind(button.visibleProperty());
        }
        getChildren().addAll(back, why, primary, next);
    }

    /// @param canGoBack whether there is a page before
    /// @param nextName  the next page; empty if there is none
    /// @param canGoOn   whether it can be shown now
    void show(boolean canGoBack, Optional<PrimaryAction> action, Optional<String> nextName, boolean canGoOn) {
        back.setDisable(!canGoBack);
        boolean ready = action.isPresent() && action.get().refusal().isEmpty();
        primary.setVisible(action.isPresent());
        action.ifPresent(a -> {
            primary.setText(a.text());
            act = a.run();
        });
        primary.setDisable(!ready);
        var reason = action.flatMap(PrimaryAction::refusal).orElse("");
        Hints.rename(why, reason);
        primary.setAccessibleHelp(reason);
        boolean danger = action.map(PrimaryAction::danger).orElse(false);
        // One accented button at a time, and Enter presses it; a dangerous one is never pressed by Enter in a field
        boolean nextLeads =
                canGoOn && (!ready || action.map(PrimaryAction::quiet).orElse(false));
        style(primary, "accent", action.isPresent() && !danger && !nextLeads);
        style(primary, "danger", danger);
        next.setVisible(nextName.isPresent());
        next.setDisable(!canGoOn);
        nextName.ifPresent(next::setAccessibleText);
        style(next, "accent", nextLeads);
        primary.setDefaultButton(ready && !danger && !nextLeads);
        next.setDefaultButton(nextLeads && !danger);
    }

    /// Does the primary action if it can be done.
    void fire() {
        if (primary.isVisible() && !primary.isDisabled()) {
            primary.fire();
        }
    }

    private static void style(Button button, String name, boolean on) {
        button.getStyleClass().remove(name);
        if (on) {
            button.getStyleClass().add(name);
        }
    }
}

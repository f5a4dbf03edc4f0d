package io.handover.ui.control;

import io.handover.model.Environment;
import java.util.Locale;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;

/// What a server is for, as a word on its colour; production is red.
public final class EnvironmentTag extends Label {

    private final Texts texts;

    /// Says `environment`.
    public EnvironmentTag(Texts texts, Environment environment) {
        this.texts = texts;
        getStyleClass().add("env-tag");
        setMinWidth(USE_PREF_SIZE);
        show(environment);
    }

    /// Says another one.
    public void show(Environment environment) {
        setText(texts.of("environment.tag", environment));
        setAccessibleText(texts.of("environment", environment));
        for (Environment each : Environment.values()) {
            pseudoClassStateChanged(
                    PseudoClass.getPseudoClass(each.name().toLowerCase(Locale.ROOT)), each == environment);
        }
    }
}

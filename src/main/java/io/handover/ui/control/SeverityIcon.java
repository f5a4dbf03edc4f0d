package io.handover.ui.control;

import io.handover.model.Severity;
import javafx.scene.control.Label;

/// How much a finding matters: icon, colour and word, the word for screen readers and as a tooltip.
public final class SeverityIcon extends Label {

    /// Shows `severity`.
    public SeverityIcon(Texts texts, Severity severity) {
        getStyleClass().add("severity-icon");
        setGraphic(tone(severity).picture());
        tone(severity).paint(this);
        setMinWidth(USE_PREF_SIZE);
        Hints.explain(this, texts.of("severity", severity));
    }

    /// The tone that goes with it.
    public static Tone tone(Severity severity) {
        return switch (severity) {
            case BLOCKER -> Tone.BAD;
            case WARNING -> Tone.WARN;
            case NOTE -> Tone.INFO;
        };
    }
}

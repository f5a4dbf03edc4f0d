package io.handover.ui.control;

import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.util.Duration;

/// Small things for controls: explanations, names that may be too long, the clipboard.
public final class Hints {

    private static final Duration SOON = Duration.millis(400);

    private Hints() {}

    /// Says what `control` is for, as a tooltip and to a screen reader: for buttons that show an icon only.
    public static void explain(Control control, String text) {
        control.setTooltip(tooltip(text));
        control.setAccessibleText(text);
    }

    /// A tooltip that comes soon and breaks its lines.
    public static Tooltip tooltip(String text) {
        var tooltip = new Tooltip(text);
        tooltip.setShowDelay(SOON);
        tooltip.setShowDuration(Duration.seconds(30));
        tooltip.setWrapText(true);
        tooltip.setMaxWidth(420);
        return tooltip;
    }

    /// A label for a name from a catalogue: shortened in the middle, whole in its tooltip, underscores and all.
    public static Label name(String text) {
        var label = new Label();
        label.setMnemonicParsing(false);
        label.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
        label.setMinWidth(24);
        rename(label, text);
        return label;
    }

    /// Gives a label made by `name` another text.
    public static void rename(Label label, String text) {
        label.setText(text);
        label.setTooltip(text.isEmpty() ? null : tooltip(text));
    }

    /// Puts `text` on the clipboard.
    public static void copy(String text) {
        var content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }
}

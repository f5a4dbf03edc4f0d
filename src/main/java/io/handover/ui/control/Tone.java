package io.handover.ui.control;

import java.util.Locale;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// How something stands: always a colour and an icon or word, never a colour alone.
public enum Tone {
    /// Neither good nor bad.
    PLAIN(Feather.CIRCLE),
    /// Worth knowing.
    INFO(Feather.INFO),
    /// As it should be.
    GOOD(Feather.CHECK_CIRCLE),
    /// To be watched.
    WARN(Feather.ALERT_TRIANGLE),
    /// Wrong.
    BAD(Feather.X_CIRCLE);

    private final Feather icon;

    Tone(Feather icon) {
        this.icon = icon;
    }

    /// The icon that goes with it.
    public Feather icon() {
        return icon;
    }

    /// A new picture of that icon.
    public FontIcon picture() {
        return new FontIcon(icon);
    }

    /// Gives `node` the pseudo-class of this tone, for example `:good`, and takes away the others'.
    public void paint(Node node) {
        for (Tone tone : values()) {
            node.pseudoClassStateChanged(
                    PseudoClass.getPseudoClass(tone.name().toLowerCase(Locale.ROOT)), tone == this);
        }
    }
}

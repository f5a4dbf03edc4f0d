package io.handover.ui;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.text.Font;

/// The two looks of the window: AtlantaFX's Primer, the tokens on top of it, the rules made of the tokens.
public enum Theme {
    /// Dark on light.
    LIGHT,
    /// Light on dark.
    DARK;

    private static final List<String> FONTS =
            List.of("Inter-Regular.otf", "Inter-SemiBold.otf", "Inter-Bold.otf", "JetBrainsMono-Regular.ttf");
    private static final List<String> RULES =
            List.of("controlsfx", "controls", "shell", "connect", "snapshot", "pages", "settings");
    private static boolean fontsLoaded;

    /// What the operating system is set to; light if it does not say.
    public static Theme ofSystem() {
        return Platform.getPreferences().getColorScheme() == ColorScheme.DARK ? DARK : LIGHT;
    }

    /// Dresses `scene`, and every pop-up that belongs to it. JavaFX thread.
    public void dress(Scene scene) {
        loadFonts();
        Application.setUserAgentStylesheet(
                this == DARK ? new PrimerDark().getUserAgentStylesheet() : new PrimerLight().getUserAgentStylesheet());
        scene.getStylesheets().setAll(sheets());
    }

    private List<String> sheets() {
        var tokens = Stream.of("tokens", this == DARK ? "tokens-dark" : "tokens-light");
        return Stream.concat(tokens, RULES.stream())
                .map(name -> address("/io/handover/style/" + name + ".css"))
                .toList();
    }

    private static void loadFonts() {
        if (!fontsLoaded) {
            FONTS.forEach(file -> Font.loadFont(address("/io/handover/fonts/" + file), 13));
            fontsLoaded = true;
        }
    }

    private static String address(String resource) {
        return Objects.requireNonNull(Theme.class.getResource(resource), resource)
                .toExternalForm();
    }
}

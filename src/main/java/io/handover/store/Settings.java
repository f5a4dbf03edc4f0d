package io.handover.store;

import org.jspecify.annotations.Nullable;

/// What the user has set for the window.
///
/// @param look   which theme
/// @param source the name of the profile last used as source; empty if none
/// @param target the name of the profile last used as target; empty if none
/// @param width  of the window, in pixels; 0 for the default
/// @param height of the window, in pixels; 0 for the default
public record Settings(Look look, String source, String target, int width, int height) {

    /// Which theme.
    public enum Look {
        /// As the operating system is set.
        SYSTEM,
        /// Always light.
        LIGHT,
        /// Always dark.
        DARK
    }

    /// What a file does not say is at its default.
    public Settings(@Nullable Look look, @Nullable String source, @Nullable String target, int width, int height) {
        this.look = look == null ? Look.SYSTEM : look;
        this.source = source == null ? "" : source;
        this.target = target == null ? "" : target;
        this.width = Math.max(0, width);
        this.height = Math.max(0, height);
    }

    /// Everything at its default.
    public static Settings defaults() {
        return new Settings(Look.SYSTEM, "", "", 0, 0);
    }

    /// The same with another theme.
    public Settings with(Look newLook) {
        return new Settings(newLook, source, target, width, height);
    }

    /// The same with the profiles last used.
    public Settings with(String newSource, String newTarget) {
        return new Settings(look, newSource, newTarget, width, height);
    }

    /// The same with another size of the window.
    public Settings with(int newWidth, int newHeight) {
        return new Settings(look, source, target, newWidth, newHeight);
    }
}

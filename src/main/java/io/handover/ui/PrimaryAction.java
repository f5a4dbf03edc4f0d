package io.handover.ui;

import java.util.Optional;

/// The one thing to do on a page, as the footer's button.
///
/// @param text    what it says
/// @param refusal why it cannot be done now; empty if it can
/// @param danger  drawn in red, and never fired by Enter from a field
/// @param quiet   leaves the accent to Next while one can go on
/// @param run     does it, on the JavaFX thread
public record PrimaryAction(String text, Optional<String> refusal, boolean danger, boolean quiet, Runnable run) {

    /// Can be done.
    public static PrimaryAction ready(String text, Runnable run) {
        return new PrimaryAction(text, Optional.empty(), false, false, run);
    }

    /// Can be done if `refusal` is empty.
    public static PrimaryAction of(String text, Optional<String> refusal, Runnable run) {
        return new PrimaryAction(text, refusal, false, false, run);
    }

    /// The same, dangerous.
    public PrimaryAction dangerous() {
        return new PrimaryAction(text, refusal, true, false, run);
    }

    /// The same, where going on is what people usually want.
    public PrimaryAction quietly() {
        return new PrimaryAction(text, refusal, danger, true, run);
    }
}

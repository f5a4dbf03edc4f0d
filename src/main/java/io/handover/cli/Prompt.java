package io.handover.cli;

import io.handover.model.Secret;
import java.io.Console;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks the person at the terminal, where there is one.
///
/// @param console the terminal; null where there is none
record Prompt(@Nullable Console console) {

    static Prompt ofTerminal() {
        return new Prompt(Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .orElse(null));
    }

    /// A password without echo; none where nobody can be asked, or for an empty answer (trust, certificates).
    Secret password(String question) {
        if (console == null) {
            return Secret.none();
        }
        char @Nullable [] typed = console.readPassword("%s", question);
        return typed == null ? Secret.none() : Secret.of(new String(typed));
    }

    /// A line; empty where nobody can be asked.
    Optional<String> line(String question) {
        if (console == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(console.readLine("%s", question));
    }
}

package io.handover.ui.control;

import io.handover.model.Problem;

/// What a banner says.
///
/// @param tone    how bad it is
/// @param title   one sentence
/// @param text    what it means and what to do; empty for a single line
/// @param details technical text, shown on demand; empty if there is none
public record Message(Tone tone, String title, String text, String details) {

    /// A title and a text.
    public static Message of(Tone tone, String title, String text) {
        return new Message(tone, title, text, "");
    }

    /// A failure as a person reads it.
    public static Message of(Tone tone, Problem problem) {
        String text = problem.meaning().isEmpty() || problem.action().isEmpty()
                ? problem.meaning() + problem.action()
                : problem.meaning() + "\n" + problem.action();
        return new Message(tone, problem.what(), text, problem.details());
    }
}

package io.handover.model;

import java.util.List;

/// What a hand-over will do, step by step, with the names of this migration: for a change ticket.
///
/// @param title for example `Cutover of shop …`
/// @param parts in the order in which they happen
public record Runbook(String title, List<Part> parts) {

    /// Copies the list.
    public Runbook {
        parts = List.copyOf(parts);
    }

    /// One step.
    ///
    /// @param heading what is done
    /// @param words   what a person should know, a sentence each
    /// @param lines   what is run
    public record Part(String heading, List<String> words, List<Line> lines) {

        /// Copies the lists.
        public Part {
            words = List.copyOf(words);
            lines = List.copyOf(lines);
        }
    }

    /// One statement or command.
    ///
    /// @param where `source`, `target`, `shell`, or the console of a PgBouncer
    /// @param text  as it is run, or with placeholders in `<…>` where only the run knows; no secrets
    /// @param note  a remark; may be empty
    public record Line(String where, String text, String note) {

        /// Without a remark.
        public Line(String where, String text) {
            this(where, text, "");
        }
    }
}

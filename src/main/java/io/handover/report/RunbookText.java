package io.handover.report;

import io.handover.model.Runbook;
import io.handover.model.Runbook.Line;
import io.handover.model.Runbook.Part;
import java.util.Locale;

/// A runbook as text. Pure.
public final class RunbookText {

    private RunbookText() {}

    /// As the name of the file wants it: SQL if it ends in `.sql`, else Markdown.
    public static String of(Runbook book, String file) {
        return file.toLowerCase(Locale.ROOT).endsWith(".sql") ? sql(book) : markdown(book);
    }

    /// Markdown, with the statements of each step in blocks.
    public static String markdown(Runbook book) {
        var text = new StringBuilder("# " + book.title() + "\n");
        int number = 1;
        for (Part part : book.parts()) {
            text.append("\n## ")
                    .append(number++)
                    .append(". ")
                    .append(part.heading())
                    .append("\n\n");
            part.words().forEach(words -> text.append("- ").append(words).append('\n'));
            String where = "";
            for (Line line : part.lines()) {
                if (!line.where().equals(where)) {
                    text.append(where.isEmpty() ? "" : "```\n");
                    text.append("\nOn ")
                            .append(place(line))
                            .append(":\n\n```")
                            .append(fence(line.where()))
                            .append('\n');
                    where = line.where();
                }
                text.append(text(line)).append('\n');
            }
            text.append(where.isEmpty() ? "" : "```\n");
        }
        return text.toString();
    }

    /// Statements of both servers, everything else as comments. For reading, not for running: only Handover knows what
    /// stands in `<…>`, and when the next statement may follow.
    public static String sql(Runbook book) {
        var text = new StringBuilder("-- " + book.title() + "\n-- For reading: this file cannot be run.\n");
        int number = 1;
        for (Part part : book.parts()) {
            text.append("\n-- ")
                    .append(number++)
                    .append(". ")
                    .append(part.heading())
                    .append('\n');
            part.words().forEach(words -> text.append("--    ").append(words).append('\n'));
            for (Line line : part.lines()) {
                String oneLine = line.text().replace("\n", "\n--   ");
                text.append("\n-- on ").append(place(line)).append('\n');
                text.append(statement(line) ? text(line) + "\n" : "--   " + oneLine + "\n");
            }
        }
        return text.toString();
    }

    private static boolean statement(Line line) {
        return line.where().equals("source") || line.where().equals("target");
    }

    private static String text(Line line) {
        return line.text() + (statement(line) ? ";" : "") + (line.note().isEmpty() ? "" : " -- " + line.note());
    }

    private static String place(Line line) {
        return switch (line.where()) {
            case "source", "target" -> "the " + line.where();
            case "shell" -> "this computer";
            default -> "the console of " + line.where();
        };
    }

    private static String fence(String where) {
        return where.equals("shell") ? "sh" : "sql";
    }
}

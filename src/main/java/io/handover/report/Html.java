package io.handover.report;

import java.util.Collection;

/// Builds HTML text; everything that comes from outside is escaped.
final class Html {

    private final StringBuilder text = new StringBuilder();

    /// Adds markup of our own, unescaped.
    Html raw(String markup) {
        text.append(markup);
        return this;
    }

    /// Adds text from anywhere.
    Html text(String value) {
        text.append(escaped(value));
        return this;
    }

    /// An element with text.
    Html element(String tag, String value) {
        return raw("<" + tag + ">").text(value).raw("</" + tag.split(" ", 2)[0] + ">\n");
    }

    /// A table's beginning; `kind` is the class that says how wide its columns are. Ends with `</table>`.
    Html table(String kind, Collection<String> columns) {
        return raw("<table class=\"" + kind + "\">\n<thead>").row("th", columns).raw("</thead>\n");
    }

    /// A table's row.
    Html row(String cell, Collection<String> values) {
        raw("<tr>");
        values.forEach(value -> element(cell, value));
        return raw("</tr>\n");
    }

    /// A line of a definition list; left out if `value` is empty.
    Html fact(String name, String value) {
        return value.isEmpty() ? this : element("dt", name).element("dd", value);
    }

    static String escaped(String value) {
        var out = new StringBuilder(value.length() + 16);
        value.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> {
                    if (readable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append("\\x").append(Integer.toHexString(c));
                    }
                }
            }
        });
        return out.toString();
    }

    /// Control characters are not HTML; others nobody sees, or they turn the letters around them about.
    /// Joiners belong to words and pictures.
    private static boolean readable(int c) {
        return c == '\n'
                || c == '\t'
                || c == 0x200c
                || c == 0x200d
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                };
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

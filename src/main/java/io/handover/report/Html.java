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
                    if (c >= 0x20 || c == '\n' || c == '\t') {
                        out.appendCodePoint(c);
                    } else {
                        out.append("\\x").append(Integer.toHexString(c)); // control characters are not HTML
                    }
                }
            }
        });
        return out.toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

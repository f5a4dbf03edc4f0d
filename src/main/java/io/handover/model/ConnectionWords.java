package io.handover.model;

import java.util.LinkedHashMap;
import java.util.Map;

/// Reads libpq's `host=… dbname='my db'`: blanks part them, single quotes hold them together, `\` escapes.
final class ConnectionWords {

    private final String text;
    private int at;

    private ConnectionWords(String text) {
        this.text = text;
    }

    /// @throws IllegalArgumentException if it is anything else
    static Map<String, String> parse(String text) {
        return new ConnectionWords(text).all();
    }

    private Map<String, String> all() {
        var words = new LinkedHashMap<String, String>();
        skipBlanks();
        while (at < text.length()) {
            int equals = text.indexOf('=', at);
            var name = equals < 0 ? "" : text.substring(at, equals).strip();
            if (!name.matches("[A-Za-z_]+")) {
                throw new IllegalArgumentException(
                        "this is no connection string: write postgresql://user@host:5432/database");
            }
            at = equals + 1;
            skipBlanks();
            words.put(name, value());
            skipBlanks();
        }
        return words;
    }

    private String value() {
        boolean quoted = at < text.length() && text.charAt(at) == '\'';
        if (quoted) {
            at++;
        }
        var value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (quoted ? c == '\'' : Character.isWhitespace(c)) {
                at++;
                return value.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                c = text.charAt(++at);
            }
            value.append(c);
            at++;
        }
        if (quoted) {
            throw new IllegalArgumentException("a quoted value has no end");
        }
        return value.toString();
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}

package io.handover.pg;

/// Goes through SQL text token by token, so that what stands inside strings, quoted names, function bodies
/// and comments is never taken for SQL. Reads what `pg_dump` writes: `standard_conforming_strings` is on.
final class SqlScanner {

    /// What a token is.
    enum Kind {
        /// A keyword, an unquoted name or a number.
        WORD,
        /// A name in double quotes.
        NAME,
        /// A string in single quotes or dollars.
        TEXT,
        /// Any other single character.
        SYMBOL,
        /// `--` to the line's end, or `/* */`.
        COMMENT,
        /// A line that begins with a backslash: for psql, not SQL.
        META,
        /// No more text.
        END
    }

    private final String text;
    private int start;
    private int end;

    /// Starts before the first token.
    SqlScanner(String text) {
        this.text = text;
    }

    /// Moves on to the next token.
    ///
    /// @throws IllegalArgumentException if the text ends inside a string, a name or a comment
    Kind next() {
        start = end;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        end = start;
        if (start == text.length()) {
            return Kind.END;
        }
        char first = text.charAt(start);
        return switch (first) {
            case '\'' -> quoted('\'', Kind.TEXT);
            case '"' -> quoted('"', Kind.NAME);
            case '$' -> dollars();
            case '-' -> text.startsWith("--", start) ? toLineEnd(Kind.COMMENT) : symbol();
            case '/' -> text.startsWith("/*", start) ? block() : symbol();
            case '\\' -> isLineStart() ? toLineEnd(Kind.META) : symbol();
            default -> isWord(first) ? word() : symbol();
        };
    }

    /// Where the token begins.
    int start() {
        return start;
    }

    /// Where it ends, exclusive.
    int end() {
        return end;
    }

    /// The token as it stands in the text.
    String token() {
        return text.substring(start, end);
    }

    /// True if the token is this single character.
    boolean is(char symbol) {
        return end == start + 1 && text.charAt(start) == symbol;
    }

    /// True if the token is the first thing in its line.
    boolean isLineStart() {
        return start == 0 || text.charAt(start - 1) == '\n';
    }

    /// Goes on at `position`.
    void jump(int position) {
        end = position;
    }

    private Kind word() {
        while (end < text.length() && (isWord(text.charAt(end)) || text.charAt(end) == '$')) {
            end++;
        }
        boolean escapes = end == start + 1 && (text.charAt(start) == 'E' || text.charAt(start) == 'e');
        if (escapes && end < text.length() && text.charAt(end) == '\'') {
            return escapeString();
        }
        return Kind.WORD;
    }

    private Kind escapeString() {
        for (int i = end + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '\'') {
                if (!text.startsWith("'", i + 1)) {
                    end = i + 1;
                    return Kind.TEXT;
                }
                i++;
            }
        }
        throw unended("a string");
    }

    private Kind quoted(char quote, Kind kind) {
        for (int i = start + 1; i < text.length(); i++) {
            if (text.charAt(i) == quote) {
                if (i + 1 == text.length() || text.charAt(i + 1) != quote) {
                    end = i + 1;
                    return kind;
                }
                i++;
            }
        }
        throw unended(kind == Kind.NAME ? "a quoted name" : "a string");
    }

    /// `$tag$ … $tag$`; a dollar without a tag is a parameter such as `$1`.
    private Kind dollars() {
        int i = start + 1;
        while (i < text.length() && isWord(text.charAt(i))) {
            i++;
        }
        boolean parameter = i > start + 1 && isDigit(text.charAt(start + 1));
        if (parameter || i == text.length() || text.charAt(i) != '$') {
            return symbol();
        }
        String tag = text.substring(start, i + 1);
        int close = text.indexOf(tag, i + 1);
        if (close < 0) {
            throw unended("a text in " + tag);
        }
        end = close + tag.length();
        return Kind.TEXT;
    }

    private Kind block() {
        int depth = 0;
        for (int i = start; i + 1 < text.length(); i++) {
            if (text.startsWith("/*", i)) {
                depth++;
                i++;
            } else if (text.startsWith("*/", i)) {
                depth--;
                i++;
                if (depth == 0) {
                    end = i + 1;
                    return Kind.COMMENT;
                }
            }
        }
        throw unended("a comment");
    }

    private Kind toLineEnd(Kind kind) {
        int line = text.indexOf('\n', start);
        end = line < 0 ? text.length() : line;
        return kind;
    }

    private Kind symbol() {
        end = start + 1;
        return Kind.SYMBOL;
    }

    private IllegalArgumentException unended(String what) {
        return new IllegalArgumentException("the text ends inside " + what + " that begins at " + start);
    }

    /// PostgreSQL's spaces; the others of Unicode may stand in a name.
    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /// Everything beyond ASCII may stand in a name.
    private static boolean isWord(char c) {
        return c == '_' || c >= 0x80 || isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

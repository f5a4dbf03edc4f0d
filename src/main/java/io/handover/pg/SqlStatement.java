package io.handover.pg;

import io.handover.model.TableRef;
import io.handover.pg.SqlScanner.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A statement of a dump, read as far as Handover needs it: its keywords and the relations it names.
final class SqlStatement {

    private final String text;
    private final List<Token> tokens;

    private SqlStatement(String text, List<Token> tokens) {
        this.text = text;
        this.tokens = tokens;
    }

    /// Cuts `sql` into its statements; comments between them are left out.
    ///
    /// @throws IllegalArgumentException if it ends within a statement
    static List<SqlStatement> all(String sql) {
        var found = new ArrayList<SqlStatement>();
        var scanner = new SqlScanner(sql);
        var bounds = new StatementBounds();
        var tokens = new ArrayList<Token>();
        int begin = 0;
        for (Kind kind = scanner.next(); kind != Kind.END; kind = scanner.next()) {
            boolean first = !bounds.inside();
            int depth = bounds.depth();
            if (bounds.accept(kind, scanner)) {
                found.add(new SqlStatement(sql.substring(begin, scanner.end()), List.copyOf(tokens)));
                tokens.clear();
            } else if (bounds.inside() && kind != Kind.COMMENT) {
                begin = first ? scanner.start() : begin;
                if (depth == 0) {
                    tokens.add(Token.of(kind, scanner.token()));
                }
            }
        }
        if (bounds.inside()) {
            throw new IllegalArgumentException("the text ends within a statement");
        }
        return found;
    }

    /// The statement with its semicolon.
    String text() {
        return text;
    }

    /// True if these keywords follow each other somewhere outside parentheses.
    boolean has(String... words) {
        return after(words) >= 0;
    }

    /// True if the statement begins with these keywords.
    boolean begins(String... words) {
        return matches(0, words);
    }

    /// The relation named after these keywords; `ONLY` and `IF NOT EXISTS` between are passed over.
    Optional<TableRef> relationAfter(String... words) {
        int at = after(words);
        if (at < 0) {
            return Optional.empty();
        }
        while (at < tokens.size() && tokens.get(at).isOneOf("ONLY", "IF", "NOT", "EXISTS")) {
            at++;
        }
        boolean qualified = at + 2 < tokens.size()
                && tokens.get(at).isName()
                && tokens.get(at + 1).is(".")
                && tokens.get(at + 2).isName();
        return qualified
                ? Optional.of(
                        new TableRef(tokens.get(at).value(), tokens.get(at + 2).value()))
                : Optional.empty();
    }

    /// The name after these keywords, without a schema; `IF NOT EXISTS` between is passed over.
    Optional<String> nameAfter(String... words) {
        int at = after(words);
        while (at >= 0 && at < tokens.size() && tokens.get(at).isOneOf("IF", "NOT", "EXISTS")) {
            at++;
        }
        return at >= 0 && at < tokens.size() && tokens.get(at).isName()
                ? Optional.of(tokens.get(at).value())
                : Optional.empty();
    }

    /// The quoted names in the lists, separated by commas, that follow any of these keywords.
    List<String> quotedAfter(String... words) {
        var names = new ArrayList<String>();
        for (int i = 0; i < tokens.size(); i++) {
            if (!tokens.get(i).isOneOf(words)) {
                continue;
            }
            for (int at = i + 1; at < tokens.size() && tokens.get(at).isName(); at += 2) {
                if (tokens.get(at).kind() == Kind.NAME) {
                    names.add(tokens.get(at).value());
                }
                if (at + 1 == tokens.size() || !tokens.get(at + 1).is(",")) {
                    break;
                }
            }
        }
        return names;
    }

    private int after(String... words) {
        for (int i = 0; i + words.length <= tokens.size(); i++) {
            if (matches(i, words)) {
                return i + words.length;
            }
        }
        return -1;
    }

    private boolean matches(int at, String... words) {
        if (at + words.length > tokens.size()) {
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            if (!tokens.get(at + i).isOneOf(words[i])) {
                return false;
            }
        }
        return true;
    }

    /// @param value names without their quotes
    private record Token(Kind kind, String value) {

        static Token of(Kind kind, String token) {
            return kind == Kind.NAME
                    ? new Token(kind, token.substring(1, token.length() - 1).replace("\"\"", "\""))
                    : new Token(kind, token);
        }

        boolean isName() {
            return kind == Kind.NAME || kind == Kind.WORD;
        }

        boolean is(String symbol) {
            return kind == Kind.SYMBOL && value.equals(symbol);
        }

        boolean isOneOf(String... keywords) {
            return kind == Kind.WORD && List.of(keywords).contains(value.toUpperCase(Locale.ROOT));
        }
    }
}

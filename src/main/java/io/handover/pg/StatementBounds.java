package io.handover.pg;

import io.handover.pg.SqlScanner.Kind;
import java.util.Locale;
import java.util.Set;

/// Tells where statements end: at a semicolon that stands neither in parentheses nor in a function's
/// `BEGIN ATOMIC … END`.
final class StatementBounds {

    /// The first words of a statement that may have such a body.
    private static final Set<String> ROUTINES =
            Set.of("CREATE FUNCTION", "CREATE PROCEDURE", "CREATE OR REPLACE FUNCTION", "CREATE OR REPLACE PROCEDURE");

    private final StringBuilder opening = new StringBuilder();
    private boolean inside;
    private boolean routine;
    private int words;
    private int parentheses;
    private int blocks;

    /// Takes the scanner's present token.
    ///
    /// @return true if it is the semicolon that ends a statement
    boolean accept(Kind kind, SqlScanner scanner) {
        if (kind == Kind.COMMENT || kind == Kind.META || kind == Kind.END) {
            return false;
        }
        if (kind == Kind.SYMBOL && scanner.is(';') && parentheses == 0 && blocks == 0) {
            boolean ended = inside;
            reset();
            return ended;
        }
        inside = true;
        if (kind == Kind.WORD) {
            word(scanner.token().toUpperCase(Locale.ROOT));
        } else if (kind == Kind.SYMBOL && scanner.is('(')) {
            parentheses++;
        } else if (kind == Kind.SYMBOL && scanner.is(')')) {
            parentheses--;
        }
        return false;
    }

    /// True within a statement.
    boolean inside() {
        return inside;
    }

    /// How many parentheses and blocks are open.
    int depth() {
        return parentheses + blocks;
    }

    private void word(String word) {
        if (words < 4) {
            opening.append(words == 0 ? "" : " ").append(word);
            routine |= ROUTINES.contains(opening.toString());
        }
        words++;
        if (!routine || parentheses > 0) {
            return;
        }
        switch (word) {
            case "BEGIN" -> blocks++;
            case "CASE" -> blocks += blocks > 0 ? 1 : 0;
            case "END" -> blocks -= blocks > 0 ? 1 : 0;
            default -> {
                // no word that opens or closes anything
            }
        }
    }

    private void reset() {
        opening.setLength(0);
        inside = false;
        routine = false;
        words = 0;
        parentheses = 0;
        blocks = 0;
    }
}

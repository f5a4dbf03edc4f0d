package io.handover.pg;

import java.util.ArrayList;
import java.util.List;

/// `concat_ws` with a unit separator over any number of expressions: a function takes 100 arguments at most,
/// a table has up to 1,600 columns.
///
/// `concat_ws` and `concat` write every value with its type's output function. A cast to text would not do:
/// a type may have a cast of its own, which need not tell two values apart.
final class Concat {

    private static final int ARGUMENTS = 90;

    private Concat() {}

    /// The expression; NULLs leave no trace in it, so the caller has to mark them.
    static String sql(List<String> expressions) {
        List<String> parts = expressions;
        while (parts.size() > ARGUMENTS) {
            var fewer = new ArrayList<String>();
            for (int from = 0; from < parts.size(); from += ARGUMENTS) {
                fewer.add(call(parts.subList(from, Math.min(parts.size(), from + ARGUMENTS))));
            }
            parts = fewer;
        }
        return parts.isEmpty() ? "''::text" : call(parts);
    }

    private static String call(List<String> parts) {
        return "concat_ws(E'\\x1f', " + String.join(", ", parts) + ")";
    }
}

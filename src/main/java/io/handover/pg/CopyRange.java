package io.handover.pg;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which rows of a table.
public sealed interface CopyRange {

    /// The condition for it, beginning with ` where`; empty for all rows.
    String where();

    /// All.
    record Whole() implements CopyRange {
        @Override
        public String where() {
            return "";
        }
    }

    /// Those on some of its pages.
    ///
    /// @param from first page
    /// @param to   the page after the last; -1 for all that follow
    record Pages(long from, long to) implements CopyRange {
        @Override
        public String where() {
            return CopyRange.both(
                    from == 0 ? Optional.empty() : Optional.of("ctid >= '(" + from + ",0)'::pg_catalog.tid"),
                    to < 0 ? Optional.empty() : Optional.of("ctid < '(" + to + ",0)'::pg_catalog.tid"));
        }
    }

    /// Those between two values of a column.
    ///
    /// @param key  the column
    /// @param from the least value, if there is one
    /// @param to   the value after the greatest, if there is one
    record Keys(CopySplit.Key key, List<String> from, List<String> to) implements CopyRange {

        /// Copies the lists.
        public Keys {
            from = List.copyOf(from);
            to = List.copyOf(to);
        }

        @Override
        public String where() {
            return CopyRange.both(
                    from.stream().findFirst().map(value -> condition(">=", value)),
                    to.stream().findFirst().map(value -> condition("<", value)));
        }

        private String condition(String operator, String value) {
            return SqlNames.quoted(key.column()) + " " + operator + " " + SqlNames.literal(value) + "::pg_catalog."
                    + SqlNames.quoted(key.type());
        }
    }

    private static String both(Optional<String> from, Optional<String> to) {
        String all = Stream.of(from, to).flatMap(Optional::stream).collect(Collectors.joining(" and "));
        return all.isEmpty() ? "" : " where " + all;
    }
}

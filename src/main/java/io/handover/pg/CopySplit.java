package io.handover.pg;

import java.util.ArrayList;
import java.util.List;

/// Along what the rows of a table can be cut into parts that several workers read at the same time, none of them
/// reading the others' rows.
public sealed interface CopySplit {

    /// Cuts into about `parts` parts, which together are the whole table, whatever it has grown by since: the
    /// first begins before all rows and the last has no end.
    ///
    /// @return a single `CopyRange.Whole` if it cannot be cut
    List<CopyRange> into(long parts);

    /// It cannot be cut.
    record Never() implements CopySplit {
        @Override
        public List<CopyRange> into(long parts) {
            return List.of(new CopyRange.Whole());
        }
    }

    /// Along its pages; for servers from 14 on, which read a range of them directly.
    ///
    /// @param count of the heap, when read
    record Pages(long count) implements CopySplit {
        @Override
        public List<CopyRange> into(long parts) {
            long cuts = Math.min(parts, count);
            if (cuts <= 1) {
                return List.of(new CopyRange.Whole());
            }
            var ranges = new ArrayList<CopyRange>();
            for (long i = 0; i < cuts; i++) {
                ranges.add(new CopyRange.Pages(count * i / cuts, i == cuts - 1 ? -1 : count * (i + 1) / cuts));
            }
            return ranges;
        }
    }

    /// Along a column that is never null, has a btree index and in whose order the rows lie.
    ///
    /// @param column its name
    /// @param type   its type's name in `pg_catalog`
    /// @param bounds values in order, with about the same number of rows between each two; the planner's guess, so
    ///               parts may differ in size but never overlap
    record Key(String column, String type, List<String> bounds) implements CopySplit {

        /// Copies the list.
        public Key {
            bounds = List.copyOf(bounds);
        }

        @Override
        public List<CopyRange> into(long parts) {
            int cuts = (int) Math.min(parts, bounds.size() - 1);
            if (cuts <= 1) {
                return List.of(new CopyRange.Whole());
            }
            var ranges = new ArrayList<CopyRange>();
            String from = "";
            boolean first = true;
            for (int i = 1; i < cuts; i++) {
                String to = bounds.get((bounds.size() - 1) * i / cuts);
                ranges.add(new CopyRange.Keys(this, first ? List.of() : List.of(from), List.of(to)));
                from = to;
                first = false;
            }
            ranges.add(new CopyRange.Keys(this, List.of(from), List.of()));
            return ranges;
        }
    }
}

package io.handover.pg;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.DoublePredicate;

/// Which of the comparison's goals its figures meet, in words made from these figures, so that the page cannot say
/// one thing in its tables and another below.
final class ComparisonGoals {

    /// Rows a second and core.
    private static final double WIDE = 350_000;

    private static final double NARROW = 3_000_000;

    /// What finding the place of a difference may cost, as a share of the sums without it.
    private static final double PLACE = 0.10;

    /// Times as fast as pgcopydb's statement.
    private static final double TIMES = 2;

    /// Medians of one table.
    ///
    /// @param rows     on one side
    /// @param handover the comparison of a table that nobody changed meanwhile
    /// @param buckets  the same in buckets, which tell the place of a difference
    /// @param pgcopydb its statement
    record Figures(long rows, Time handover, Time buckets, Time pgcopydb) {}

    /// How long one method took.
    ///
    /// @param elapsed   seconds passed
    /// @param processor seconds both servers' processes worked; 0 where the system does not tell
    record Time(double elapsed, double processor) {}

    private ComparisonGoals() {}

    /// A paragraph and a table. Where processor time is unknown nothing is called met by it.
    static String text(Figures wide, Figures narrow) {
        var lines = new ArrayList<String>();
        int missed = 0;
        for (var line : List.of(
                rate("wide", wide, WIDE),
                rate("narrow", narrow, NARROW),
                place("wide", wide),
                place("narrow", narrow),
                times("wide", wide),
                times("narrow", narrow))) {
            missed += line.met ? 0 : 1;
            lines.add(String.format("| %s | %s | %s |", line.goal, line.measured, line.met ? "met" : "missed"));
        }
        int all = lines.size();
        String verdict = missed == 0
                ? "All " + all + " goals are met."
                : missed == all ? "All " + all + " goals are missed." : missed + " of " + all + " goals are missed.";
        return "\n### Goals\n\n**" + verdict + "** Where two times are named, both have to meet the goal.\n\n"
                + "| goal | measured | |\n| --- | --- | --- |\n" + String.join("\n", lines) + "\n\n"
                + "pgcopydb's statement has 32 bits a row and does not tell the place. Handover looks for it only where"
                + " the sums differ: by\nbucket, and then through the rows of the differing buckets, which is another"
                + " reading. What the buckets cost more is the\nserver's grouping: about the same for any row, however"
                + " cheap its hash is.\n";
    }

    private static Line rate(String table, Figures of, double wanted) {
        double reached = 2 * of.rows / of.handover.processor;
        return new Line(
                String.format(Locale.ROOT, "%,.0f %s rows a second and core", wanted, table),
                of.handover.processor > 0 ? String.format(Locale.ROOT, "%,.0f", reached) : "unknown",
                of.handover.processor > 0 && reached >= wanted);
    }

    private static Line place(String table, Figures of) {
        return both(
                String.format(
                        Locale.ROOT, "finding the place on %s rows costs at most %.0f %% more", table, 100 * PLACE),
                cost -> String.format(Locale.ROOT, "%+.0f %%", 100 * cost),
                new Time(
                        of.buckets.elapsed / of.handover.elapsed - 1,
                        of.buckets.processor / of.handover.processor - 1), // NaN where unknown
                cost -> cost <= PLACE);
    }

    private static Line times(String table, Figures of) {
        return both(
                String.format(Locale.ROOT, "%.0f times as fast as pgcopydb's statement on %s rows", TIMES, table),
                factor -> String.format(Locale.ROOT, "%.2f", factor),
                new Time(
                        of.pgcopydb.elapsed / of.handover.elapsed,
                        of.pgcopydb.processor / of.handover.processor), // NaN where unknown
                factor -> factor >= TIMES);
    }

    private static Line both(String goal, DoubleFunction<String> words, Time ratio, DoublePredicate meets) {
        boolean known = Double.isFinite(ratio.processor);
        return new Line(
                goal,
                "processor time " + (known ? words.apply(ratio.processor) : "unknown") + ", time passed "
                        + words.apply(ratio.elapsed),
                known && meets.test(ratio.processor) && meets.test(ratio.elapsed));
    }

    private record Line(String goal, String measured, boolean met) {}
}

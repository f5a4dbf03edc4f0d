package io.handover.benchmark;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// One run.
///
/// @param by      who
/// @param of      what
/// @param seconds on the clock
/// @param cpu     of both servers and the tool
/// @param load    the machine's load average when it began: what else went on
/// @param run     what the tool itself told
record Measured(Contender by, Dataset of, double seconds, double cpu, double load, Contender.Run run) {

    /// The middle one; the mean of the middle two.
    static double median(List<Measured> runs, ToDoubleFunction<Measured> what) {
        double[] sorted = runs.stream().mapToDouble(what).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

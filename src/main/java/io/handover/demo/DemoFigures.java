package io.handover.demo;

import io.handover.demo.WorkloadReport.Pause;
import io.handover.model.CutoverReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What the demo came to, in lines for people. Pure.
public final class DemoFigures {

    /// A write pause is looked for until so long after writes were stopped.
    private static final Duration AROUND = Duration.ofSeconds(10);

    private DemoFigures() {}

    /// The lines.
    ///
    /// @param work     what the application noticed
    /// @param cutovers all cutovers and roll backs, oldest first
    /// @param ledger   what became of the acknowledged transactions
    public static List<String> lines(WorkloadReport work, List<CutoverReport> cutovers, LedgerReport ledger) {
        var lines = new ArrayList<String>();
        lines.add("The application: " + work.committed() + " transactions committed; " + work.failed()
                + " attempts failed and were repeated" + byState(work.failures()) + "; " + work.waited()
                + " transactions waited, the longest " + work.longest().toMillis() + " ms");
        if (!work.refused().isEmpty()) {
            lines.add("Logins refused" + byState(work.refused()));
        }
        for (CutoverReport cutover : cutovers) {
            lines.add("Handover from the " + cutover.from().word() + " ("
                    + cutover.outcome().name().toLowerCase(java.util.Locale.ROOT) + "): writes paused for "
                    + millis(cutover.writePause()) + " on the servers, "
                    + millis(seenPause(work, cutover).map(Pause::length)) + " as the application saw it");
        }
        work.moves()
                .forEach(move -> lines.add("Last commit on " + move.from() + " to first on " + move.to() + ": "
                        + move.gap().toMillis() + " ms"));
        work.brokenBy().ifPresent(failure -> lines.add("The application broke down: " + failure));
        lines.add("Ledger: " + ledger.acknowledged() + " transactions acknowledged; "
                + ledger.lost().size()
                + " lost, " + ledger.doubled().size() + " doubled, "
                + ledger.ghosts().size()
                + " there against the server's word; of those cut off " + ledger.cutOffPresent() + " are there, "
                + ledger.cutOffAbsent() + " are not");
        return lines;
    }

    /// The longest time without a commit around a handover; empty if it was too short to be noticed.
    static Optional<Pause> seenPause(WorkloadReport work, CutoverReport cutover) {
        Instant until = cutover.frozenAt()
                .orElse(cutover.startedAt())
                .plus(cutover.writePause().orElse(Duration.ZERO))
                .plus(AROUND);
        return work.pauses().stream()
                .filter(pause -> !pause.to().isBefore(cutover.startedAt())
                        && !pause.from().isAfter(until))
                .max(Comparator.comparing(Pause::length));
    }

    private static String millis(Optional<Duration> time) {
        return time.map(t -> t.toMillis() + " ms").orElse("an unknown time");
    }

    private static String byState(Map<String, Long> counts) {
        return counts.isEmpty()
                ? ""
                : new TreeMap<>(counts)
                        .entrySet().stream()
                                .map(e -> e.getKey() + ": " + e.getValue())
                                .collect(Collectors.joining(", ", " (", ")"));
    }
}

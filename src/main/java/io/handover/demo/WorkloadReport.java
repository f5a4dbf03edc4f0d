package io.handover.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What the application has noticed so far.
///
/// @param committed   transactions acknowledged
/// @param open        attempts nobody told the outcome of, the running ones among them
/// @param failures    failed attempts by SQLSTATE; the application has tried each again
/// @param refused     failed logins by SQLSTATE
/// @param waited      transactions that took longer than the options' `waitedOver`, repetitions included
/// @param longest     what the longest transaction took, repetitions included
/// @param pauses      times in which nobody's commit was acknowledged, in order, the short ones left out
/// @param moves       changes of the database, in order
/// @param missed      own acknowledged rows that were not found again; 0 unless data were lost
/// @param brokenBy    what ended a writer against its will; empty if nothing did
public record WorkloadReport(
        long committed,
        long open,
        Map<String, Long> failures,
        Map<String, Long> refused,
        long waited,
        Duration longest,
        List<Pause> pauses,
        List<Move> moves,
        long missed,
        Optional<Throwable> brokenBy) {

    /// What an application must expect of a server that hands over, besides class 08 (connection).
    private static final Set<String> EXPECTED = Set.of(
            "57P01", // session ended by an administrator
            "57P02", // server crashed
            "57P03", // server is starting or stopping
            "25006", // read only
            "40001", // serialization
            "40P01", // deadlock
            "55P03"); // lock not available

    /// Copies the collections.
    public WorkloadReport {
        failures = Map.copyOf(failures);
        refused = Map.copyOf(refused);
        pauses = List.copyOf(pauses);
        moves = List.copyOf(moves);
    }

    /// How many attempts failed.
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /// The failures that a handover does not excuse, by SQLSTATE; empty if all is well.
    public Map<String, Long> unexpected() {
        var unexpected = new TreeMap<String, Long>();
        for (var counted : List.of(failures, refused)) {
            counted.forEach((state, times) -> {
                if (!EXPECTED.contains(state) && !state.startsWith("08")) {
                    unexpected.merge(state, times, Long::sum);
                }
            });
        }
        return unexpected;
    }

    /// The longest pause that ended at `since` or later; empty if there was none worth noting.
    public Optional<Pause> longestPause(Instant since) {
        return pauses.stream().filter(pause -> !pause.to().isBefore(since)).max(Comparator.comparing(Pause::length));
    }

    /// The newest move to another database.
    public Optional<Move> lastMove() {
        return moves.isEmpty() ? Optional.empty() : Optional.of(moves.getLast());
    }

    /// Some lines for people.
    @Override
    public String toString() {
        var text = new StringBuilder()
                .append(committed)
                .append(" transactions committed, ")
                .append(failed())
                .append(" attempts failed and were repeated")
                .append(byState(failures))
                .append(", ")
                .append(waited)
                .append(" transactions waited; the longest took ")
                .append(longest.toMillis())
                .append(" ms");
        moves.forEach(move -> text.append(System.lineSeparator())
                .append(move.from())
                .append(" → ")
                .append(move.to())
                .append(": ")
                .append(move.gap().toMillis())
                .append(" ms between the last commit on the old and the first on the new"));
        return text.toString();
    }

    private static String byState(Map<String, Long> counts) {
        return counts.isEmpty()
                ? ""
                : new TreeMap<>(counts)
                        .entrySet().stream()
                                .map(e -> e.getKey() + ": " + e.getValue())
                                .collect(Collectors.joining(", ", " (", ")"));
    }

    /// A time in which no writer's commit was acknowledged.
    ///
    /// @param from   the last commit before
    /// @param length until the next
    public record Pause(Instant from, Duration length) {
        /// The next commit.
        public Instant to() {
            return from.plus(length);
        }
    }

    /// The application's move to another database.
    ///
    /// @param from `host:port/database` before
    /// @param to   and after
    /// @param at   the first commit acknowledged there
    /// @param gap  between the last commit acknowledged on the old and the first on the new
    public record Move(String from, String to, Instant at, Duration gap) {}
}

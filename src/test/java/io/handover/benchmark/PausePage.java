package io.handover.benchmark;

import io.handover.model.TimelineEntry;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The page about the write pause.
///
/// @param from     the source's version
/// @param to       the target's
/// @param settings of both servers
/// @param rounds   how often each
/// @param cells    what was measured; empty at first
record PausePage(String from, String to, Map<String, String> settings, int rounds, List<Cell> cells) {

    /// The timeline's line for a try to take the locks; the last begins before the freeze, which is when the first
    /// writer had to wait.
    private static final String LOCKING = "Writes stopped";

    private static final String LOCKED = "Waiting for the transactions under way, then all locks held";

    private static final String HEAD = """
            # The write pause

            How long nobody can write, handing over there and back in turns, beside the same by hand: a script of `psql`
            calls that makes the old database read-only, ends everybody in it, waits until the new one has everything,
            brings the sequences over, turns the stream round and tells the application; no time for typing is counted.
            The application has 8 connections, follows its `DATABASE_URL` and tries again what fails. *Clients* is the
            time between the last commit that was acknowledged on the old server and the first on the new one; *servers*
            is what Handover says itself: freeze to open. Medians, in brackets the longest. Made by
            `mvn -B -Pbenchmark verify -Dbenchmark.main=PauseBenchmark`; each takes its turn under the same load.

            """;

    /// One number of tables at one rate.
    ///
    /// @param what      tables and sequences
    /// @param rate      transactions a second asked for; 0 for as many as go
    /// @param ours      Handover's turns
    /// @param byHand    the manual ones
    /// @param timelines of Handover's turns
    /// @param load      load average before
    record Cell(
            String what,
            int rate,
            List<PauseTurn> ours,
            List<PauseTurn> byHand,
            List<List<TimelineEntry>> timelines,
            double load) {}

    PausePage(String from, String to, Map<String, String> settings, int rounds) {
        this(from, to, settings, rounds, new ArrayList<>());
    }

    void add(Cell cell) {
        cells.add(cell);
    }

    /// In Markdown.
    String text() throws IOException {
        var text = new StringBuilder(HEAD);
        text.append("- ")
                .append(LocalDate.now(ZoneOffset.UTC))
                .append(", ")
                .append(BenchmarkPage.machine())
                .append('\n');
        text.append("- PostgreSQL " + from + " and " + to
                        + ", both on this machine with the application; `fsync` off, ")
                .append(settings.entrySet().stream()
                        .map(setting -> "`" + setting.getKey() + " = " + setting.getValue() + "`")
                        .sorted()
                        .collect(Collectors.joining(", ")))
                .append('\n');
        text.append("- rounds: ").append(rounds).append("\n\n");
        text.append(
                "| | transactions a second | servers, ms | clients, ms | by hand, clients, ms | Handover's share | load |\n");
        text.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        for (Cell cell : cells) {
            long ours = PauseTurn.median(cell.ours(), PauseTurn::clients);
            long byHand = PauseTurn.median(cell.byHand(), PauseTurn::clients);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %d (%d) | %d (%d) | %d (%d) | %.2f | %.1f |\n",
                    cell.what(),
                    rate(cell),
                    PauseTurn.median(cell.ours(), PauseTurn::servers),
                    PauseTurn.longest(cell.ours(), PauseTurn::servers),
                    ours,
                    PauseTurn.longest(cell.ours(), PauseTurn::clients),
                    byHand,
                    PauseTurn.longest(cell.byHand(), PauseTurn::clients),
                    (double) ours / byHand,
                    cell.load()));
        }
        text.append(
                "\n## Where each millisecond goes\n\nMedians: the millisecond, counted from the freeze, at which a step begins,"
                        + " and how many it takes. Steps can run at the same time.\n");
        cells.forEach(cell -> text.append(steps(cell)));
        return text.toString();
    }

    private static String rate(Cell cell) {
        double made =
                cell.ours().stream().mapToDouble(PauseTurn::perSecond).average().orElse(0);
        return cell.rate() == 0
                ? String.format(Locale.ROOT, "all that go: %.0f", made)
                : String.format(Locale.ROOT, "%d (made %.0f)", cell.rate(), made);
    }

    private static String steps(Cell cell) {
        var began = new LinkedHashMap<String, List<Double>>();
        var took = new LinkedHashMap<String, List<Double>>();
        var tries = new ArrayList<Double>();
        var heldUp = new ArrayList<Double>();
        for (List<TimelineEntry> timeline : cell.timelines()) {
            List<TimelineEntry> locking = timeline.stream()
                    .filter(step -> step.name().equals(LOCKING) && step.startMillis() < 0)
                    .toList();
            tries.add((double) locking.size());
            heldUp.add(locking.stream()
                    .filter(step -> end(step) < 0)
                    .mapToDouble(TimelineEntry::tookMillis)
                    .sum());
            locking.stream().filter(step -> end(step) > 0).forEach(last -> add(began, took, LOCKED, 0, end(last)));
            timeline.stream()
                    .filter(TimelineEntry::paused)
                    .forEach(step -> add(began, took, step.name(), step.startMillis(), step.tookMillis()));
        }
        return String.format(
                Locale.ROOT,
                "\n**%s, %s transactions a second**; tries to take the locks: %.0f, those before the last %.0f ms together."
                        + "\n\n%s\n",
                cell.what(),
                rate(cell),
                median(tries),
                median(heldUp),
                took.entrySet().stream()
                        .map(step -> String.format(
                                Locale.ROOT,
                                "- %.0f: %s, %.0f",
                                median(began.getOrDefault(step.getKey(), List.of(0.0))),
                                step.getKey(),
                                median(step.getValue())))
                        .collect(Collectors.joining("\n")));
    }

    private static double end(TimelineEntry step) {
        return step.startMillis() + step.tookMillis();
    }

    private static void add(
            Map<String, List<Double>> began, Map<String, List<Double>> took, String name, double start, double millis) {
        began.computeIfAbsent(name, _ -> new ArrayList<>()).add(start);
        took.computeIfAbsent(name, _ -> new ArrayList<>()).add(millis);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}

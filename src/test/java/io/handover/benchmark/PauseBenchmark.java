package io.handover.benchmark;

import io.handover.testkit.PgServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Measures the write pause of a handing over, there and back in turns, beside the same done by hand with `psql`, and
/// writes a page of it. Both have a database of their own on the same two servers; only one application runs at a time.
public final class PauseBenchmark {

    private static final String FROM = "15";
    private static final String TO = "17";

    /// Room for the locks on 5,000 tables with their indexes in a manual dump.
    private static final Map<String, String> SETTINGS = Map.of(
            "shared_buffers", "512MB",
            "max_wal_size", "4GB",
            "max_locks_per_transaction", "512");

    private PauseBenchmark() {}

    /// What to measure.
    ///
    /// @param tables how many, each with a sequence
    /// @param rates  transactions a second; 0 for as many as go
    /// @param rounds how often each
    /// @param page   where the figures go
    private record Options(List<Integer> tables, List<Integer> rates, int rounds, Path page) {

        Options with(String name, String value) {
            return switch (name) {
                case "--tables" -> new Options(numbers(value), rates, rounds, page);
                case "--rates" -> new Options(tables, numbers(value), rounds, page);
                case "--rounds" -> new Options(tables, rates, Integer.parseInt(value), page);
                case "--page" -> new Options(tables, rates, rounds, Path.of(value));
                default -> throw new IllegalArgumentException("no such option: " + name);
            };
        }
    }

    /// Reads `--tables 10,500,5000 --rates 100,1000,0 --rounds 3 --page docs/PAUSE.md`, each of which may be left out.
    public static void main(String[] arguments) throws Exception {
        var options = new Options(List.of(10, 500, 5000), List.of(100, 1000, 0), 3, Path.of("docs", "PAUSE.md"));
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options = options.with(arguments[i], arguments[i + 1]);
        }
        var page = new PausePage(FROM, TO, SETTINGS, options.rounds());
        for (int tables : options.tables()) {
            try (var source = PgServer.dedicated(FROM, SETTINGS);
                    var target = PgServer.dedicated(TO, SETTINGS)) {
                var ours = new HandoverPair(databases(source, target));
                var manual = new ManualPair(databases(source, target));
                String what = ours.load(tables);
                manual.load(tables);
                say("connecting " + what);
                manual.connect();
                ours.connect();
                for (int rate : options.rates()) {
                    try {
                        page.add(measure(what, rate, options.rounds(), ours, manual));
                    } catch (IOException e) {
                        say(what + ", " + rate + "/s: not measured, the follower does not keep up, perhaps: " + e);
                        break; // the pair is not where it should be any more
                    }
                    Files.writeString(options.page(), page.text()); // each time, so that an hour's work is not lost
                }
            }
        }
    }

    private static PausePage.Cell measure(String what, int rate, int rounds, HandoverPair ours, ManualPair manual)
            throws Exception {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        var byUs = new ArrayList<PauseTurn>();
        var byHand = new ArrayList<PauseTurn>();
        int before = ours.timelines().size();
        for (int round = 0; round < rounds; round++) {
            byUs.add(ours.turn(rate));
            byHand.add(manual.turn(rate));
            say(what + ", " + rate + "/s: " + byUs.getLast() + ", by hand " + byHand.getLast());
        }
        var timelines = List.copyOf(ours.timelines().subList(before, before + rounds));
        return new PausePage.Cell(what, rate, byUs, byHand, timelines, load);
    }

    private static Databases databases(PgServer source, PgServer target) throws IOException {
        return new Databases(
                source,
                source.newDatabase(),
                target,
                target.newDatabase(),
                2,
                Files.createTempDirectory("handover-benchmark"));
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(",")).map(Integer::valueOf).collect(Collectors.toList());
    }

    private static void say(String line) {
        System.out.println(line);
    }
}

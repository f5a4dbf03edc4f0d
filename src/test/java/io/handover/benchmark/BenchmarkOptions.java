package io.handover.benchmark;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// What to measure.
///
/// @param scale  1 is the full size
/// @param rounds how often each
/// @param jobs   how many at once, for every tool
/// @param from   the source's major version
/// @param to     the target's
/// @param only   which databases
/// @param tools  what takes turns
/// @param page   where the figures go
record BenchmarkOptions(
        double scale,
        int rounds,
        int jobs,
        String from,
        String to,
        Set<Dataset> only,
        Set<Contender> tools,
        Path page) {

    /// Reads `--scale 0.1 --rounds 3 --jobs 2 --from 15 --to 17`, `--only big,small,wide`,
    /// `--tools handover,pgcopydb` and `--page docs/BENCHMARKS.md`, each of which may be left out. Handover
    /// itself is one of the tools in any case.
    static BenchmarkOptions of(String[] arguments) {
        var options = new BenchmarkOptions(
                1,
                3,
                2,
                "15",
                "17",
                EnumSet.allOf(Dataset.class),
                EnumSet.allOf(Contender.class),
                Path.of("docs", "BENCHMARKS.md"));
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value");
            }
            options = options.with(arguments[i], arguments[i + 1]);
        }
        return options;
    }

    private BenchmarkOptions with(String name, String value) {
        return switch (name) {
            case "--scale" ->
                new BenchmarkOptions(Double.parseDouble(value), rounds, jobs, from, to, only, tools, page);
            case "--rounds" -> new BenchmarkOptions(scale, Integer.parseInt(value), jobs, from, to, only, tools, page);
            case "--jobs" -> new BenchmarkOptions(scale, rounds, Integer.parseInt(value), from, to, only, tools, page);
            case "--from" -> new BenchmarkOptions(scale, rounds, jobs, value, to, only, tools, page);
            case "--to" -> new BenchmarkOptions(scale, rounds, jobs, from, value, only, tools, page);
            case "--only" -> new BenchmarkOptions(scale, rounds, jobs, from, to, datasets(value), tools, page);
            case "--page" -> new BenchmarkOptions(scale, rounds, jobs, from, to, only, tools, Path.of(value));
            case "--tools" -> new BenchmarkOptions(scale, rounds, jobs, from, to, only, contenders(value), page);
            default -> throw new IllegalArgumentException("no such option: " + name);
        };
    }

    private static Set<Dataset> datasets(String words) {
        var chosen = EnumSet.noneOf(Dataset.class);
        Arrays.stream(words.split(","))
                .map(word -> Dataset.valueOf(word.toUpperCase(Locale.ROOT)))
                .forEach(chosen::add);
        return chosen;
    }

    private static Set<Contender> contenders(String words) {
        var chosen = EnumSet.of(Contender.HANDOVER);
        Arrays.stream(words.split(","))
                .map(word -> Contender.valueOf(word.toUpperCase(Locale.ROOT)))
                .forEach(chosen::add);
        return chosen;
    }
}

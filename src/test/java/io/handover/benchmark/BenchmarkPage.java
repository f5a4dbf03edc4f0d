package io.handover.benchmark;

import io.handover.model.Stage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// The page about one benchmark.
record BenchmarkPage(BenchmarkOptions options, int rounds, List<Measured> measured, List<String> sizes) {

    private static final String HEAD = """
            # Benchmarks

            How long the whole way takes into an empty database on another server: schema, rows, indexes, constraints
            and statistics. Handover's time has its preflight, the slot with its snapshot and the stream up to date in
            it as well. Made by `mvn -B -Pbenchmark verify`; the tools take turns, so that what else the machine does
            hits all alike, and a run counts only if every row, index and key has arrived. Sizes and numbers of tables below
            are those of scale 1.

            """;

    /// In Markdown.
    String text() throws IOException, InterruptedException {
        var text = new StringBuilder(HEAD);
        text.append("- ")
                .append(LocalDate.now(ZoneOffset.UTC))
                .append(", ")
                .append(machine())
                .append("\n");
        text.append(String.format(
                Locale.ROOT,
                "- PostgreSQL %s to %s, both on this machine, reached over TCP on the loopback; `fsync` off, %s\n",
                options.from(),
                options.to(),
                settings()));
        text.append(String.format(
                Locale.ROOT,
                "- %d jobs for every tool, rounds: %d, scale %s; %s; %s\n",
                options.jobs(),
                rounds,
                options.scale(),
                Programs.version("pg_dump"),
                Programs.version("pgcopydb")));
        text.append(String.format(
                Locale.ROOT,
                "- load average when the runs began: %.1f to %.1f, median %.1f: above the number of processors the"
                        + " machine was busy with other work, and only ratios and CPU time mean much\n",
                measured.stream().mapToDouble(Measured::load).min().orElse(0),
                measured.stream().mapToDouble(Measured::load).max().orElse(0),
                Measured.median(measured, Measured::load)));
        for (Dataset dataset : options.only()) {
            text.append(section(dataset));
        }
        return text.toString();
    }

    private String section(Dataset dataset) {
        var text = new StringBuilder("\n## ").append(dataset.word()).append("\n\n");
        sizes.stream()
                .filter(size -> size.startsWith(dataset.word() + ": "))
                .forEach(size ->
                        text.append(size.substring(dataset.word().length() + 2)).append(".\n\n"));
        text.append("| | seconds, median (range) | Handover's share of it | CPU seconds | share |\n");
        text.append("| --- | --- | --- | --- | --- |\n");
        List<Measured> ours = of(dataset, Contender.HANDOVER);
        double seconds = Measured.median(ours, Measured::seconds);
        double cpu = Measured.median(ours, Measured::cpu);
        for (Contender contender : Contender.values()) {
            List<Measured> runs = of(dataset, contender);
            if (!runs.isEmpty()) {
                double its = Measured.median(runs, Measured::seconds);
                double itsCpu = Measured.median(runs, Measured::cpu);
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.1f (%.1f–%.1f) | %s | %.1f | %s |\n",
                        contender.title(),
                        its,
                        runs.stream().mapToDouble(Measured::seconds).min().orElse(0),
                        runs.stream().mapToDouble(Measured::seconds).max().orElse(0),
                        contender.rowsOnly() ? "" : String.format(Locale.ROOT, "%.2f", seconds / its),
                        itsCpu,
                        contender.rowsOnly() ? "" : String.format(Locale.ROOT, "%.2f", cpu / itsCpu)));
            }
        }
        text.append(String.format(
                Locale.ROOT,
                "\nOf Handover's time: slot and snapshot %.1f s, rows %.1f s, indexes, constraints and statistics %.1f s,"
                        + " catching up %.1f s; the rest is its start, its checks and the schema. Its process used at"
                        + " most %.0f MB.\n",
                stage(ours, Stage.SCHEMA_READY),
                stage(ours, Stage.COPYING),
                stage(ours, Stage.INDEXING),
                stage(ours, Stage.CATCHING_UP),
                ours.stream().mapToDouble(one -> one.run().memory()).max().orElse(0)));
        List<Measured> archive = of(dataset, Contender.HANDOVER_ARCHIVE);
        if (!archive.isEmpty()) {
            text.append(String.format(
                    Locale.ROOT,
                    "By way of an archive: rows %.1f s, at most %.0f MB.\n",
                    stage(archive, Stage.COPYING),
                    archive.stream()
                            .mapToDouble(one -> one.run().memory())
                            .max()
                            .orElse(0)));
        }
        List<Measured> pipe = of(dataset, Contender.BARE_PIPE);
        if (!pipe.isEmpty()) {
            text.append(String.format(
                    Locale.ROOT,
                    "The rows took %.2f of the bare pipe's time, which is the limit.\n",
                    stage(ours, Stage.COPYING) / Measured.median(pipe, Measured::seconds)));
        }
        return text.toString();
    }

    private static double stage(List<Measured> runs, Stage stage) {
        return Measured.median(runs, one -> one.run().seconds(stage));
    }

    private List<Measured> of(Dataset dataset, Contender contender) {
        return measured.stream()
                .filter(one -> one.of() == dataset && one.by() == contender)
                .toList();
    }

    private static String settings() {
        return String.join(
                ", ",
                Benchmark.SETTINGS.entrySet().stream()
                        .map(setting -> "`" + setting.getKey() + " = " + setting.getValue() + "`")
                        .sorted()
                        .toList());
    }

    /// Processor and memory; nothing that tells whose it is.
    static String machine() throws IOException {
        String processor = System.getProperty("os.arch");
        Path info = Path.of("/proc/cpuinfo");
        if (Files.exists(info)) {
            processor = Files.readAllLines(info).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .findFirst()
                    .orElse(processor);
        }
        long memory =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                        ? system.getTotalMemorySize() >> 30
                        : 0;
        return String.format(
                Locale.ROOT,
                "%s, %d processors (%s), %d GB of memory",
                System.getProperty("os.name"),
                Runtime.getRuntime().availableProcessors(),
                processor,
                memory);
    }
}

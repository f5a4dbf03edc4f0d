package io.handover.benchmark;

import io.handover.testkit.PgServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Measures Handover's baseline beside other tools and writes a page of it. Interleaved: in every round each tool moves
/// the same database once into an empty one, so that what else the machine does hits all alike.
public final class Benchmark {

    /// As on a server set up with some care; the rest is PostgreSQL's default.
    static final Map<String, String> SETTINGS = Map.of(
            "shared_buffers", "512MB",
            "max_wal_size", "4GB",
            "max_wal_senders", "20");

    private final BenchmarkOptions options;
    private final PgServer source;
    private final PgServer target;
    private final List<Measured> measured = new ArrayList<>();
    private final List<String> sizes = new ArrayList<>();

    private Benchmark(BenchmarkOptions options, PgServer source, PgServer target) {
        this.options = options;
        this.source = source;
        this.target = target;
    }

    /// See `BenchmarkOptions.of`.
    public static void main(String[] arguments) throws Exception {
        var options = BenchmarkOptions.of(arguments);
        try (var source = PgServer.dedicated(options.from(), SETTINGS);
                var target = PgServer.dedicated(options.to(), SETTINGS)) {
            var benchmark = new Benchmark(options, source, target);
            benchmark.run();
        }
    }

    private void run() throws Exception {
        var databases = new EnumMap<Dataset, String>(Dataset.class);
        for (Dataset dataset : options.only()) {
            databases.put(dataset, load(dataset));
        }
        Files.createDirectories(options.page().toAbsolutePath().getParent());
        for (int round = 1; round <= options.rounds(); round++) {
            for (Dataset dataset : options.only()) {
                for (Contender contender : options.tools()) {
                    if (contender.fits(dataset)) {
                        measured.add(once(contender, dataset, databases.getOrDefault(dataset, "")));
                    }
                }
            }
            // each time, so that an hour's work is not lost with the last round
            Files.writeString(options.page(), new BenchmarkPage(options, round, measured, sizes).text());
            say("round " + round + " is in " + options.page());
        }
    }

    private String load(Dataset dataset) throws Exception {
        String database = source.newDatabase();
        try (var db = source.open(database)) {
            say("loading " + dataset.word());
            dataset.load(db, options.scale());
            try (var sql = db.createStatement();
                    var row = sql.executeQuery("select pg_size_pretty(pg_database_size(current_database()))")) {
                row.next();
                sizes.add(dataset.word() + ": " + dataset.description() + "; " + row.getString(1));
            }
        }
        return database;
    }

    private Measured once(Contender contender, Dataset dataset, String from) throws Exception {
        String to = target.newDatabase();
        Path folder = Files.createTempDirectory("handover-benchmark");
        var with = new Databases(source, from, target, to, options.jobs(), folder);
        try {
            contender.prepare(with);
            checkpoint(source, from);
            checkpoint(target, to);
            var cpu = new CpuClock(List.of(source, target), "postgres");
            double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            double used = cpu.seconds();
            long began = System.nanoTime();
            Contender.Run run = contender.run(with);
            double seconds = (System.nanoTime() - began) / 1e9;
            used = cpu.seconds() - used;
            if (!with.contents(false, contender.rowsOnly()).equals(with.contents(true, contender.rowsOnly()))) {
                throw new IOException(contender + " did not bring everything");
            }
            contender.tidy(with);
            var one = new Measured(contender, dataset, seconds, used, load, run);
            say(String.format(
                    "%s %s: %.1f s, CPU %.1f s, load %.1f, %s", dataset, contender, seconds, used, load, run));
            return one;
        } finally {
            target.drop(to);
            remove(folder);
        }
    }

    private static void checkpoint(PgServer server, String database) throws SQLException {
        try (var db = server.open(database);
                var sql = db.createStatement()) {
            sql.execute("checkpoint");
        }
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void say(String line) {
        Arrays.stream(line.split("\n")).forEach(System.out::println);
    }
}

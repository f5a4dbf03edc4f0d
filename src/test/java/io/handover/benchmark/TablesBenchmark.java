package io.handover.benchmark;

import io.handover.engine.EngineDesk;
import io.handover.engine.Migration;
import io.handover.flow.NamedThreads;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Plan;
import io.handover.model.Stage;
import io.handover.testkit.PgServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// What very many small tables cost: the page's list, the copy, the journal, to open the migration again, memory.
/// Between two servers of its own, with the page open. `JAVA_TOOL_OPTIONS=-Xmx400m` shows that it gets by with that.
final class TablesBenchmark {

    /// A server has room for the locks of so many in one transaction.
    private static final int AT_ONCE = 500;

    private final int tables;
    private final Path folder;
    private final NamedThreads threads = new NamedThreads(Throwable::printStackTrace);

    private TablesBenchmark(int tables, Path folder) {
        this.tables = tables;
        this.folder = folder;
    }

    /// Prints lines of the table in `docs/BENCHMARKS.md`.
    ///
    /// @param args how many tables
    public static void main(String[] args) throws Exception {
        int tables = args.length == 0 ? 10_000 : Integer.parseInt(args[0]);
        load();
        new TablesBenchmark(tables, Files.createTempDirectory("handover-tables")).run();
        load();
        Runtime.getRuntime().exit(0);
    }

    private void run() throws Exception {
        var from = PgServer.major("15");
        var to = PgServer.major("17");
        Endpoint source = from.endpoint(from.newDatabase());
        Endpoint target = to.endpoint(to.newDatabase());
        try (Connection connection = from.open(source.profile().database())) {
            create(connection);
        }
        var credentials = new Credentials(source.password(), target.password());
        var window = new TablesWindow();
        MigrationId id;
        try (var desk = new EngineDesk(folder, Clock.systemUTC(), threads, "benchmark")) {
            id = MigrationId.random(RandomGenerator.getDefault());
            Migration migration = desk.begin(Plan.of(id, source.profile(), target.profile()), credentials)
                    .get(60, TimeUnit.SECONDS);
            said("list of tables shown after", window.open(migration));
            carry(migration, window);
            window.close();
        }
        said("journal", size() / 1e6, "MB");
        long began = System.nanoTime();
        try (var desk = new EngineDesk(folder, Clock.systemUTC(), threads, "benchmark")) {
            Migration migration = desk.resume(id, credentials).get(120, TimeUnit.SECONDS);
            said("opened again after", since(began));
            said("page shown again after", window.open(migration));
            window.close();
        }
        said("heap after a collection", used() / 1e6, "MB");
    }

    private void carry(Migration migration, TablesWindow window) throws InterruptedException {
        Map<Stage, Double> reached = new EnumMap<>(Stage.class);
        long began = System.nanoTime();
        var answer = migration.submit(new Command.Start());
        System.out.println(answer);
        window.watch(() -> migration.state().get().stage().name());
        long peak = 0;
        while (true) {
            MigrationState state = migration.state().get();
            reached.putIfAbsent(state.stage(), since(began));
            peak = Math.max(
                    peak,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
            if (state.problem().isPresent() && !state.busy()) {
                throw new IllegalStateException(state.problem().get().toString());
            }
            if (state.stage() == Stage.STREAMING && !state.busy()) {
                break;
            }
            Thread.sleep(50);
        }
        reached.forEach((stage, at) -> said(stage + " reached after", at));
        said("heap at most", peak / 1e6, "MB");
        TablesWindow.Wait longest = window.longestWait();
        said("longest wait of an event, at " + longest.stage(), longest.millis(), "ms");
        said("such a wait, 99 of 100 at most", window.waitOf99(), "ms");
    }

    private void create(Connection connection) throws SQLException {
        try (var sql = connection.createStatement()) {
            sql.execute("create schema many");
            for (int from = 0; from < tables; from += AT_ONCE) {
                sql.execute("do $$ begin for i in " + from + ".." + (Math.min(tables, from + AT_ONCE) - 1)
                        + " loop execute format('create table many.table_%s (id int primary key, v text)', i);"
                        + " execute format('insert into many.table_%s values (1, ''x'')', i); end loop; end $$");
            }
        }
    }

    private long size() throws IOException {
        List<Path> found = new ArrayList<>();
        try (var files = Files.walk(folder)) {
            files.filter(file -> file.endsWith("journal.jsonl")).forEach(found::add);
        }
        return Files.size(found.getFirst());
    }

    private static long used() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static void said(String what, double seconds) {
        said(what, seconds, "s");
    }

    private static void said(String what, double number, String unit) {
        System.out.printf(Locale.ROOT, "| %s | %.1f %s |%n", what, number, unit);
    }

    private static void load() {
        System.out.println(
                "load " + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
}

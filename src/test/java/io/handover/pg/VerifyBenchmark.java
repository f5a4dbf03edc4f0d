package io.handover.pg;

import io.handover.demo.DemoServer;
import io.handover.demo.ServerBinaries;
import io.handover.flow.NamedThreads;
import io.handover.model.Side;
import io.handover.model.TableRef;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;

/// How fast Handover's comparison is beside what one would run instead, on the same two servers and tables, in turns.
/// No test: a command of its own, see `README.md`.
///
/// `pgcopydb compare data` is represented by the statement it sends to each side (pgcopydb 0.13 to 0.18), because the
/// older packages do not have the command: both sides at the same time as here, and without the program's own overhead.
/// Every method uses one process a side; its CPU seconds, where the machine tells them, do not depend on what else
/// runs.
public final class VerifyBenchmark {

    private static final String HEADING = "## Comparison\n";

    private static final String WIDE = """
            create table public.wide as
            select i::bigint as id, i % 1000 as customer, md5(i::text) as code, repeat(md5((i + 1)::text), 5) as title,
                   (i / 7.0)::numeric(12,2) as price, i * 0.1::float8 as weight,
                   '2024-01-01'::timestamptz + i * interval '1 second' as made, '2024-01-01'::date + (i % 1000)::int as due,
                   i % 2 = 0 as active, repeat(md5((i + 2)::text), 6) as note,
                   case when i % 3 > 0 then 'tag' || i end as tag, md5(i::text)::uuid as ref
              from generate_series(1, :rows) i;
            alter table public.wide add primary key (id);
            """;

    private static final String NARROW = """
            create table public.narrow as
            select i::int as aid, 1 + i / 100000 as bid, 0 as abalance, ''::char(84) as filler
              from generate_series(1, :rows) i;
            alter table public.narrow add primary key (aid);
            """;

    private static final String OURS = "Handover";
    private static final String BUCKETS = "Handover, by bucket";
    private static final String BUSY = "Handover, 1,000 rows changed meanwhile";
    private static final int CHANGED = 1_000;
    private static final String UNCHANGED = "Handover, unchanged since the last proof";

    /// As many as the comparison takes for these tables.
    private static final int BITS = 11;

    private static final String PGCOPYDB = "pgcopydb";

    @FunctionalInterface
    private interface Method {
        void run() throws Exception;
    }

    private final SnapshotSession here;
    private final SnapshotSession there;
    private final ExecutorService helper;
    private final TableDigest.Dialect dialect;

    private VerifyBenchmark(SnapshotSession here, SnapshotSession there, ExecutorService helper) throws SQLException {
        this.here = here;
        this.there = there;
        this.helper = helper;
        this.dialect = TableDigest.Dialect.of(here.jdbc(), there.jdbc());
    }

    /// Runs it.
    ///
    /// @param arguments rows of the wide table, rows of the narrow one, repetitions, file to write
    public static void main(String... arguments) throws Exception {
        long wide = Long.parseLong(arguments[0]);
        long narrow = Long.parseLong(arguments[1]);
        int repetitions = Integer.parseInt(arguments[2]);
        var threads = new NamedThreads(e -> {
            throw new AssertionError(e);
        });
        var log = new SqlLog(Clock.systemUTC());
        try (var source = DemoServer.start(ServerBinaries.of(15), Map.of());
                var target = DemoServer.start(ServerBinaries.of(18), Map.of());
                var one = new Server(Side.SOURCE, source.endpoint(DemoServer.USER), log);
                var other = new Server(Side.TARGET, target.endpoint(DemoServer.USER), log)) {
            for (DemoServer server : List.of(source, target)) {
                try (var db = server.open(DemoServer.USER);
                        var sql = db.createStatement()) {
                    sql.execute(WIDE.replace(":rows", String.valueOf(wide)));
                    sql.execute(NARROW.replace(":rows", String.valueOf(narrow)));
                    sql.execute("vacuum (freeze, analyze)");
                }
            }
            ExecutorService helper = threads.single("follower");
            try (var first = one.open("benchmark");
                    var second = other.open("benchmark")) {
                var dialect = TableDigest.Dialect.of(first.jdbc(), second.jdbc());
                var here = SnapshotSession.prepare(first, dialect);
                var there = SnapshotSession.prepare(second, dialect);
                var text = new StringBuilder(heading(wide, narrow, repetitions));
                var benchmark = new VerifyBenchmark(here, there, helper);
                var ofWide = benchmark.table("wide", "id", wide, repetitions, text);
                var ofNarrow = benchmark.table("narrow", "aid", narrow, repetitions, text);
                text.append("\nLoad average at the end: %.1f.\n".formatted(load()));
                text.append(ComparisonGoals.text(ofWide, ofNarrow));
                System.out.println(text);
                put(Path.of(arguments[3]), text.toString());
            } finally {
                NamedThreads.close(helper, Duration.ofSeconds(5));
            }
        }
    }

    /// In the place of the section with the same heading, or at the end.
    private static void put(Path file, String section) throws IOException {
        String before = Files.exists(file) ? Files.readString(file) : "";
        int at = before.indexOf(HEADING);
        Files.writeString(file, (at < 0 ? before.stripTrailing() + "\n\n" : before.substring(0, at)) + section);
    }

    private static String heading(long wide, long narrow, int repetitions) {
        return HEADING
                + """

                PostgreSQL 15 against 18, both on this machine, both sides read at the same time by one process each; %d rows of
                550 bytes and 12 columns, %d rows of 4 columns (as `pgbench_accounts`); medians of %d runs in turns.
                %d processors, %s; load average at the start %.1f: with other work on the machine the time passed says
                little, the processor seconds do.

                Made by `mvn -B -Pverify-benchmark process-test-classes`. *pgcopydb* stands for the statement that `pgcopydb compare data` of
                0.13 and later sends to each side: 0.10, the one at hand, has no such command. *Handover* is the comparison of a
                table that nobody changed meanwhile; with *1,000 rows changed meanwhile* these are looked up one by one, and the others
                compared by their sum; *by bucket* is the same hash of every row in buckets that tell where a difference is, and what
                follows only where the sums differ; *unchanged since the last proof* is what `verify --changed` does: no value is read.
                """.formatted(
                                wide,
                                narrow,
                                repetitions,
                                Runtime.getRuntime().availableProcessors(),
                                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                                load());
    }

    /// Measures every method on one table and adds the figures to `text`.
    private ComparisonGoals.Figures table(String table, String key, long rows, int repetitions, StringBuilder text)
            throws Exception {
        var pair = TablePair.of(
                TableShapes.read(here.jdbc()).get(new TableRef("public", table)),
                TableShapes.read(there.jdbc()).get(new TableRef("public", table)));
        var comparer = new TableComparer(here, there, dialect, helper);
        var methods = new LinkedHashMap<String, Method>();
        methods.put(OURS, () -> equal(comparer, pair, WindowKeys.none(), rows));
        WindowKeys busy = busy(pair, key);
        methods.put(BUSY, () -> equal(comparer, pair, busy, rows));
        methods.put(
                BUCKETS,
                both("select sum(n), sum(s) from (" + new TableDigest(pair, dialect).buckets(BITS, "")
                        + ") y (bucket, n, s)"));
        methods.put(PGCOPYDB, both("select count(1), sum(hashtext(t::text)::bigint) from only public." + table + " t"));
        methods.put(
                "`md5(string_agg(…))`",
                both("select md5(string_agg(md5(t::text), '' order by " + key + ")) from public." + table + " t"));
        TableFound.Marks marks =
                equal(comparer, pair, WindowKeys.none(), rows).marks().orElseThrow();
        methods.put(UNCHANGED, () -> {
            here.take();
            there.take();
            TableFound found = comparer.changed(pair, WindowKeys.none(), marks.owner(), marks.follower());
            here.end();
            there.end();
            if (!(found instanceof TableFound.Unchanged)) {
                throw new IllegalStateException("changed: " + found);
            }
        });
        methods.put("`count(*)`", both("select count(*) from public." + table));
        Map<String, ComparisonGoals.Time> medians = inTurns(methods, repetitions);
        text.append("\n### " + table + "\n\n"
                + "| method | seconds | rows a second | processor seconds, both sides | rows a second and core | processor time ÷ Handover's |\n"
                + "| --- | ---: | ---: | ---: | ---: | ---: |\n");
        double ours = of(medians, OURS).processor();
        medians.forEach((name, time) -> text.append(String.format(
                Locale.ROOT,
                "| %s | %.2f | %,.0f | %.2f | %,.0f | %.2f |%n",
                name,
                time.elapsed(),
                rows / time.elapsed(),
                time.processor(),
                2 * rows / time.processor(),
                time.processor() / ours)));
        return new ComparisonGoals.Figures(rows, of(medians, OURS), of(medians, BUCKETS), of(medians, PGCOPYDB));
    }

    private TableFound.Compared equal(TableComparer comparer, TablePair pair, WindowKeys window, long rows)
            throws Exception {
        here.take();
        there.take();
        var found = (TableFound.Compared) comparer.whole(pair, window);
        here.end();
        there.end();
        if (found.outsideRows() > 0 || found.owner().rows() != rows) {
            throw new IllegalStateException("not equal: " + found.outsideRows());
        }
        return found;
    }

    /// As if the stream had written these rows between the snapshots.
    private static WindowKeys busy(TablePair pair, String key) throws WindowKeys.TooMany {
        var window = new WindowKeys(List.of(pair), 10 * CHANGED);
        window.add(new PgOutputMessage.Relation(1, pair.table(), List.of(new PgOutputMessage.Column(key, true))));
        for (int i = 1; i <= CHANGED; i++) {
            window.add(new PgOutputMessage.Insert(
                    1, new PgOutputMessage.Tuple(List.of(new PgOutputMessage.Cell.Text(String.valueOf(i * 7))))));
        }
        return window;
    }

    private static ComparisonGoals.Time of(Map<String, ComparisonGoals.Time> medians, String method) {
        return Objects.requireNonNull(medians.get(method), method);
    }

    private Map<String, ComparisonGoals.Time> inTurns(Map<String, Method> methods, int repetitions) throws Exception {
        var runs = new LinkedHashMap<String, List<ComparisonGoals.Time>>();
        for (int i = 0; i <= repetitions; i++) {
            for (var method : methods.entrySet()) {
                double cpu = cpu();
                long began = System.nanoTime();
                method.getValue().run();
                var run = new ComparisonGoals.Time((System.nanoTime() - began) / 1e9, cpu() - cpu);
                if (i > 0) { // the first fills the caches
                    runs.computeIfAbsent(method.getKey(), _ -> new ArrayList<>())
                            .add(run);
                }
            }
        }
        var medians = new LinkedHashMap<String, ComparisonGoals.Time>();
        runs.forEach((name, list) -> medians.put(
                name,
                new ComparisonGoals.Time(
                        median(list.stream().map(ComparisonGoals.Time::elapsed).toList()),
                        median(list.stream()
                                .map(ComparisonGoals.Time::processor)
                                .toList()))));
        return medians;
    }

    private Method both(String sql) {
        return () -> {
            var follower = helper.submit(() -> first(there.jdbc(), sql));
            String owner = first(here.jdbc(), sql);
            if (!owner.equals(follower.get())) {
                throw new IllegalStateException("not equal: " + sql);
            }
        };
    }

    private static String first(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("set max_parallel_workers_per_gather = 0");
            try (var row = statement.executeQuery(sql)) {
                row.next();
                var values = new ArrayList<String>();
                for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                    values.add(String.valueOf(row.getString(column)));
                }
                return String.join(" ", values);
            }
        }
    }

    /// Seconds both backends have worked so far; 0 where the system does not tell.
    private double cpu() throws IOException {
        double ticks = 0;
        for (SnapshotSession session : List.of(here, there)) {
            Path stat = Path.of("/proc/" + session.pid() + "/stat");
            if (!Files.isReadable(stat)) {
                return 0;
            }
            String line = Files.readString(stat);
            List<String> fields =
                    List.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
            ticks += Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
        }
        return ticks / 100; // sysconf(_SC_CLK_TCK) on every Linux PostgreSQL runs on
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}

package io.handover;

import io.handover.cli.Exit;
import io.handover.demo.Console;
import io.handover.demo.Demo;
import io.handover.demo.DemoFigures;
import io.handover.demo.DemoVersions;
import io.handover.demo.LedgerCheck;
import io.handover.demo.ServerBinaries;
import io.handover.demo.Workload;
import io.handover.flow.NamedThreads;
import io.handover.model.MigrationState;
import io.handover.model.Side;
import io.handover.model.VerifyReport;
import io.handover.pg.PgDump;
import io.handover.pg.PgDumpSearch;
import io.handover.store.Store;
import io.handover.ui.autopilot.Autopilot;
import io.handover.ui.autopilot.Outcome;
import io.handover.ui.autopilot.Script;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `handover demo`: two real servers, an application that never stops writing, and the window with both of
/// them filled
/// in; or the same window driven by itself.
final class DemoCommand {

    private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);
    private static final int NEWEST_MAJOR = 30;
    private static final int OLDEST_MAJOR = 10;

    private final DemoOptions options;
    private final Console console;

    private DemoCommand(DemoOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    /// Runs the demo on the terminal.
    ///
    /// @param args as typed, `demo` first
    /// @return the status to exit with
    static int run(String[] args) {
        return run(Arrays.asList(args).subList(1, args.length), Console.terminal());
    }

    static int run(List<String> arguments, Console console) {
        DemoOptions options;
        try {
            options = DemoOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            console.err().println(e.getMessage());
            console.err().println(DemoOptions.USAGE);
            return Exit.USAGE.status();
        }
        try {
            return new DemoCommand(options, console).run().status();
        } catch (IOException | SQLException | IllegalStateException e) {
            LOG.error("the demo failed", e);
            console.err().println("The demo cannot go on: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            console.err().println("The demo was interrupted.");
        }
        return Exit.FAILED.status();
    }

    private Exit run() throws IOException, SQLException, InterruptedException {
        if (!serversThere()) {
            console.err()
                    .println("This Handover was packaged without the demo's PostgreSQL servers."
                            + " The demo runs from the source tree: mvn -B -Pdemo verify");
            return Exit.FAILED;
        }
        if (options.servers()) {
            try (var demo = start()) {
                return DemoServers.offer(demo, console, System.in);
            }
        }
        boolean alone = options.autopilot() || !hasDisplay(System.getProperty("os.name"), System.getenv());
        if (alone) {
            console.out()
                    .println(
                            options.autopilot()
                                    ? "The window drives itself, without a display."
                                    : "There is no display here, so the window drives itself (--autopilot).");
            // Read by JavaFX when it starts.
            System.setProperty("glass.platform", "Headless");
            System.setProperty("prism.order", "sw");
        }
        try (var demo = start()) {
            var home = demo.home();
            var folders = new Folders(home.resolve("config"), home.resolve("state"));
            return run(demo, folders, alone);
        }
    }

    private Demo start() throws IOException, SQLException, InterruptedException {
        var versions = DemoVersions.choose(newestPgDump(), ServerBinaries.majors());
        var load = new Demo.Options(versions, options.scale(), Workload.Options.gentle());
        return Demo.start(load, InstantSource.system(), console.out()::println);
    }

    private Exit run(Demo demo, Folders folders, boolean alone) throws IOException, SQLException, InterruptedException {
        var outcome = new AtomicReference<Optional<Outcome>>(Optional.empty());
        var last = new AtomicReference<Optional<MigrationState>>(Optional.empty());
        try (var wiring = new Wiring(folders, Map.of())) {
            fillIn(wiring.store(), demo);
            HandoverApp.show(wiring, folders, window -> {
                window.context().state().subscribe(now -> now.ifPresent(state -> last.set(Optional.of(state))));
                if (alone) {
                    drive(wiring.threads(), window, demo, outcome);
                } else {
                    console.out()
                            .println("The switch hook to type in: " + demo.url().hookCommand());
                }
            });
        }
        demo.workload().stop();
        Optional<MigrationState> state = Objects.requireNonNullElse(last.get(), Optional.empty());
        Optional<Outcome> told =
                alone ? Objects.requireNonNullElse(outcome.get(), Optional.empty()) : state.map(DemoCommand::byHand);
        return tell(demo, told, state);
    }

    private void drive(
            NamedThreads threads, HandoverApp.Window window, Demo demo, AtomicReference<Optional<Outcome>> outcome) {
        var script = new Script(
                demo.url().hookCommand(),
                options.quick(),
                options.pictures(),
                Duration.ofMinutes(30),
                () -> demo.workload().stop());
        var autopilot = new Autopilot(window.stage().getScene(), window.context(), script, console.out()::println);
        threads.start("autopilot", () -> {
            try {
                outcome.set(Optional.of(autopilot.run()));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                window.close();
            }
        });
    }

    /// The same questions for a migration that a person carried through.
    private static Outcome byHand(MigrationState state) {
        return new Outcome(
                state.owner() == Side.TARGET,
                state.verification().filter(VerifyReport::proved).isPresent(),
                "");
    }

    private Exit tell(Demo demo, Optional<Outcome> outcome, Optional<MigrationState> last)
            throws IOException, SQLException {
        boolean cutOver = outcome.map(Outcome::cutOver).orElse(false);
        boolean proved = outcome.map(Outcome::provedEqual).orElse(false);
        var database = cutOver ? demo.target() : demo.url().read();
        var ledger = LedgerCheck.check(demo.workload().book(), database);
        var cutovers = last.map(MigrationState::cutovers).orElse(List.of());
        console.out().println();
        DemoFigures.lines(demo.workload().report(), cutovers, ledger).forEach(console.out()::println);
        String problem = outcome.map(Outcome::problem).orElse("The window was closed before the end.");
        if (!problem.isEmpty()) {
            console.out().println("Not done: " + problem);
        }
        console.out()
                .println(String.format(
                        Locale.ROOT,
                        "Cut over: %s. Both sides proved equal row by row: %s. Every acknowledged transaction there"
                                + " exactly once: %s.",
                        yes(cutOver),
                        yes(proved),
                        yes(ledger.exact())));
        if (options.autopilot() || outcome.map(Outcome::complete).orElse(false)) {
            console.out().println("Pictures: " + options.pictures().toAbsolutePath());
        }
        return cutOver && proved && problem.isEmpty() && ledger.exact() ? Exit.DONE : Exit.FAILED;
    }

    private static String yes(boolean so) {
        return so ? "yes" : "no";
    }

    /// Both profiles, and their passwords in a store that is open.
    private static void fillIn(Store store, Demo demo) throws IOException {
        var master = new BigInteger(256, new SecureRandom()).toString(36).toCharArray();
        store.secrets().unlock(master);
        for (var endpoint : List.of(demo.source(), demo.target())) {
            store.profiles().save(endpoint.profile());
            store.secrets().keep(endpoint.profile(), endpoint.password());
        }
        store.settings()
                .change(settings -> settings.with(
                        demo.source().profile().name(), demo.target().profile().name()));
    }

    private static boolean serversThere() {
        try {
            Class.forName("io.zonky.test.db.postgres.embedded.EmbeddedPostgres", false, classLoader());
            return true;
        } catch (ClassNotFoundException _) {
            return false; // a package leaves them out
        }
    }

    private static ClassLoader classLoader() {
        return DemoCommand.class.getClassLoader();
    }

    private static OptionalInt newestPgDump() throws InterruptedException {
        var installed = PgDump.installed(new NamedThreads(e -> LOG.error("looking for pg_dump", e)));
        for (int major = NEWEST_MAJOR; major >= OLDEST_MAJOR; major--) {
            if (installed.find(major) instanceof PgDumpSearch.Usable usable) {
                return OptionalInt.of(usable.major());
            }
        }
        return OptionalInt.empty();
    }

    /// Only Linux can be without one in daily life.
    static boolean hasDisplay(String system, Map<String, String> environment) {
        return !system.toLowerCase(Locale.ROOT).contains("linux")
                || !environment.getOrDefault("DISPLAY", "").isEmpty()
                || !environment.getOrDefault("WAYLAND_DISPLAY", "").isEmpty();
    }
}

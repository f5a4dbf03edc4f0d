package io.handover.cli;

import io.handover.engine.Desk;
import io.handover.engine.EngineException;
import io.handover.engine.Migration;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.CutoverReport;
import io.handover.model.Endpoint;
import io.handover.model.LagView;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.PasswordLookup;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.ReadLimit;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.StatementLog;
import io.handover.model.VerifyReport;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The commands. Every one ends in an `Exit`.
@CommandLine.Command(
        name = "handover",
        description = "Moves a live PostgreSQL database to another server without downtime.",
        subcommandsRepeatable = false,
        subcommands = CommandLine.HelpCommand.class,
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit status: 0 done · 1 failed, nothing lost · 2 wrong usage · 3 blocked by preflight or a gate ·"
                    + " 4 the sides differ · 5 unsure, a person must look.",
            "Passwords: in HANDOVER_SOURCE_PASSWORD and HANDOVER_TARGET_PASSWORD, PGPASSWORD, .pgpass, or asked for;",
            "a URI with a password belongs into a variable: --source env:NAME. PgBouncer's console:",
            "HANDOVER_PGBOUNCER_PASSWORD, else the same places."
        })
public final class HandoverCommand {

    private static final Set<Stage> COPYING = EnumSet.of(Stage.SCHEMA_READY, Stage.COPYING, Stage.INDEXING);

    private final Desk desk;
    private final InstantSource clock;
    private final Output output;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final Prompt prompt;

    /// Answers on `out`, tells its progress on `err`.
    public HandoverCommand(
            Desk desk, InstantSource clock, PrintStream out, PrintStream err, Map<String, String> environment) {
        this.desk = desk;
        this.clock = clock;
        this.output = new Output(out);
        this.err = err;
        this.environment = Map.copyOf(environment);
        this.prompt = Prompt.ofTerminal();
    }

    /// Asks at the terminal for the password of PgBouncer's console; for whoever looks for passwords in other places
    /// first.
    public PasswordLookup consolePrompt() {
        return console -> prompt.password("Password of " + console.user() + " on the console of PgBouncer "
                + console.host() + ":" + console.port() + ": ");
    }

    /// Runs the command that `args` name.
    ///
    /// @return the status to exit with
    public int run(String... args) {
        boolean json = List.of(args).contains("--json");
        int status = args.length == 0 ? Exit.USAGE.status() : line(json).execute(args);
        if (output.lost()) {
            err.println("handover: the result could not be written to standard output. The command itself ended with"
                    + " status " + status + "; handover status says where the migration is.");
            return status == Exit.DONE.status() ? Exit.FAILED.status() : status;
        }
        return status;
    }

    private CommandLine line(boolean json) {
        var line = new CommandLine(this);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.getCommandSpec().version("handover " + Version.current());
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().version("handover " + Version.current()));
        line.setOut(output.writer());
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((e, _) -> wrong(e, json));
        line.setExecutionExceptionHandler((e, _, _) -> failed(e, json));
        return line;
    }

    /// What is wrong in a line or two, not above a page of options.
    private int wrong(CommandLine.ParameterException e, boolean json) {
        PrintWriter lines = e.getCommandLine().getErr();
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        lines.println(command + ": " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, lines);
        lines.println(command + " --help says more.");
        return refused(Exit.USAGE, String.valueOf(e.getMessage()), json);
    }

    private int refused(Exit exit, String message, boolean json) {
        if (json) {
            output.refusal(exit, message);
        }
        return exit.status();
    }

    @CommandLine.Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Looks at both servers, changes nothing.")
    int check(@Mixin ServerOptions servers, @Mixin PlanOptions options) throws Refusal, InterruptedException {
        Endpoint source = servers.endpoint(Side.SOURCE, environment, prompt);
        Endpoint target = servers.endpoint(Side.TARGET, environment, prompt);
        Plan plan = newPlan(options, source, target);
        PreflightReport report = await(desk.check(plan, new Credentials(source.password(), target.password())));
        output.print(report, servers.json());
        return (report.blocked() ? Exit.BLOCKED : Exit.DONE).status();
    }

    @CommandLine.Command(
            name = "migrate",
            mixinStandardHelpOptions = true,
            description = "Carries a migration on, to the point that --until names.")
    int migrate(
            @Mixin ServerOptions servers,
            @Mixin PlanOptions options,
            @Mixin OverrideOptions overrides,
            @Option(
                            names = "--until",
                            defaultValue = "verified",
                            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
                    Until until,
            @Option(names = "--fix", description = "apply the fixes that preflight offers") boolean fix,
            @Option(names = "--yes", description = "go through the cutover without asking") boolean yes)
            throws Refusal, InterruptedException {
        if (!overrides.reasons().isEmpty() && until != Until.CUTOVER && until != Until.RETIRED) {
            throw new Refusal(
                    Exit.USAGE,
                    "--override is for a gate of the cutover: say --until cutover or --until retired with it.");
        }
        Endpoint source = servers.endpoint(Side.SOURCE, environment, prompt);
        Endpoint target = servers.endpoint(Side.TARGET, environment, prompt);
        Optional<Migration> there = await(desk.attach(source, target));
        try (Migration migration = there.isPresent()
                        ? there.get()
                        : await(desk.begin(
                                newPlan(options, source, target),
                                new Credentials(source.password(), target.password())));
                var _ = new Progress(migration, err)) {
            Exit exit = carry(migration, until, fix, yes, overrides.reasons());
            output.print(migration.state().get(), migration.lag().get(), servers.json());
            return exit.status();
        }
    }

    @CommandLine.Command(name = "status", mixinStandardHelpOptions = true, description = "Says where a migration is.")
    int status(
            @Mixin ServerOptions servers,
            @Option(
                            names = "--report",
                            paramLabel = "FILE",
                            description = "write the migration's record there: JSON if it ends in .json, else HTML")
                    Optional<Path> report,
            @Option(
                            names = "--unsent",
                            description = "what the owner has committed and the other side has not received, row by"
                                    + " row, instead of the rest")
                    boolean unsent)
            throws Refusal, InterruptedException {
        if (!unsent) {
            Optional<MigrationState> broken = await(desk.look(
                            servers.endpoint(Side.SOURCE, environment, prompt),
                            servers.endpoint(Side.TARGET, environment, prompt)))
                    .filter(state -> COPYING.contains(state.stage()));
            if (broken
                    .isPresent()) { // to open it would go on with the copy, which was perhaps stopped for the source's
                // sake
                err.println("handover: the copy is under way elsewhere or was broken off; this is what the target"
                        + " remembers. handover migrate goes on with it, handover discard gives it up.");
                return remembered(broken.get(), report, servers.json());
            }
        }
        try {
            return with(servers, false, (migration, driver) -> {
                if (unsent) {
                    output.print(await(migration.unsent()), servers.json());
                } else {
                    output.print(migration.state().get(), driver.freshLag(), servers.json());
                    if (!servers.json()) {
                        driver.gates().ifPresent(output::gates);
                    }
                }
                if (report.isPresent()) {
                    var statements = await(migration.statements());
                    ReportFile.write(report.get(), migration.state().get(), statements, clock.instant());
                }
                return status(migration.state().get());
            });
        } catch (Refusal e) {
            if (!e.busy()) {
                throw e;
            }
            err.println("handover: it is open elsewhere; this is what the target remembers");
            Optional<MigrationState> state = await(desk.look(
                    servers.endpoint(Side.SOURCE, environment, prompt),
                    servers.endpoint(Side.TARGET, environment, prompt)));
            if (state.isEmpty()) {
                throw e;
            }
            return remembered(state.get(), report, servers.json());
        }
    }

    private int remembered(MigrationState state, Optional<Path> report, boolean json) throws Refusal {
        output.print(state, LagView.none(clock.instant()), json);
        if (report.isPresent()) {
            var none = new StatementLog(
                    List.of(),
                    List.of("The migration was not opened for this: no statement is in it. The record that is written"
                            + " where it is driven has them."));
            ReportFile.write(report.get(), state, none, clock.instant());
        }
        return status(state).status();
    }

    private static Exit status(MigrationState state) {
        return state.stage() == Stage.UNSURE ? Exit.UNSURE : Exit.DONE;
    }

    @CommandLine.Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Compares every row while writes go on.")
    int verify(
            @Mixin ServerOptions servers,
            @Option(
                            names = "--limit",
                            paramLabel = "MB",
                            description =
                                    "read at most so many MB of the tables in a second, from now on; 0 for no limit")
                    @Nullable
                    Integer limit,
            @Option(
                            names = "--changed",
                            description = "read only the tables of which a row was changed, on either side and by"
                                    + " whomever, since they were proved equal; goes on with a comparison that was"
                                    + " broken off")
                    boolean onlyChanged)
            throws Refusal, InterruptedException {
        return with(servers, true, (_, driver) -> {
            if (limit != null) {
                driver.limit(new ReadLimit(limit));
            }
            VerifyReport report = driver.verify(onlyChanged);
            output.print(report, servers.json());
            return report.passed() && report.sameSchema() ? Exit.DONE : Exit.DIFFERENT;
        });
    }

    @CommandLine.Command(
            name = "cutover",
            mixinStandardHelpOptions = true,
            description = "Hands the data over to the target.")
    int cutover(
            @Mixin ServerOptions servers,
            @Mixin PlanOptions options,
            @Mixin OverrideOptions overrides,
            @Option(
                            names = "--runbook",
                            paramLabel = "FILE",
                            description =
                                    "write down what it will do, and hand nothing over: SQL if it ends in .sql, else"
                                            + " Markdown")
                    Optional<Path> runbook,
            @Option(
                            names = "--rehearse",
                            description =
                                    "everything but the freeze, which is tried on a table of its own; hands nothing"
                                            + " over")
                    boolean rehearse,
            @Option(names = "--yes", description = "without asking") boolean yes)
            throws Refusal, InterruptedException {
        return with(servers, true, (migration, driver) -> {
            driver.change(changed(options, migration.state().get().plan()));
            if (runbook.isPresent()) {
                ReportFile.write(runbook.get(), await(migration.runbook()));
                output.done("runbook", runbook.get().toString(), servers.json());
                return Exit.DONE;
            }
            if (rehearse) {
                output.done("rehearsal", driver.rehearse(), servers.json());
                return Exit.DONE;
            }
            return handOver(migration, driver, Side.TARGET, yes, overrides.reasons(), servers.json());
        });
    }

    @CommandLine.Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Hands the data back to the source, within the window.")
    int rollback(
            @Mixin ServerOptions servers,
            @Mixin OverrideOptions overrides,
            @Option(names = "--yes", description = "without asking") boolean yes)
            throws Refusal, InterruptedException {
        return with(
                servers,
                true,
                (migration, driver) ->
                        handOver(migration, driver, Side.SOURCE, yes, overrides.reasons(), servers.json()));
    }

    @CommandLine.Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = "Goes on where a step has failed, or asks the servers again who owns the data.")
    int retry(@Mixin ServerOptions servers) throws Refusal, InterruptedException {
        return with(servers, true, (migration, driver) -> {
            driver.retry();
            output.print(migration.state().get(), migration.lag().get(), servers.json());
            return Exit.DONE;
        });
    }

    @CommandLine.Command(
            name = "retire",
            mixinStandardHelpOptions = true,
            description = "Ends the window: takes everything of Handover off both servers; the owner keeps the data.")
    int retire(
            @Mixin ServerOptions servers,
            @Option(names = "--old-read-only", description = "the old database stays read-only by default")
                    boolean oldReadOnly,
            @Option(
                            names = "--reminder",
                            paramLabel = "FILE",
                            description = "write an entry for a calendar there: switch off the old server (iCalendar)")
                    Optional<Path> reminder,
            @Option(names = "--yes", description = "without asking") boolean yes)
            throws Refusal, InterruptedException {
        return with(servers, true, (migration, driver) -> {
            confirm(migration, migration.state().get().owner(), yes, "retire the migration");
            driver.finish(new Command.Retire(oldReadOnly));
            if (reminder.isPresent()) {
                ReportFile.reminder(reminder.get(), migration.state().get(), clock.instant());
            }
            output.print(migration.state().get(), migration.lag().get(), servers.json());
            return Exit.DONE;
        });
    }

    @CommandLine.Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = "Gives up: undoes everything Handover made on both servers, and nothing else.")
    int discard(@Mixin ServerOptions servers, @Option(names = "--yes", description = "without asking") boolean yes)
            throws Refusal, InterruptedException {
        return with(servers, true, Driver::stopped, (migration, driver) -> {
            confirm(migration, Side.TARGET, yes, "discard what was copied to the target");
            driver.finish(new Command.Discard());
            output.print(migration.state().get(), migration.lag().get(), servers.json());
            return Exit.DONE;
        });
    }

    private Exit carry(Migration migration, Until until, boolean fix, boolean yes, Map<String, String> overrides)
            throws Refusal, InterruptedException {
        var driver = new Driver(migration, clock);
        driver.idle();
        if (migration.state().get().stage() == Stage.FINISHED) {
            return Exit.DONE;
        }
        if (fix) {
            driver.fix();
        }
        Predicate<MigrationState> started = until == Until.SNAPSHOT
                ? s -> s.stage().isStreaming() || s.stage().targetOwns()
                : s -> !s.busy() && (s.stage() == Stage.STREAMING || s.stage() == Stage.REVERSE_OPEN);
        forecast(migration);
        driver.start(started);
        if (until == Until.SNAPSHOT || until == Until.STREAMING) {
            return Exit.DONE;
        }
        if (migration.state().get().owner() == Side.SOURCE) {
            VerifyReport report = driver.verify();
            if (!report.passed()) {
                output.differences(report, err);
                return Exit.DIFFERENT;
            }
            if (until == Until.VERIFIED) {
                return Exit.DONE;
            }
            confirm(migration, Side.TARGET, yes, "cut over to the target");
            driver.override(overrides);
            driver.handOver(Side.TARGET);
        }
        if (until == Until.RETIRED) {
            driver.finish(new Command.Retire());
        }
        return Exit.DONE;
    }

    /// Told before a copy is begun; that it cannot be told is no reason not to begin.
    private void forecast(Migration migration) throws InterruptedException {
        MigrationState state = migration.state().get();
        if (state.stage() != Stage.DRAFT && state.stage() != Stage.CHECKED) {
            return;
        }
        try {
            err.println("  " + ForecastLine.of(await(migration.forecast(state.plan()))));
        } catch (Refusal e) {
            err.println("  forecast: not known. " + e.getMessage());
        }
    }

    private Exit handOver(
            Migration migration, Driver driver, Side to, boolean yes, Map<String, String> overrides, boolean json)
            throws Refusal, InterruptedException {
        driver.canHandOver(to);
        confirm(migration, to, yes, "hand the data over to the " + to.word());
        Optional<VerifyReport> proof = driver.proof(overrides.keySet());
        if (proof.isPresent() && !proof.get().passed()) {
            output.differences(proof.get(), err);
            if (json) {
                output.print(proof.get(), true);
            }
            return Exit.DIFFERENT;
        }
        driver.override(overrides);
        CutoverReport report = driver.handOver(to);
        output.print(report, json);
        return Exit.DONE;
    }

    private void confirm(Migration migration, Side side, boolean yes, String what) throws Refusal {
        if (yes) {
            return;
        }
        String database = migration.state().get().plan().profile(side).database();
        Optional<String> typed =
                prompt.line("To " + what + ", type the " + side.word() + "'s database name (" + database + "): ");
        if (typed.isEmpty()) {
            throw new Refusal(Exit.BLOCKED, "Nobody can be asked here: say --yes to " + what + ".");
        }
        if (!typed.get().equals(database)) {
            throw new Refusal(Exit.BLOCKED, "Not confirmed; nothing was done.");
        }
    }

    private int with(ServerOptions servers, boolean tell, Use use) throws Refusal, InterruptedException {
        return with(servers, tell, Driver::idle, use);
    }

    /// @param first what is done about a step that a broken-off run has left, and that goes on now
    private int with(ServerOptions servers, boolean tell, First first, Use use) throws Refusal, InterruptedException {
        Endpoint source = servers.endpoint(Side.SOURCE, environment, prompt);
        Endpoint target = servers.endpoint(Side.TARGET, environment, prompt);
        Optional<Migration> found = await(desk.attach(source, target));
        if (found.isEmpty()) {
            found = await(desk.unstarted(source, target));
        }
        if (found.isEmpty()) {
            throw new Refusal(Exit.BLOCKED, "There is no migration under way between these two databases.");
        }
        try (Migration migration = found.get();
                var _ = new Progress(migration, tell ? err : new PrintStream(PrintStream.nullOutputStream()))) {
            var driver = new Driver(migration, clock);
            first.run(driver);
            return use.run(migration, driver).status();
        }
    }

    private static Plan newPlan(PlanOptions options, Endpoint source, Endpoint target) throws Refusal {
        try {
            return options.plan(MigrationId.random(RandomGenerator.getDefault()), source.profile(), target.profile());
        } catch (IllegalArgumentException e) {
            throw new Refusal(Exit.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static Plan changed(PlanOptions options, Plan plan) throws Refusal {
        try {
            return options.options(plan);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Exit.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static <T> T await(CompletableFuture<T> answer) throws Refusal, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineException engine) {
                throw Refusal.of(engine.problem());
            }
            throw new IllegalStateException("a question to the desk failed", e);
        }
    }

    private int failed(Exception e, boolean json) throws Exception {
        if (e instanceof CommandLine.ParameterException wrong) {
            return wrong(wrong, json);
        }
        if (e instanceof Refusal refusal) {
            err.println("handover: " + refusal.getMessage());
            return refused(refusal.exit(), String.valueOf(refusal.getMessage()), json);
        }
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            err.println("handover: interrupted; the migration goes on where it is");
            return refused(Exit.FAILED, "interrupted", json);
        }
        if (e instanceof IllegalArgumentException) {
            err.println("handover: " + e.getMessage());
            return refused(Exit.USAGE, String.valueOf(e.getMessage()), json);
        }
        refused(Exit.FAILED, "broke off by a fault of its own: " + e.getClass().getName(), json);
        throw e;
    }

    /// How far `migrate` goes.
    enum Until {
        /// The baseline is copied; the stream goes on by itself.
        SNAPSHOT,
        /// The target follows.
        STREAMING,
        /// Every row was compared.
        VERIFIED,
        /// The target owns the data, the window is open.
        CUTOVER,
        /// Nothing of Handover is left.
        RETIRED
    }

    @FunctionalInterface
    private interface First {
        void run(Driver driver) throws Refusal, InterruptedException;
    }

    @FunctionalInterface
    private interface Use {
        Exit run(Migration migration, Driver driver) throws Refusal, InterruptedException;
    }
}

package io.handover.cli;

import io.handover.engine.Migration;
import io.handover.model.Command;
import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.MigrationState;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.VerifyReport;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `handover migrate`: begins a migration or goes on with it.
@CommandLine.Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = "Carries a migration on, to the point that --until names.")
final class MigrateCommand implements Callable<Integer> {

    private final Commands commands;

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Mixin
    private PlanOptions options = new PlanOptions();

    @Mixin
    private OverrideOptions overrides = new OverrideOptions();

    @Option(names = "--until", defaultValue = "verified", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
    private Until until = Until.VERIFIED;

    @Option(names = "--fix", description = "apply the fixes that preflight offers")
    private boolean fix;

    @Option(names = "--yes", description = "go through the cutover without asking")
    private boolean yes;

    MigrateCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws Refusal, InterruptedException {
        if (!overrides.reasons().isEmpty() && until != Until.CUTOVER && until != Until.RETIRED) {
            throw new Refusal(
                    Exit.USAGE,
                    "--override is for a gate of the cutover: say --until cutover or --until retired with it.");
        }
        Endpoint source = commands.endpoint(servers, Side.SOURCE);
        Endpoint target = commands.endpoint(servers, Side.TARGET);
        Optional<Migration> there = Commands.await(commands.desk().attach(source, target));
        try (Migration migration = there.isPresent()
                        ? there.get()
                        : Commands.await(commands.desk()
                                .begin(
                                        options.newPlan(source, target),
                                        new Credentials(source.password(), target.password())));
                var _ = new Progress(migration, commands.err())) {
            Exit exit = carry(migration);
            commands.output().print(migration.state().get(), migration.lag().get(), servers.json());
            return exit.status();
        }
    }

    private Exit carry(Migration migration) throws Refusal, InterruptedException {
        var driver = new Driver(migration, commands.clock());
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
                commands.output().differences(report, commands.err());
                return Exit.DIFFERENT;
            }
            if (until == Until.VERIFIED) {
                return Exit.DONE;
            }
            commands.confirm(migration, Side.TARGET, yes, "cut over to the target");
            driver.override(overrides.reasons());
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
            commands.err().println("  " + ForecastLine.of(Commands.await(migration.forecast(state.plan()))));
        } catch (Refusal e) {
            commands.err().println("  forecast: not known. " + e.getMessage());
        }
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
}

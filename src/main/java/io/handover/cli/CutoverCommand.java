package io.handover.cli;

import io.handover.model.Side;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `handover cutover`: hands the data over, or rehearses or writes down how.
@CommandLine.Command(
        name = "cutover",
        mixinStandardHelpOptions = true,
        description = "Hands the data over to the target.")
final class CutoverCommand implements Callable<Integer> {

    private final Commands commands;

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Mixin
    private PlanOptions options = new PlanOptions();

    @Mixin
    private OverrideOptions overrides = new OverrideOptions();

    @Option(
            names = "--runbook",
            paramLabel = "FILE",
            description =
                    "write down what it will do, and hand nothing over: SQL if it ends in .sql, else" + " Markdown")
    private Optional<Path> runbook = Optional.empty();

    @Option(
            names = "--rehearse",
            description = "everything but the freeze, which is tried on a table of its own; hands nothing" + " over")
    private boolean rehearse;

    @Option(names = "--yes", description = "without asking")
    private boolean yes;

    CutoverCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws Refusal, InterruptedException {
        return commands.with(servers, true, (migration, driver) -> {
            driver.change(options.changed(migration.state().get().plan()));
            if (runbook.isPresent()) {
                ReportFile.write(runbook.get(), Commands.await(migration.runbook()));
                commands.output().done("runbook", runbook.get().toString(), servers.json());
                return Exit.DONE;
            }
            if (rehearse) {
                commands.output().done("rehearsal", driver.rehearse(), servers.json());
                return Exit.DONE;
            }
            return commands.handOver(migration, driver, Side.TARGET, yes, overrides.reasons(), servers.json());
        });
    }
}

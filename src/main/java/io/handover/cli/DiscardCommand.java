package io.handover.cli;

import io.handover.model.Command;
import io.handover.model.Side;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `handover discard`: gives a migration up.
@CommandLine.Command(
        name = "discard",
        mixinStandardHelpOptions = true,
        description = "Gives up: undoes everything Handover made on both servers, and nothing else.")
final class DiscardCommand implements Callable<Integer> {

    private final Commands commands;

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Option(names = "--yes", description = "without asking")
    private boolean yes;

    DiscardCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws Refusal, InterruptedException {
        return commands.with(servers, true, Driver::stopped, (migration, driver) -> {
            commands.confirm(migration, Side.TARGET, yes, "discard what was copied to the target");
            driver.finish(new Command.Discard());
            commands.output().print(migration.state().get(), migration.lag().get(), servers.json());
            return Exit.DONE;
        });
    }
}

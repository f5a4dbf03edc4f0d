package io.handover.cli;

import io.handover.model.Side;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `handover rollback`: hands the data back.
@CommandLine.Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = "Hands the data back to the source, within the window.")
final class RollbackCommand implements Callable<Integer> {

    private final Commands commands;

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Mixin
    private OverrideOptions overrides = new OverrideOptions();

    @Option(names = "--yes", description = "without asking")
    private boolean yes;

    RollbackCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws Refusal, InterruptedException {
        return commands.with(
                servers,
                true,
                (migration, driver) ->
                        commands.handOver(migration, driver, Side.SOURCE, yes, overrides.reasons(), servers.json()));
    }
}

package io.handover.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/// `handover retry`: as the Retry of the window.
@CommandLine.Command(
        name = "retry",
        mixinStandardHelpOptions = true,
        description = "Goes on where a step has failed, or asks the servers again who owns the data.")
final class RetryCommand implements Callable<Integer> {

    private final Commands commands;

    @Mixin
    private ServerOptions servers = new ServerOptions();

    RetryCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws Refusal, InterruptedException {
        return commands.with(servers, true, (migration, driver) -> {
            driver.retry();
            commands.output().print(migration.state().get(), migration.lag().get(), servers.json());
            return Exit.DONE;
        });
    }
}

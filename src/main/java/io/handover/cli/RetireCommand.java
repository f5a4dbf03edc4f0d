package io.handover.cli;

import io.handover.model.Command;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `handover retire`: ends a migration well.
@CommandLine.Command(
        name = "retire",
        mixinStandardHelpOptions = true,
        description = "Ends the window: takes everything of Handover off both servers; the owner keeps the data.")
final class RetireCommand implements Callable<Integer> {

    private final Commands commands;

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Option(names = "--old-read-only", description = "the old database stays read-only by default")
    private boolean oldReadOnly;

    @Option(
            names = "--reminder",
            paramLabel = "FILE",
            description = "write an entry for a calendar there: switch off the old server (iCalendar)")
    private Optional<Path> reminder = Optional.empty();

    @Option(names = "--yes", description = "without asking")
    private boolean yes;

    RetireCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws Refusal, InterruptedException {
        return commands.with(servers, true, (migration, driver) -> {
            commands.confirm(migration, migration.state().get().owner(), yes, "retire the migration");
            driver.finish(new Command.Retire(oldReadOnly));
            if (reminder.isPresent()) {
                ReportFile.reminder(
                        reminder.get(),
                        migration.state().get(),
                        commands.clock().instant());
            }
            commands.output().print(migration.state().get(), migration.lag().get(), servers.json());
            return Exit.DONE;
        });
    }
}

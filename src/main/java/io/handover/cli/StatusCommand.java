package io.handover.cli;

import io.handover.engine.Migration;
import io.handover.model.LagView;
import io.handover.model.MigrationState;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.StatementLog;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `handover status`: where a migration is, without going on with it where that would cost anything.
@CommandLine.Command(name = "status", mixinStandardHelpOptions = true, description = "Says where a migration is.")
final class StatusCommand implements Callable<Integer> {

    private static final Set<Stage> COPYING = EnumSet.of(Stage.SCHEMA_READY, Stage.COPYING, Stage.INDEXING);

    private final Commands commands;

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "write the migration's record there: JSON if it ends in .json, else HTML")
    private Optional<Path> report = Optional.empty();

    @Option(
            names = "--unsent",
            description = "what the owner has committed and the other side has not received, row by"
                    + " row, instead of the rest")
    private boolean unsent;

    StatusCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws Refusal, InterruptedException {
        if (!unsent) {
            // to open such a migration would go on with the copy, which was perhaps stopped for the source's sake
            Optional<MigrationState> broken = look().filter(state -> COPYING.contains(state.stage()));
            if (broken.isPresent()) {
                commands.err()
                        .println("handover: the copy is under way elsewhere or was broken off; this is what the target"
                                + " remembers. handover migrate goes on with it, handover discard gives it up.");
                return remembered(broken.get());
            }
        }
        try {
            return commands.with(servers, false, this::tell);
        } catch (Refusal e) {
            if (!e.busy()) {
                throw e;
            }
            commands.err().println("handover: it is open elsewhere; this is what the target remembers");
            Optional<MigrationState> state = look();
            if (state.isEmpty()) {
                throw e;
            }
            return remembered(state.get());
        }
    }

    private Exit tell(Migration migration, Driver driver) throws Refusal, InterruptedException {
        if (unsent) {
            commands.output().print(Commands.await(migration.unsent()), servers.json());
        } else {
            commands.output().print(migration.state().get(), driver.freshLag(), servers.json());
            if (!servers.json()) {
                driver.gates().ifPresent(commands.output()::gates);
            }
        }
        if (report.isPresent()) {
            var statements = Commands.await(migration.statements());
            ReportFile.write(
                    report.get(),
                    migration.state().get(),
                    statements,
                    commands.clock().instant());
        }
        return status(migration.state().get());
    }

    /// What the target remembers.
    private Optional<MigrationState> look() throws Refusal, InterruptedException {
        return Commands.await(
                commands.desk().look(commands.endpoint(servers, Side.SOURCE), commands.endpoint(servers, Side.TARGET)));
    }

    private int remembered(MigrationState state) throws Refusal {
        commands.output().print(state, LagView.none(commands.clock().instant()), servers.json());
        if (report.isPresent()) {
            var none = new StatementLog(
                    List.of(),
                    List.of("The migration was not opened for this: no statement is in it. The record that is written"
                            + " where it is driven has them."));
            ReportFile.write(report.get(), state, none, commands.clock().instant());
        }
        return status(state).status();
    }

    private static Exit status(MigrationState state) {
        return state.stage() == Stage.UNSURE ? Exit.UNSURE : Exit.DONE;
    }
}

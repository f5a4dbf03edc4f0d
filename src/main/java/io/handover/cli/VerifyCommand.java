package io.handover.cli;

import io.handover.model.ReadLimit;
import io.handover.model.VerifyReport;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `handover verify`: compares both sides.
@CommandLine.Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Compares every row while writes go on.")
final class VerifyCommand implements Callable<Integer> {

    private final Commands commands;

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Option(
            names = "--limit",
            paramLabel = "MB",
            description = "read at most so many MB of the tables in a second, from now on; 0 for no limit")
    private @Nullable Integer limit;

    @Option(
            names = "--changed",
            description = "read only the tables of which a row was changed, on either side and by"
                    + " whomever, since they were proved equal; goes on with a comparison that was"
                    + " broken off")
    private boolean onlyChanged;

    VerifyCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws Refusal, InterruptedException {
        return commands.with(servers, true, (_, driver) -> {
            if (limit != null) {
                driver.limit(new ReadLimit(limit));
            }
            VerifyReport report = driver.verify(onlyChanged);
            commands.output().print(report, servers.json());
            return report.passed() && report.sameSchema() ? Exit.DONE : Exit.DIFFERENT;
        });
    }
}

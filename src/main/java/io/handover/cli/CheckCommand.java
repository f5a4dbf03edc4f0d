package io.handover.cli;

import io.handover.model.Credentials;
import io.handover.model.Endpoint;
import io.handover.model.Plan;
import io.handover.model.PreflightReport;
import io.handover.model.Side;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/// `handover check`: what stands in the way of a migration.
@CommandLine.Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Looks at both servers, changes nothing.")
final class CheckCommand implements Callable<Integer> {

    private final Commands commands;

    @Mixin
    private ServerOptions servers = new ServerOptions();

    @Mixin
    private PlanOptions options = new PlanOptions();

    CheckCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws Refusal, InterruptedException {
        Endpoint source = commands.endpoint(servers, Side.SOURCE);
        Endpoint target = commands.endpoint(servers, Side.TARGET);
        Plan plan = options.newPlan(source, target);
        PreflightReport report =
                Commands.await(commands.desk().check(plan, new Credentials(source.password(), target.password())));
        commands.output().print(report, servers.json());
        return (report.blocked() ? Exit.BLOCKED : Exit.DONE).status();
    }
}

package io.handover.cli;

import io.handover.engine.Desk;
import io.handover.model.PasswordLookup;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/// The command line: which commands there are, and how one that goes wrong ends. Every one ends in an `Exit`.
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

    private final Output output;
    private final PrintStream err;
    private final Prompt prompt;
    private final Commands commands;

    /// Answers on `out`, tells its progress on `err`.
    public HandoverCommand(
            Desk desk, InstantSource clock, PrintStream out, PrintStream err, Map<String, String> environment) {
        this.output = new Output(out);
        this.err = err;
        this.prompt = Prompt.ofTerminal();
        this.commands = new Commands(desk, clock, output, err, Map.copyOf(environment), prompt);
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
        List.of(
                        new CheckCommand(commands),
                        new MigrateCommand(commands),
                        new StatusCommand(commands),
                        new VerifyCommand(commands),
                        new CutoverCommand(commands),
                        new RollbackCommand(commands),
                        new RetryCommand(commands),
                        new RetireCommand(commands),
                        new DiscardCommand(commands))
                .forEach(line::addSubcommand);
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
}

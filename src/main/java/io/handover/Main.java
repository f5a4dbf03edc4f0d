package io.handover;

import io.handover.cli.Exit;
import io.handover.cli.HandoverCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/// Where Handover starts.
public final class Main {

    private Main() {}

    /// Opens the window, or runs the command that the arguments name, and ends with its status.
    ///
    /// @param args as typed, without the program's name
    public static void main(String[] args) {
        var folders =
                Folders.of(System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
        try {
            LogFile.start(folders.log());
        } catch (IOException e) {
            System.err.println("handover: goes on without a log: " + e);
        }
        if (Training.wanted()) {
            Training.move(folders, System.out);
        }
        if (args.length == 0) {
            System.exit(Window.open(folders, System.err));
        } else if (args[0].equals("demo")) {
            System.exit(DemoCommand.run(args));
        } else {
            System.exit(command(folders, args));
        }
    }

    private static int command(Folders folders, String[] args) {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        try (var wiring = new Wiring(folders, System.getenv())) {
            var command = new HandoverCommand(wiring.desk(), wiring.clock(), out, err, System.getenv());
            wiring.store().consoles().ask(command.consolePrompt());
            return command.run(args);
        } catch (Throwable e) { // a command that ends without a word looks as if it had done its work
            LoggerFactory.getLogger(Main.class).error("the command broke off", e);
            err.println(
                    "handover: broke off by a fault of its own: " + e.getClass().getName()
                            + ". What was begun stands in the journal and can be carried on; " + folders.log()
                            + " says more.");
            return Exit.FAILED.status();
        }
    }
}

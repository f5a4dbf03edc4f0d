package io.handover;

import io.handover.cli.Exit;
import java.io.PrintStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `handover` without arguments: the window on the user's own files.
final class Window {

    private static final Logger LOG = LoggerFactory.getLogger(Window.class);

    private Window() {}

    /// Shows the window until it is closed.
    ///
    /// @param err where to say that there is none to be had, to whoever has started it from a terminal
    /// @return the status to exit with
    static int open(Folders folders, PrintStream err) {
        try (var wiring = new Wiring(folders, System.getenv())) {
            HandoverApp.show(wiring, folders, _ -> {});
            return Exit.DONE.status();
        } catch (UnsupportedOperationException e) {
            LOG.error("the window cannot be shown", e);
            err.println("handover: the window cannot be shown: " + e.getMessage()
                    + ". Without a display, use the commands: handover --help lists them.");
            return Exit.FAILED.status();
        }
    }
}

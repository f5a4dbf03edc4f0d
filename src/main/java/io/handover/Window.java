package io.handover;

import io.handover.cli.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `handover` without arguments: the window on the user's own files.
final class Window {

    private static final Logger LOG = LoggerFactory.getLogger(Window.class);

    private Window() {}

    /// Shows the window until it is closed.
    ///
    /// @return the status to exit with
    static int open(Folders folders) {
        try (var wiring = new Wiring(folders, System.getenv())) {
            HandoverApp.show(wiring, folders, _ -> {});
            return Exit.DONE.status();
        } catch (UnsupportedOperationException e) {
            LOG.error("the window cannot be shown", e);
            return Exit.FAILED.status();
        }
    }
}

package io.handover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/// The program's log: five files of at most 2 MB in the user's state folder, the newest named `handover.0.log`.
/// Nothing goes to the console, which belongs to the commands' output.
final class LogFile {

    private static final String SETTINGS = "logging/logging.properties";
    private static final int BYTES = 2_000_000;
    private static final int FILES = 5;

    private LogFile() {}

    /// Sends everything logged from now on, by any library too, to files in `folder`, and what threads die of
    /// as well. Called once, before the first logger is used.
    ///
    /// @param folder made if missing, readable by its owner only: a log names servers and tables
    /// @throws IOException if nothing can be written there; the program then runs without a log
    static void start(Path folder) throws IOException {
        try (var settings = LogFile.class.getResourceAsStream(SETTINGS)) {
            if (settings == null) {
                throw new IOException(SETTINGS + " is missing from the program");
            }
            LogManager.getLogManager().readConfiguration(settings);
        }
        makePrivate(folder);
        // "%" is FileHandler's own; a second Handover at the same time gets files ending in ".1"
        var pattern = folder.resolve("handover.").toString().replace("%", "%%") + "%g.log";
        var files = new FileHandler(pattern, BYTES, FILES, true);
        files.setFormatter(new LogLine());
        files.setLevel(Level.ALL);
        Logger.getLogger("").addHandler(files);

        var log = LoggerFactory.getLogger(LogFile.class);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> log.error("{} died", thread.getName(), e));
        log.info(
                "Started on Java {}, {} {}",
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.version"));
    }

    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }
}

package io.handover;

import io.handover.ui.PageId;
import io.handover.ui.Shell;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.stage.Stage;
import javafx.util.Duration;

/// The run from which the JVM learns what to keep for a fast start and a short write pause (JEP 483 and 515,
/// `-XX:AOTCacheOutput`): a small migration there and back, then every page of the window once. Only the build and
/// the packaging ask for it.
final class Training {

    private static final System.Logger LOG = System.getLogger(Training.class.getName());

    /// Long enough for a page to be laid out and painted, and no longer.
    private static final Duration PER_PAGE = Duration.millis(250);

    /// Those whose classes are needed when nobody wants to wait for them: the write pause must not read jars.
    private static final List<String> MODULES = List.of("io.handover", "org.postgresql.jdbc");

    private Training() {}

    /// Whether this run is one, by the system property `handover.training`.
    static boolean wanted() {
        return Boolean.getBoolean("handover.training");
    }

    /// The part without the window. Takes the servers from the start script that `handover.training.servers` names, for
    /// a package has none; without it, or where they do not start, there is no migration to learn from.
    static void move(Folders folders, PrintStream tell) {
        for (var module : MODULES) {
            load(module);
        }
        String launcher = System.getProperty("handover.training.servers", "");
        try {
            if (launcher.isEmpty() || !new TrainingMove(folders, tell).run(launcher)) {
                tell.println("No migration was learnt from.");
            }
        } catch (IOException e) {
            tell.println("No migration was learnt from: " + e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Begins the tour of the pages; on the JavaFX thread.
    static void begin(Shell shell, Stage stage) {
        var tour = new Timeline();
        var at = PER_PAGE;
        for (var page : PageId.values()) {
            tour.getKeyFrames().add(new KeyFrame(at, _ -> shell.go(page)));
            at = at.add(PER_PAGE);
        }
        tour.getKeyFrames().add(new KeyFrame(at, _ -> stage.close()));
        tour.play();
    }

    /// Loads every class of `module`, so that all are kept; none is initialised.
    private static void load(String module) {
        var resolved = ModuleLayer.boot().configuration().findModule(module).orElseThrow();
        var loaded = ModuleLayer.boot().findModule(module).orElseThrow();
        try (var reader = resolved.reference().open();
                var names = reader.list()) {
            names.filter(name -> name.endsWith(".class") && !name.endsWith("-info.class") && !name.startsWith("META-"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .forEach(name -> load(loaded, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void load(Module module, String name) {
        try {
            Class.forName(module, name);
        } catch (LinkageError e) {
            LOG.log(System.Logger.Level.DEBUG, name, e); // needs something that is not there and not used
        }
    }
}

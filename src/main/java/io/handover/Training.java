package io.handover;

import io.handover.ui.PageId;
import io.handover.ui.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.stage.Stage;
import javafx.util.Duration;

/// Shows every page once and closes the window: the run from which the JVM learns what to keep for a fast start
/// (JEP 483, `-XX:AOTCacheOutput`). Only the build and the packaging ask for it.
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

    /// Begins the tour; on the JavaFX thread.
    static void begin(Shell shell, Stage stage) {
        for (var module : MODULES) {
            load(module);
        }
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

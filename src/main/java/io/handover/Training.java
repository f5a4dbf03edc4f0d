package io.handover;

import io.handover.ui.PageId;
import io.handover.ui.Shell;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.stage.Stage;
import javafx.util.Duration;

/// Shows every page once and closes the window: the run from which the JVM learns what to keep for a fast start
/// (JEP 483, `-XX:AOTCacheOutput`). Only the build and the packaging ask for it.
final class Training {

    /// Long enough for a page to be laid out and painted, and no longer.
    private static final Duration PER_PAGE = Duration.millis(250);

    private Training() {}

    /// Whether this run is one, by the system property `handover.training`.
    static boolean wanted() {
        return Boolean.getBoolean("handover.training");
    }

    /// Begins the tour; on the JavaFX thread.
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
}

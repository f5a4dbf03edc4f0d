package io.handover.testkit;

import io.handover.ui.fx.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.scene.Scene;
import org.testfx.util.WaitForAsyncUtils;

/// Saves what a test's window shows, for people to look at.
public final class Pictures {

    private static final Path FOLDER = Path.of("target", "pictures");

    private Pictures() {}

    /// Writes `scene` to `target/pictures/<name>.png`; called on the test's thread, after pending events are done.
    ///
    /// @return the file
    public static Path save(Scene scene, String name)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        WaitForAsyncUtils.waitForFxEvents();
        var image = WaitForAsyncUtils.asyncFx(() -> scene.snapshot(null)).get(20, TimeUnit.SECONDS);
        Path file = Files.createDirectories(FOLDER).resolve(name + ".png");
        Png.write(image, file);
        return file;
    }
}

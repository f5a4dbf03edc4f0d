package io.handover.ui.autopilot;

import io.handover.ui.Theme;
import io.handover.ui.fx.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ScrollPane;
import javafx.scene.image.WritableImage;

/// Takes pictures of a window and numbers them in their order.
final class Camera {

    private final Scene scene;
    private final Hands hands;
    private final Path folder;
    private final Set<String> seenDark = new HashSet<>();
    private int taken;

    /// Puts the pictures into `folder`, which is made if it is not there.
    Camera(Scene scene, Hands hands, Path folder) {
        this.scene = scene;
        this.hands = hands;
        this.folder = folder;
    }

    /// The window as it is.
    void shoot(String name) throws IOException, Stuck, InterruptedException {
        save(name, hands.see(() -> scene.snapshot(null)));
    }

    /// The window, what is further down on the page, and once for each page the window in the dark; it is light
    /// again afterwards.
    void album(String name) throws IOException, Stuck, InterruptedException {
        shoot(name);
        var below = hands.see(this::below);
        if (below.isPresent()) {
            save(name + "-below", below.get());
        }
        if (seenDark.add(hands.text("page-title"))) {
            save(name + "-dark", hands.see(this::dark));
        }
    }

    private void save(String name, WritableImage picture) throws IOException {
        taken++;
        Path file = folder.resolve(String.format(Locale.ROOT, "%02d-%s.png", taken, name));
        Png.write(picture, Files.createDirectories(folder).resolve(file.getFileName()));
    }

    private Optional<WritableImage> below() {
        Node found = scene.lookup(".page-scroll");
        if (!(found instanceof ScrollPane scroll)
                || scroll.getContent().getLayoutBounds().getHeight()
                        <= scroll.getViewportBounds().getHeight() + 1) {
            return Optional.empty();
        }
        double before = scroll.getVvalue();
        scroll.setVvalue(scroll.getVmax());
        var picture = scene.snapshot(null);
        scroll.setVvalue(before);
        return Optional.of(picture);
    }

    private WritableImage dark() {
        Theme.DARK.dress(scene);
        try {
            return scene.snapshot(null);
        } finally {
            Theme.LIGHT.dress(scene);
        }
    }
}

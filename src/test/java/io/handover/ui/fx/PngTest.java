package io.handover.ui.fx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import javafx.scene.image.WritableImage;
import javafx.scene.paint.Color;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxToolkit;

class PngTest {

    @TempDir
    Path folder;

    @BeforeAll
    static void startToolkit() throws Exception {
        FxToolkit.registerPrimaryStage();
    }

    /// Read by the JDK's own reader, which this writer does not use.
    @Test
    void everyPixelComesBack() throws Exception {
        var image = new WritableImage(301, 7);
        for (int x = 0; x < 301; x++) {
            for (int y = 0; y < 7; y++) {
                image.getPixelWriter().setColor(x, y, Color.rgb(x % 256, y * 30, 255 - x % 256));
            }
        }
        Path file = folder.resolve("picture.png");

        Png.write(image, file);

        var read = ImageIO.read(file.toFile());
        assertEquals(301, read.getWidth());
        assertEquals(7, read.getHeight());
        for (int x = 0; x < 301; x++) {
            for (int y = 0; y < 7; y++) {
                assertEquals(image.getPixelReader().getArgb(x, y), read.getRGB(x, y), x + "," + y);
            }
        }
    }
}

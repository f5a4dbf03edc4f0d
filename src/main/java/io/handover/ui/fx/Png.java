package io.handover.ui.fx;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;

/// Writes pictures as PNG with the JDK alone; JavaFX's own way needs its Swing module, and Swing with it.
public final class Png {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte BITS_A_CHANNEL = 8;
    private static final byte TRUE_COLOUR = 2;

    private Png() {}

    /// Writes `image` to `file`, which is replaced; transparency is dropped. Any thread, if the image is
    /// not changing.
    public static void write(Image image, Path file) throws IOException {
        int width = (int) image.getWidth();
        int height = (int) image.getHeight();
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(BITS_A_CHANNEL)
                .put(TRUE_COLOUR)
                .array(); // compression, filter and interlace: 0, the usual
        try (var out = new DataOutputStream(Files.newOutputStream(file))) {
            out.write(SIGNATURE);
            chunk(out, "IHDR", header);
            chunk(out, "IDAT", pixels(image, width, height));
            chunk(out, "IEND", new byte[0]);
        }
    }

    private static byte[] pixels(Image image, int width, int height) throws IOException {
        var reader = image.getPixelReader();
        int[] colours = new int[width];
        var line = ByteBuffer.allocate(1 + 3 * width);
        var packed = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(packed)) {
            for (int y = 0; y < height; y++) {
                reader.getPixels(0, y, width, 1, PixelFormat.getIntArgbInstance(), colours, 0, width);
                line.clear().put((byte) 0); // this line's filter: none
                for (int colour : colours) {
                    line.put((byte) (colour >> 16)).put((byte) (colour >> 8)).put((byte) colour);
                }
                deflater.write(line.array());
            }
        }
        return packed.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        var sum = new CRC32();
        sum.update(name);
        sum.update(data);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) sum.getValue());
    }
}

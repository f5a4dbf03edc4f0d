package io.handover.pg;

import io.handover.model.Archive;
import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;

/// Some rows as text, kept to see how small an archive makes them. One thread.
public final class RowSample {

    private static final int MOST = 8 * 1024 * 1024;

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    /// How it compressed.
    ///
    /// @param ratio     of what comes out to what goes in; 1 for none, or for no rows
    /// @param perSecond bytes of text; 0 if it is not compressed, or by a method that is many times quicker
    public record Compressed(double ratio, double perSecond) {}

    /// Keeps `row`, unless there are enough.
    void add(byte[] row) {
        if (text.size() < MOST) {
            text.write(row, 0, Math.min(row.length, MOST - text.size()));
        }
    }

    /// Compresses them as `pg_dump` would with gzip, which its levels mean; other methods are told as its
    /// level 1, of which they are in the neighbourhood, and take less time.
    public Compressed compress(Archive archive) {
        int level = level(archive.compression());
        if (level == 0 || text.size() == 0) {
            return new Compressed(1, 0);
        }
        byte[] all = text.toByteArray();
        var deflater = new Deflater(level);
        try {
            long began = System.nanoTime();
            deflater.setInput(all);
            deflater.finish();
            long out = 0;
            for (byte[] buffer = new byte[64 * 1024]; !deflater.finished(); ) {
                out += deflater.deflate(buffer);
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            boolean gzip = !archive.compression().matches("(lz4|zstd).*");
            return new Compressed((double) out / all.length, gzip ? all.length / seconds : 0);
        } finally {
            deflater.end();
        }
    }

    private static int level(String compression) {
        return switch (compression) {
            case "none" -> 0;
            case "gzip" -> 6;
            default ->
                compression.matches("(gzip:)?[0-9]")
                        ? Integer.parseInt(compression.substring(compression.length() - 1))
                        : 1;
        };
    }
}

package io.handover.engine.cutover;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;

/// The end of what a hook prints, without passwords. Read by one thread, asked by another.
final class HookOutput {

    /// Characters kept: an error stands at the end.
    static final int LIMIT = 16_000;

    private final HookEnvironment environment;
    private final StringBuilder text = new StringBuilder();
    private final int spare;
    private boolean cut;

    HookOutput(HookEnvironment environment) {
        this.environment = environment;
        this.spare = environment.longestSecret();
    }

    /// Reads to the end.
    void readAll(InputStream stream) {
        // The console's encoding: what a shell's commands print in.
        var charset = Charset.forName(
                System.getProperty("native.encoding", Charset.defaultCharset().name()));
        var buffer = new char[8_192];
        try (var reader = new InputStreamReader(stream, charset)) {
            for (int read; (read = reader.read(buffer)) >= 0; ) {
                add(buffer, read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What there is now.
    synchronized String text() {
        String masked = environment.masked(text.toString());
        if (!cut) {
            return masked;
        }
        // The first characters may be the rest of a password that was cut in two, which nothing can find.
        String whole = masked.substring(Math.min(masked.length(), spare));
        return "…" + whole.substring(Math.max(0, whole.length() - LIMIT + 1));
    }

    private synchronized void add(char[] buffer, int length) {
        text.append(buffer, 0, length);
        int tooMuch = text.length() - LIMIT - spare;
        if (tooMuch > 0) {
            text.delete(0, tooMuch);
            cut = true;
        }
    }
}

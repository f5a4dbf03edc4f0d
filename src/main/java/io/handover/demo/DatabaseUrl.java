package io.handover.demo;

import io.handover.model.Endpoint;
import io.handover.model.PgUri;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/// The application's `DATABASE_URL` in a small file of one line, `DATABASE_URL=postgresql://…`, as deployments
/// keep it. A switch hook rewrites the file and the application follows.
public final class DatabaseUrl {

    /// The variable's name, in the file and in a hook's environment.
    public static final String NAME = "DATABASE_URL";

    private final Path file;

    /// The one in `file`, which need not be there yet.
    public DatabaseUrl(Path file) {
        this.file = file.toAbsolutePath();
    }

    /// The file.
    public Path file() {
        return file;
    }

    /// Where the database is now.
    ///
    /// @throws IOException if there is no file, or its line is not complete (it may be being written)
    public Endpoint read() throws IOException {
        String text = Files.readString(file).replace("\r", "");
        if (!text.startsWith(NAME + "=") || !text.endsWith("\n")) {
            throw new IOException(file + " holds no complete " + NAME);
        }
        try {
            return PgUri.parse(text.substring(NAME.length() + 1));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds a " + NAME + " that cannot be understood", e);
        }
    }

    /// Replaces the line, so that no reader sees half of it.
    public void write(Endpoint endpoint) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, NAME + "=" + format(endpoint) + "\n");
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// A command for the shell of this machine that copies `DATABASE_URL` from its environment into the file; to
    /// be used as switch hook. The password stays out of the command line.
    public String hookCommand() {
        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")) {
            return "set " + NAME + "> \"" + file + "\""; // prints name and value
        }
        String quoted = "'" + file.toString().replace("'", "'\\''") + "'";
        return "printf '" + NAME + "=%s\\n' \"$" + NAME + "\" > " + quoted + ".new && mv " + quoted + ".new " + quoted;
    }

    /// The URI of `endpoint`, with its password.
    public static String format(Endpoint endpoint) {
        var profile = endpoint.profile();
        String host = profile.host().contains(":") ? "[" + profile.host() + "]" : profile.host();
        return "postgresql://" + encoded(profile.user()) + ":"
                + encoded(endpoint.password().reveal()) + "@" + host + ":" + profile.port() + "/"
                + encoded(profile.database()) + "?sslmode=" + profile.tls().word();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

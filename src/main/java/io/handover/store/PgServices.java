package io.handover.store;

import io.handover.model.ConnectionText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// PostgreSQL's connection service file: named connections, as DBAs have them for psql.
///
/// @param file where it is, or would be
public record PgServices(Path file) {

    /// The file libpq would use: `PGSERVICEFILE`, or the one in the user's home.
    ///
    /// @param environment of the process
    /// @param system      the system property `os.name`
    /// @param home        the user's home
    public static PgServices of(Map<String, String> environment, String system, Path home) {
        var named = environment.getOrDefault("PGSERVICEFILE", "");
        if (!named.isBlank()) {
            return new PgServices(Path.of(named));
        }
        if (system.toLowerCase(Locale.ROOT).startsWith("windows")) {
            var roaming = environment.getOrDefault("APPDATA", "");
            var folder = roaming.isBlank() ? home.resolve("AppData").resolve("Roaming") : Path.of(roaming);
            return new PgServices(folder.resolve("postgresql").resolve(".pg_service.conf"));
        }
        return new PgServices(home.resolve(".pg_service.conf"));
    }

    /// The services by name, in the file's order; empty if there is no file. A service that cannot be understood is
    /// left out, for psql would not take it either.
    ///
    /// @throws IOException if the file is there and cannot be read
    public Map<String, ConnectionText> all() throws IOException {
        var services = new LinkedHashMap<String, ConnectionText>();
        if (!Files.isRegularFile(file)) {
            return services;
        }
        var words = new LinkedHashMap<String, Map<String, String>>();
        Map<String, String> section = new LinkedHashMap<>();
        for (String raw : Files.readAllLines(file)) {
            var line = raw.strip();
            int equals = line.indexOf('=');
            if (line.startsWith("[") && line.endsWith("]")) {
                section = words.computeIfAbsent(line.substring(1, line.length() - 1), _ -> new LinkedHashMap<>());
            } else if (!line.startsWith("#") && equals > 0) {
                section.putIfAbsent(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
        words.forEach((name, said) -> {
            try {
                services.put(name, ConnectionText.of(said));
            } catch (IllegalArgumentException _) {
                // psql would refuse it as well
            }
        });
        return services;
    }
}

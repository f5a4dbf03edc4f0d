package io.handover;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where Handover keeps the user's files, as the operating system wants it.
///
/// @param config profiles, plans, settings: what the user would copy to another workstation
/// @param state  journals of migrations and the log: what belongs to this workstation
record Folders(Path config, Path state) {

    /// The folders of the user who runs the program; nothing is made yet.
    ///
    /// `HANDOVER_FOLDER` puts both below one folder, for a trial or for tests.
    ///
    /// @param environment of the process
    /// @param system      the system property `os.name`
    /// @param home        the user's home
    static Folders of(Map<String, String> environment, String system, Path home) {
        var trial = environment.get("HANDOVER_FOLDER");
        if (trial != null && !trial.isBlank()) {
            var own = Path.of(trial).toAbsolutePath();
            return new Folders(own.resolve("config"), own.resolve("state"));
        }
        var name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            return new Folders(
                    orElse(environment.get("APPDATA"), home.resolve("AppData").resolve("Roaming"))
                            .resolve("Handover"),
                    orElse(
                                    environment.get("LOCALAPPDATA"),
                                    home.resolve("AppData").resolve("Local"))
                            .resolve("Handover"));
        }
        if (name.startsWith("mac")) {
            var support = home.resolve("Library").resolve("Application Support").resolve("Handover");
            return new Folders(support, support.resolve("state"));
        }
        return new Folders(
                orElse(environment.get("XDG_CONFIG_HOME"), home.resolve(".config"))
                        .resolve("handover"),
                orElse(environment.get("XDG_STATE_HOME"), home.resolve(".local").resolve("state"))
                        .resolve("handover"));
    }

    /// The log's folder.
    Path log() {
        return state.resolve("log");
    }

    private static Path orElse(@Nullable String set, Path usual) {
        var path = absolute(set);
        return path == null ? usual : path;
    }

    /// The XDG rules want a relative path to be ignored, as an empty one.
    private static @Nullable Path absolute(@Nullable String path) {
        if (path == null || path.isBlank()) {
            return null;
        }
        var parsed = Path.of(path);
        return parsed.isAbsolute() ? parsed : null;
    }
}

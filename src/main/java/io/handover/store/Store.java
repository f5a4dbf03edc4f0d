package io.handover.store;

import java.nio.file.Path;
import java.util.Map;

/// All of the user's files.
///
/// @param profiles saved connections
/// @param settings the window's settings
/// @param secrets  remembered passwords, locked at first
/// @param pgPass   PostgreSQL's own password file
/// @param services PostgreSQL's own named connections
/// @param consoles passwords of the consoles of PgBouncers
/// @param folder   where Handover's own files lie
public record Store(
        Profiles profiles,
        SettingsFile settings,
        Secrets secrets,
        PgPass pgPass,
        PgServices services,
        ConsolePasswords consoles,
        Path folder) {

    /// Opens the files in `folder`; none of them need exist.
    ///
    /// @param environment of the process
    /// @param system      the system property `os.name`
    /// @param home        the user's home
    public static Store open(Path folder, Map<String, String> environment, String system, Path home) {
        var secrets = new Secrets(folder.resolve("secrets.bin"));
        var pgPass = PgPass.of(environment, system, home);
        return new Store(
                new Profiles(folder.resolve("profiles.json")),
                new SettingsFile(folder.resolve("settings.json")),
                secrets,
                pgPass,
                PgServices.of(environment, system, home),
                new ConsolePasswords(environment, secrets, pgPass),
                folder);
    }
}

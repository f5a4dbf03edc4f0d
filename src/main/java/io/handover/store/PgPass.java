package io.handover.store;

import io.handover.model.Profile;
import io.handover.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// PostgreSQL's own password file, read as libpq reads it: the first line that fits wins, `*` fits all, `\` escapes.
///
/// @param file where it is, or would be
public record PgPass(Path file) {

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    /// The file libpq would use: `PGPASSFILE`, or the one in the user's home.
    ///
    /// @param environment of the process
    /// @param system      the system property `os.name`
    /// @param home        the user's home
    public static PgPass of(Map<String, String> environment, String system, Path home) {
        var named = environment.getOrDefault("PGPASSFILE", "");
        if (!named.isBlank()) {
            return new PgPass(Path.of(named));
        }
        if (system.toLowerCase(Locale.ROOT).startsWith("windows")) {
            var roaming = environment.getOrDefault("APPDATA", "");
            var folder = roaming.isBlank() ? home.resolve("AppData").resolve("Roaming") : Path.of(roaming);
            return new PgPass(folder.resolve("postgresql").resolve("pgpass.conf"));
        }
        return new PgPass(home.resolve(".pgpass"));
    }

    /// What a look into the file found.
    public sealed interface Lookup {
        /// A line fits.
        record Found(Secret password) implements Lookup {}

        /// There is no file, or no line that fits.
        record None() implements Lookup {}

        /// The file is there and is not used, as libpq would not use it.
        ///
        /// @param reason for people
        record Refused(String reason) implements Lookup {}
    }

    /// The password for `profile`. Reads the file anew.
    public Lookup find(Profile profile) {
        if (!Files.exists(file)) {
            return new Lookup.None();
        }
        try {
            if (!Files.isRegularFile(file)) {
                return new Lookup.Refused(file + " is not used: it is no plain file.");
            }
            if (openToOthers()) {
                return new Lookup.Refused(file + " is not used: others may read it. Say chmod 0600 to it.");
            }
            return Files.readAllLines(file).stream()
                    .map(PgPass::fields)
                    .filter(line -> fits(line, profile))
                    .findFirst()
                    .<Lookup>map(line -> new Lookup.Found(Secret.of(line.get(4))))
                    .orElseGet(Lookup.None::new);
        } catch (IOException e) {
            return new Lookup.Refused(file + " cannot be read: " + e.getMessage());
        }
    }

    /// The password, or none if there is none for whatever reason.
    public Optional<Secret> password(Profile profile) {
        return find(profile) instanceof Lookup.Found(var password) ? Optional.of(password) : Optional.empty();
    }

    private boolean openToOthers() throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
    }

    private static boolean fits(List<String> line, Profile profile) {
        return line.size() == 5
                && fits(line.get(0), profile.host())
                && fits(line.get(1), Integer.toString(profile.port()))
                && fits(line.get(2), profile.database())
                && fits(line.get(3), profile.user());
    }

    private static boolean fits(String field, String value) {
        return field.equals("*") || field.equals(value);
    }

    /// host:port:database:user:password; what stands behind a fourth colon is the password, colons and all.
    private static List<String> fields(String line) {
        var fields = new ArrayList<String>();
        if (line.startsWith("#")) {
            return fields;
        }
        var field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                field.append(line.charAt(++i));
            } else if (c == ':' && fields.size() < 4) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}

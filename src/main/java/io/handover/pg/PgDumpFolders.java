package io.handover.pg;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where `pg_dump` may lie: where the usual installers put it, and on the PATH.
final class PgDumpFolders {

    /// A folder, a pattern for the names in it, and what comes below.
    private record Place(String folder, String pattern, String below) {}

    private static final List<Place> USUAL = List.of(
            new Place("/usr/lib/postgresql", "*", "bin"), // Debian, Ubuntu
            new Place("/usr", "pgsql-*", "bin"), // postgresql.org's packages for Red Hat
            new Place("/usr/lib", "postgresql*", "bin"), // SUSE, Alpine
            new Place("/opt/homebrew/opt", "{postgresql,libpq}*", "bin"),
            new Place("/usr/local/opt", "{postgresql,libpq}*", "bin"),
            new Place("/home/linuxbrew/.linuxbrew/opt", "{postgresql,libpq}*", "bin"),
            new Place("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
            new Place("/Library/PostgreSQL", "*", "bin"), // EDB's installer
            new Place("/opt/local/lib", "postgresql*", "bin"), // MacPorts
            new Place("/usr/local", "pgsql*", "bin")); // built from source

    private PgDumpFolders() {}

    /// The folders that exist; installers' first, because what the PATH has may be a wrapper that chooses a
    /// version by itself.
    static List<Path> usual(Map<String, String> environment) {
        Set<Path> folders = new LinkedHashSet<>();
        USUAL.forEach(place -> add(folders, place));
        for (String variable : List.of("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)")) {
            String programs = environment.get(variable);
            if (programs != null) {
                add(folders, new Place(programs + "\\PostgreSQL", "*", "bin"));
                add(folders, new Place(programs, "pgAdmin 4", "runtime"));
            }
        }
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isBlank()) {
                addIfThere(folders, folder);
            }
        }
        return new ArrayList<>(folders);
    }

    private static void add(Set<Path> folders, Place place) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of(place.folder()), place.pattern())) {
            for (Path path : found) {
                addIfThere(folders, path.resolve(place.below()).toString());
            }
        } catch (IOException | InvalidPathException _) {
            // not on this computer, or not for us to read: then no pg_dump can be run from there
        }
    }

    private static void addIfThere(Set<Path> folders, String folder) {
        try {
            Path path = Path.of(folder);
            if (Files.isDirectory(path)) {
                folders.add(path);
            }
        } catch (InvalidPathException _) {
            // a PATH may have entries that are no paths
        }
    }
}

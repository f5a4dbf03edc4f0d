package io.handover.demo;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.zip.ZipFile;

/// The PostgreSQL programs of one major version, in the jar the build fetched for this platform.
///
/// A record, because what has been unpacked once in this JVM is remembered by this value's equality.
///
/// @param major major version, for example 15
/// @param jar   holds one `.txz` archive with `initdb`, `pg_ctl` and `postgres`
public record ServerBinaries(int major, Path jar) implements PgBinaryResolver {

    /// The programs of `major`, beside the launcher (`handover.home`) or in the build's `target` folder.
    ///
    /// @throws NoSuchFileException if neither has them; the message says where they were looked for
    public static ServerBinaries of(int major) throws NoSuchFileException {
        for (Path folder : folders()) {
            Path jar = folder.resolve(major + ".jar");
            if (Files.isRegularFile(jar)) {
                return new ServerBinaries(major, jar);
            }
        }
        throw new NoSuchFileException(
                "No PostgreSQL " + major + " for this platform: " + major + ".jar is in none of " + folders());
    }

    /// The major versions there are programs of; empty if the build brought none for this platform.
    public static NavigableSet<Integer> majors() {
        var majors = new TreeSet<Integer>();
        for (int major = 10; major < 30; major++) {
            for (Path folder : folders()) {
                if (Files.isRegularFile(folder.resolve(major + ".jar"))) {
                    majors.add(major);
                }
            }
        }
        return majors;
    }

    private static List<Path> folders() {
        Path build = Path.of("target", "pg").toAbsolutePath();
        String home = System.getProperty("handover.home", "");
        return home.isEmpty() ? List.of(build) : List.of(Path.of(home, "pg").toAbsolutePath(), build);
    }

    /// The archive; the names of system and machine are not needed, for the jar is this platform's own.
    @Override
    public InputStream getPgBinary(String system, String machineHardware) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            var archive = zip.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(jar + " holds no .txz archive of PostgreSQL"));
            try (var packed = zip.getInputStream(archive)) {
                return new ByteArrayInputStream(packed.readAllBytes());
            }
        }
    }
}

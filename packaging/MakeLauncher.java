import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes `target/handover`, from which Handover starts without Maven: `bin`, `lib` and `pg`, the PostgreSQL
/// servers of the demo. The build runs this file as it stands, on the JDK that has compiled Handover; that JDK
/// becomes the launcher's own.
///
/// Arguments: the project's folder, then the name of Handover's jar in `target`.
final class MakeLauncher {

    private static final List<String> JVM_FLAGS = List.of(
            // JavaFX loads its native libraries without a warning
            "--enable-native-access=javafx.graphics",
            // Handover streams: it holds no table in memory, and a leak must show early
            "-Xmx400m",
            // fewer threads and less memory than G1, and no pauses worth naming at this size
            "-XX:+UseSerialGC",
            // standard output belongs to the commands: no word of the JVM there, and none about an archive it cannot
            // use
            "\"-Xlog:disable\"",
            "\"-Xlog:all=error,cds*=off,aot*=off:stderr\"");

    /// Everything in `lib`: nothing requires the log's back end, the demo's servers and what unpacks them by name.
    private static final String ADD_MODULES = "ALL-MODULE-PATH";

    private static final String MAIN = "io.handover/io.handover.Main";

    private static final long TRAINING_MINUTES = 5;

    /// How Handover begins to say that its training did without a migration.
    private static final String NOT_LEARNT = "No migration was learnt from";

    public static void main(String[] args) throws IOException {
        var project = Path.of(args[0]).toAbsolutePath();
        var target = project.resolve("target");
        var home = Files.createDirectories(target.resolve("handover")).toRealPath(); // as the start script finds it

        var jars = new ArrayList<>(jarsIn(target.resolve("modules")));
        jars.removeIf(jar -> jar.getFileName().toString().matches("javafx-[a-z]+-[0-9.]+\\.jar")); // empty ones
        jars.add(target.resolve(args[1]));
        copy(jars, home.resolve("lib"));
        link(jarsIn(target.resolve("pg")), home.resolve("pg"));

        clear(home.resolve("cache")); // the archive of the jars that were

        var templates = project.resolve("packaging").resolve("launcher");
        var script = write(templates.resolve("handover"), home, " \\", "\n");
        setMode(script, "rwxr-xr-x");
        var batch = write(templates.resolve("handover.bat"), home, " ^", "\r\n");
        write(templates.resolve("commands.options"), home, "", "\n");
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        train(home, windows ? batch : script, target.resolve("training"));
    }

    /// Lets Handover move a small database and show its pages once, without a display, and keeps what the JVM
    /// has learnt, as `cache/handover.aot`. Without that file Handover works as well, only slower: a failure is
    /// told, no more.
    private static void train(Path home, Path launcher, Path folder) throws IOException {
        var cache = home.resolve("cache").resolve("handover.aot");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        JVM_FLAGS.forEach(flag -> command.add(flag.replace("\"", "")));
        command.addAll(List.of(
                "-XX:AOTCacheOutput=" + cache,
                "-Dglass.platform=Headless",
                "-Dprism.order=sw",
                "-Dhandover.training=true",
                "-Dhandover.training.servers=" + launcher,
                "-Dhandover.home=" + home,
                "--add-modules=" + ADD_MODULES, // as the start script, or Java would refuse the archive
                "--module-path",
                home.resolve("lib").toString(),
                "--module",
                MAIN));
        var log = folder.resolveSibling("training.log");
        var training = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        training.environment().put("HANDOVER_FOLDER", folder.toString());
        boolean ended = false;
        try {
            var process = training.start();
            ended = process.waitFor(TRAINING_MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (!ended || !Files.exists(cache)) {
            System.out.println("No archive for a fast start was made (target/training.log says why);"
                    + " Handover runs without it.");
        } else if (Files.readString(log).contains(NOT_LEARNT)) {
            System.out.println("The archive for a fast start knows the window only (target/training.log says why).");
        }
    }

    private static List<Path> jarsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    /// Makes `folder` hold exactly `files`. Copies get a file of their own: the next build must not change
    /// the jars under a Handover that runs.
    private static void copy(List<Path> files, Path folder) throws IOException {
        clear(folder);
        for (Path file : files) {
            var copy = Files.copy(file, folder.resolve(file.getFileName()));
            setMode(copy, "rw-r--r--");
        }
    }

    /// The same by links where the file system can: the servers are 75 MB and never change.
    private static void link(List<Path> files, Path folder) throws IOException {
        clear(folder);
        for (Path file : files) {
            var copy = folder.resolve(file.getFileName());
            try {
                Files.createLink(copy, file);
            } catch (UnsupportedOperationException | IOException _) {
                Files.copy(file, copy);
            }
        }
    }

    private static void clear(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path old : files.toList()) {
                Files.delete(old);
            }
        }
    }

    private static void setMode(Path file, String mode) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        }
    }

    private static Path write(Path template, Path home, String continued, String lineEnd) throws IOException {
        var flags = JVM_FLAGS.stream().map(flag -> "    " + flag + continued).collect(Collectors.joining("\n"));
        var text = Files.readString(template)
                .replace(
                        "@JAVA_HOME@",
                        Path.of(System.getProperty("java.home")).toRealPath().toString())
                .replace("@JAVA_MAJOR@", "25")
                .replace("@JVM_FLAGS@", flags)
                .replace("@HOME@", home.toString().replace("'", "'\\''"))
                .replace("@ADD_MODULES@", ADD_MODULES)
                .replace("@MAIN@", MAIN)
                .replace("\n", lineEnd);
        var script = home.resolve("bin").resolve(template.getFileName());
        Files.createDirectories(script.getParent());
        return Files.writeString(script, text, StandardCharsets.UTF_8);
    }
}

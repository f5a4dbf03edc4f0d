import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/// Fills `target/image-modules` with what `jlink @jlink.conf` links: Handover and its libraries as the build has
/// laid them in `target/handover/lib`, and JavaFX as `jmod` files.
///
/// A JavaFX jar holds its native libraries inside and unpacks them into the user's home at the first start; from
/// a `jmod` they land in the image, so that the home stays clean and may be mounted `noexec`.
final class MakeImageModules {

    private static final Pattern JAVAFX = Pattern.compile("javafx-([a-z]+)-([0-9.]+)-.*\\.jar");
    private static final List<String> NATIVE = List.of(".so", ".dylib", ".dll");

    public static void main(String[] args) throws IOException {
        var target = Path.of("target").toAbsolutePath();
        var modules = target.resolve("image-modules");
        var work = target.resolve("image-work");
        delete(modules);
        delete(work);
        Files.createDirectories(modules);
        for (Path jar : list(target.resolve("handover").resolve("lib"))) {
            var name = jar.getFileName().toString();
            var javafx = JAVAFX.matcher(name);
            if (javafx.matches()) {
                var module = "javafx." + javafx.group(1);
                jmod(jar, javafx.group(2), work.resolve(module), modules.resolve(module + ".jmod"));
            } else {
                Files.copy(jar, modules.resolve(name));
            }
        }
        delete(work);
    }

    private static void jmod(Path jar, String version, Path work, Path jmod) throws IOException {
        var classes = Files.createDirectories(work.resolve("classes"));
        var libraries = Files.createDirectories(work.resolve("libraries"));
        try (var zip = FileSystems.newFileSystem(jar)) {
            var root = zip.getPath("/");
            for (Path file : list(root)) {
                boolean isNative = NATIVE.stream().anyMatch(file.getFileName().toString()::endsWith);
                var copy = isNative
                        ? libraries.resolve(file.getFileName().toString())
                        : classes.resolve(root.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        int status = ToolProvider.findFirst("jmod")
                .orElseThrow(() -> new IOException("this JDK has no jmod tool"))
                .run(
                        System.out,
                        System.err,
                        "create",
                        "--module-version",
                        version,
                        "--class-path",
                        classes.toString(),
                        "--libs",
                        libraries.toString(),
                        jmod.toString());
        if (status != 0) {
            throw new IOException("jmod failed for " + jar);
        }
    }

    /// All files below `folder`.
    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

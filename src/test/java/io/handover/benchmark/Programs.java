package io.handover.benchmark;

import io.handover.model.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs programs and keeps what they print.
final class Programs {

    private static final long LIMIT_MINUTES = 60;

    private Programs() {}

    /// Runs one to its end.
    ///
    /// @return the most memory it ever used, in MB; 0 where that cannot be told
    /// @throws IOException if it fails; with the end of what it printed
    static long run(Databases with, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = with.folder().resolve("output");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("PGPASSFILE", passwords(with).toString());
        builder.environment().put("TMPDIR", with.folder().toString());
        Process process = builder.start();
        long memory = 0;
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
        while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
            memory = Math.max(memory, peak(process.pid()));
            if (System.nanoTime() > end) {
                process.destroyForcibly().waitFor();
            }
        }
        if (process.exitValue() != 0) {
            List<String> lines = Files.readAllLines(output);
            throw new IOException(command.getFirst() + " ended with " + process.exitValue() + ": "
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
        }
        return memory;
    }

    /// What a program calls itself.
    static String version(String program) throws IOException, InterruptedException {
        var process = new ProcessBuilder(program, "--version").start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return said.lines().findFirst().orElse(program);
    }

    private static long peak(long pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException _) {
            return 0; // it has ended meanwhile
        }
    }

    private static Path passwords(Databases with) throws IOException {
        Path file = with.folder().resolve("passwords");
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, line(with.sourceEndpoint()) + line(with.targetEndpoint()));
        }
        return file;
    }

    private static String line(Endpoint endpoint) {
        return "*:" + endpoint.profile().port() + ":*:*:"
                + endpoint.password().reveal().replace("\\", "\\\\").replace(":", "\\:") + "\n";
    }
}

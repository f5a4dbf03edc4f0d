package io.handover;

import io.handover.model.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Handover in a process of its own, so that it can be killed as a user's computer would kill it.
final class AppProcess {

    private final Process process;
    private final Path out;
    private final Path err;

    private AppProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /// Starts a command between two databases; the passwords go through the environment.
    static AppProcess start(Path folder, String command, Endpoint source, Endpoint target, String... more)
            throws IOException {
        return start(folder, Map.of(), command, source, target, more);
    }

    /// Starts a command between two databases with more in its environment.
    static AppProcess start(
            Path folder,
            Map<String, String> environment,
            String command,
            Endpoint source,
            Endpoint target,
            String... more)
            throws IOException {
        var arguments = new ArrayList<>(List.of(command, "--source", uri(source), "--target", uri(target)));
        arguments.addAll(List.of(more));
        var all = new HashMap<>(environment);
        all.put("HANDOVER_SOURCE_PASSWORD", source.password().reveal());
        all.put("HANDOVER_TARGET_PASSWORD", target.password().reveal());
        return start(folder, arguments, all);
    }

    /// Starts any command, where there is no display.
    static AppProcess start(Path folder, String... arguments) throws IOException {
        return start(folder, List.of(arguments), Map.of());
    }

    private static AppProcess start(Path folder, List<String> arguments, Map<String, String> environment)
            throws IOException {
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.handover.Main"));
        line.addAll(arguments);
        String name = arguments.isEmpty() ? "window" : arguments.getFirst();
        Path out = Files.createTempFile(folder, name, ".out");
        Path err = Files.createTempFile(folder, name, ".err");
        var builder = new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeAll(Set.of("DISPLAY", "WAYLAND_DISPLAY"));
        builder.environment().put("HANDOVER_FOLDER", folder.resolve("home").toString());
        builder.environment().putAll(environment);
        return new AppProcess(builder.start(), out, err);
    }

    /// Waits for its end.
    ///
    /// @return its exit status
    int end() throws InterruptedException {
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            kill();
            throw new AssertionError("Handover did not end: " + told());
        }
        return process.exitValue();
    }

    /// SIGKILL.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// What it printed as its result.
    String result() throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    /// All it printed, for a failure's message.
    String told() {
        try {
            return Files.readString(err, StandardCharsets.UTF_8) + result();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// The journals of this folder as they are now.
    static String journals(Path folder) throws IOException {
        Path home = folder.resolve("home");
        if (!Files.isDirectory(home)) {
            return "";
        }
        var all = new StringBuilder();
        try (var files = Files.walk(home)) {
            for (Path file : files.filter(f -> f.endsWith("journal.jsonl")).toList()) {
                all.append(Files.readString(file, StandardCharsets.UTF_8));
            }
        }
        return all.toString();
    }

    private static String uri(Endpoint endpoint) {
        var profile = endpoint.profile();
        return "postgresql://" + profile.user() + "@" + profile.host() + ":" + profile.port() + "/"
                + profile.database();
    }
}

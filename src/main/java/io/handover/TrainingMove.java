package io.handover;

import io.handover.cli.HandoverCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Moves the demo's small shop there and back in this JVM, so that a training run learns what a migration and its
/// write pause need: nothing in the pause should be read from a jar, or linked, for the first time.
final class TrainingMove {

    private static final Pattern EXPORT = Pattern.compile("export ([A-Z_]+)='(.*)'");
    private static final long END_SECONDS = 30;

    /// Not `check`: it refuses what `--fix` mends.
    private static final List<List<String>> COMMANDS = List.of(
            List.of("migrate", "--fix", "--until", "streaming"),
            List.of("status"),
            List.of("verify"),
            List.of("cutover", "--yes"),
            List.of("rollback", "--yes"));

    private final Folders folders;
    private final PrintStream tell;

    /// Keeps its journals in `folders`, tells `tell` how it goes.
    TrainingMove(Folders folders, PrintStream tell) {
        this.folders = folders;
        this.tell = tell;
    }

    /// Starts the servers by `launcher`, Handover's own start script, in a process of their own: what they need is not
    /// what is to be learnt. They are gone at the end.
    ///
    /// @return whether every command ended well
    boolean run(String launcher) throws IOException, InterruptedException {
        var servers = new ProcessBuilder(launcher, "demo", "--servers", "--scale", "0.02")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var lines = servers.inputReader(StandardCharsets.UTF_8)) {
            var environment = addresses(lines);
            boolean well = !environment.isEmpty() && move(environment);
            servers.getOutputStream().close(); // which is their end
            lines.lines().forEach(tell::println);
            return servers.waitFor(END_SECONDS, TimeUnit.SECONDS) && servers.exitValue() == 0 && well;
        } finally {
            servers.destroy();
        }
    }

    /// What the servers' file exports; empty if they did not start.
    private Map<String, String> addresses(BufferedReader lines) throws IOException {
        var environment = new HashMap<String, String>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            tell.println(line);
            if (line.startsWith(DemoServers.ADDRESSES)) {
                var file = Path.of(line.substring(DemoServers.ADDRESSES.length()));
                for (var export : Files.readAllLines(file)) {
                    var parts = EXPORT.matcher(export);
                    if (parts.matches()) {
                        environment.put(parts.group(1), parts.group(2).replace("'\\''", "'"));
                    }
                }
                return environment;
            }
        }
        return environment;
    }

    private boolean move(Map<String, String> environment) {
        for (var command : COMMANDS) {
            var arguments = new ArrayList<>(command);
            arguments.addAll(
                    List.of("--source", "env:HANDOVER_SOURCE_URI", "--target", "env:HANDOVER_TARGET_URI", "--json"));
            if (command.getFirst().equals("cutover")) { // from then on it belongs to the migration
                arguments.addAll(List.of("--hook-switch", environment.getOrDefault("HANDOVER_SWITCH_HOOK", "")));
            }
            int status = run(environment, arguments.toArray(String[]::new));
            tell.println(command.getFirst() + ": " + status);
            if (status != 0) {
                return false;
            }
        }
        return true;
    }

    /// As `Main` does it, each with a wiring of its own.
    private int run(Map<String, String> environment, String[] arguments) {
        try (var wiring = new Wiring(folders, environment)) {
            return new HandoverCommand(wiring.desk(), wiring.clock(), tell, tell, environment).run(arguments);
        }
    }
}

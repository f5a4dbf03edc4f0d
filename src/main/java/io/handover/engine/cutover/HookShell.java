package io.handover.engine.cutover;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The platform's shell with one hook's command. Where it can it is started before the pause and waits for the word
/// to run it: to start a process takes longer than many a hook runs. Without the word it ends, and runs nothing.
final class HookShell implements AutoCloseable {

    /// Whether it is cmd.exe.
    static final boolean WINDOWS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    private static final File NOTHING = new File(WINDOWS ? "NUL" : "/dev/null");

    /// The end of its input, when this program dies, is no word. The command gets a shell of its own and no input, as
    /// if it were started only now.
    private static final String WAIT = "read -r word && exec /bin/sh -c \"$1\" </dev/null";

    private final Process process;

    private HookShell(Process process) {
        this.process = process;
    }

    /// Runs `command` now.
    ///
    /// @throws IOException if there is no shell
    static Process start(String command, HookEnvironment environment) throws IOException {
        var shell = WINDOWS ? List.of("cmd.exe", "/d", "/s", "/c", command) : List.of("/bin/sh", "-c", command);
        return start(shell, Redirect.from(NOTHING), environment);
    }

    /// Reads `command` without running it; not on Windows.
    ///
    /// @throws IOException if there is no shell
    static Process parse(String command, HookEnvironment environment) throws IOException {
        return start(List.of("/bin/sh", "-n", "-c", command), Redirect.from(NOTHING), environment);
    }

    /// A shell that waits to run `command`.
    ///
    /// @throws IOException if there is no such shell, as on Windows
    static HookShell waiting(String command, HookEnvironment environment) throws IOException {
        if (WINDOWS) {
            throw new IOException("cmd.exe cannot wait for a word");
        }
        return new HookShell(start(List.of("/bin/sh", "-c", WAIT, "sh", command), Redirect.PIPE, environment));
    }

    /// Gives the word.
    ///
    /// @return the running command
    /// @throws IOException if the shell does not wait any more; the command was not run
    Process go() throws IOException {
        try (var word = process.outputWriter()) {
            word.write("go\n");
        }
        return process;
    }

    /// Ends a shell that still waits; what it was told to run goes on.
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException _) {
            process.destroyForcibly(); // it has gone already, most likely
        }
    }

    private static Process start(List<String> shell, Redirect input, HookEnvironment environment) throws IOException {
        var builder = new ProcessBuilder(shell).redirectErrorStream(true).redirectInput(input);
        Map<String, String> variables = builder.environment();
        variables.putAll(environment.variables());
        return builder.start();
    }
}

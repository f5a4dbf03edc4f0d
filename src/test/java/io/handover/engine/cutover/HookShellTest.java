package io.handover.engine.cutover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.NamedThreads;
import io.handover.model.Secret;
import io.handover.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS) // there no shell waits
class HookShellTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final HookEnvironment ENVIRONMENT =
            new HookEnvironment(Map.of("TO", "the target"), List.of(Secret.of("s3cret")));

    @TempDir
    Path folder;

    private final HookRunner hooks = new HookRunner(new NamedThreads(_ -> {}));

    @Test
    void aWaitingShellRunsTheCommandAsAFreshOneDoes() throws Exception {
        String command = "echo \"to $TO, $# '$word'\"; echo s3cret >&2; cat; touch ran; exit 3";
        var fresh = hooks.command("switch", in(folder) + command, ENVIRONMENT, LONG);
        try (var shell = HookShell.waiting(in(folder) + command, ENVIRONMENT)) {
            Files.delete(folder.resolve("ran"));

            var run = hooks.command("switch", in(folder) + command, ENVIRONMENT, LONG, Optional.of(shell));

            assertEquals(3, run.exit());
            assertTrue(run.output().startsWith("to the target, 0 ''"), run.output());
            assertFalse(run.output().contains("s3cret"), run.output());
            assertEquals(fresh.output(), run.output());
            assertTrue(Files.exists(folder.resolve("ran")));
        }
    }

    @Test
    void withoutTheWordItEndsAndRunsNothing() throws Exception {
        var shell = HookShell.waiting(in(folder) + "touch ran", ENVIRONMENT);
        var process = waiting();
        assertTrue(process.isAlive());

        shell.close();

        Eventually.await(LONG, "it has ended", () -> !process.isAlive());
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    @Test
    void whenSomebodyHasEndedItTheCommandIsRunOnceByAnother() throws Exception {
        String command = in(folder) + "echo x >> ran";
        try (var shell = HookShell.waiting(command, ENVIRONMENT)) {
            var process = waiting();
            process.destroyForcibly();
            process.onExit().get();

            var run = hooks.command("switch", command, ENVIRONMENT, LONG, Optional.of(shell));

            assertTrue(run.ok(), run.output());
            assertEquals("x\n", Files.readString(folder.resolve("ran")));
        }
    }

    private static String in(Path folder) {
        return "cd '" + folder + "'; ";
    }

    private ProcessHandle waiting() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info()
                        .arguments()
                        .filter(arguments -> Arrays.stream(arguments).anyMatch(a -> a.contains(folder.toString())))
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }
}

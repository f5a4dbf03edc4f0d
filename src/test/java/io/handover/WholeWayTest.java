package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real window, two real servers, an application that never stops writing: somebody clicks through every page from
/// Connect to Retire, there, back, and there again. A process of its own, as a user starts it.
class WholeWayTest {

    @TempDir
    Path folder;

    @Test
    void fromConnectToRetireThroughThePagesLosesNothing() throws Exception {
        Path pictures = folder.resolve("pictures");

        var demo = AppProcess.start(folder, "demo", "--pictures", pictures.toString(), "--scale", "0.1");

        assertEquals(0, demo.end(), demo::told);
        String told = demo.result();
        for (String line : List.of(
                "There is no display here, so the window drives itself",
                "Cut over to the target",
                "Rolled back to the source",
                "Cut over once more",
                "Old source retired",
                " 0 lost, 0 doubled,",
                "Cut over: yes. Both sides proved equal row by row: yes."
                        + " Every acknowledged transaction there exactly once: yes.")) {
            assertTrue(told.contains(line), () -> "not said: " + line + "\n" + demo.told());
        }
        for (String page : List.of("connect", "snapshot", "replicate", "verified", "cutover", "retire", "settings")) {
            for (String look : List.of("", "-dark")) {
                try (var files = Files.list(pictures)) {
                    assertTrue(
                            files.anyMatch(
                                    file -> file.getFileName().toString().matches("\\d\\d-" + page + look + "\\.png")),
                            () -> "no picture of " + page + look);
                }
            }
        }
    }
}

package io.handover;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One run of what `mvn -Pkills` does many times.
class RandomKillsTest {

    @TempDir
    Path folder;

    @Test
    void thereBackAndThereAgainWithKillsEachTransactionIsThereOnce() throws Exception {
        try (var kills = new RandomKills(folder, 20_261_125)) {
            String told = kills.run();
            assertTrue(told.contains("killed"), told);
        }
    }
}

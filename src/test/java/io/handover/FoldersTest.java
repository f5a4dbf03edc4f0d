package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoldersTest {

    private static final Path HOME = Path.of("/home/ada");

    @Test
    void linuxFollowsTheXdgRules() {
        assertEquals(
                new Folders(Path.of("/home/ada/.config/handover"), Path.of("/home/ada/.local/state/handover")),
                Folders.of(Map.of(), "Linux", HOME));
        assertEquals(
                new Folders(Path.of("/c/handover"), Path.of("/s/handover")),
                Folders.of(Map.of("XDG_CONFIG_HOME", "/c", "XDG_STATE_HOME", "/s"), "Linux", HOME));
    }

    @Test
    void aRelativeOrEmptyPathIsIgnored() {
        assertEquals(
                Folders.of(Map.of(), "Linux", HOME),
                Folders.of(Map.of("XDG_CONFIG_HOME", "c", "XDG_STATE_HOME", " "), "Linux", HOME));
    }

    @Test
    void oneFolderForATrial() {
        assertEquals(
                new Folders(Path.of("/t/config"), Path.of("/t/state")),
                Folders.of(Map.of("HANDOVER_FOLDER", "/t", "XDG_CONFIG_HOME", "/c"), "Linux", HOME));
    }
}

package io.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// On a server without a display `handover` cannot show its window; whoever tries has to learn why.
@EnabledOnOs(OS.LINUX)
class NoDisplayTest {

    @TempDir
    Path folder;

    @Test
    void theWindowSaysWhyItDoesNotCome() throws Exception {
        AppProcess window = AppProcess.start(folder);

        assertThat(window.end()).isEqualTo(1);
        assertThat(window.told()).contains("DISPLAY").contains("handover --help");
    }
}

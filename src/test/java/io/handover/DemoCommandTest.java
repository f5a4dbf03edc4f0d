package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.cli.Exit;
import io.handover.demo.Console;
import io.handover.demo.ShopSchema;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {

    @Test
    void withoutArgumentsItIsTheWholeShopInAWindow() {
        var options = DemoOptions.parse(List.of());

        assertFalse(options.autopilot());
        assertFalse(options.servers());
        assertFalse(options.quick());
        assertEquals(ShopSchema.FULL, options.scale());
    }

    @Test
    void everyArgumentIsRead() {
        var options =
                DemoOptions.parse(List.of("--pictures", "some where", "--quick", "--scale", "0.25", "--autopilot"));

        assertEquals(new DemoOptions(true, false, Path.of("some where"), 0.25, true), options);
    }

    @Test
    void theServersAreToBeHadWithoutAWindow() {
        assertTrue(DemoOptions.parse(List.of("--servers")).servers());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--autopliot",
                "--scale",
                "--scale 0",
                "--scale much",
                "--scale NaN",
                "--pictures",
                "shop",
                "--servers --autopilot"
            })
    void wrongUsageSaysWhatIsRight(String arguments) {
        var err = new ByteArrayOutputStream();
        var console = new Console(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));

        int status = DemoCommand.run(List.of(arguments.split(" ")), console);

        assertEquals(Exit.USAGE.status(), status);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains(DemoOptions.USAGE));
    }

    @Test
    void onlyLinuxCanBeWithoutADisplay() {
        assertFalse(DemoCommand.hasDisplay("Linux", Map.of()));
        assertFalse(DemoCommand.hasDisplay("Linux", Map.of("DISPLAY", "")));
        assertTrue(DemoCommand.hasDisplay("Linux", Map.of("DISPLAY", ":0")));
        assertTrue(DemoCommand.hasDisplay("Linux", Map.of("WAYLAND_DISPLAY", "wayland-0")));
        assertTrue(DemoCommand.hasDisplay("Mac OS X", Map.of()));
        assertTrue(DemoCommand.hasDisplay("Windows 11", Map.of()));
    }
}

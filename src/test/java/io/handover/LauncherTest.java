package io.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What the start script gives to Java. A script that prints its arguments stands for Java: the tests run before the
/// build has made a folder to start from.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path home;

    @BeforeEach
    void install() throws IOException {
        Path jdk = folder.toRealPath().resolve("jdk");
        script(
                jdk.resolve("bin/java"),
                "#!/bin/sh\nprintf '%s\\n' \"$@\"\nenv | grep '^HANDOVER_.*_URI\\|^LC_ALL' || true\n");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
        home = Files.createDirectory(folder.toRealPath().resolve("it's here"));
        script(
                home.resolve("bin/handover"),
                Files.readString(Path.of("packaging/launcher/handover"))
                        .replace("@JAVA_HOME@", jdk.toString())
                        .replace("@JAVA_MAJOR@", "25")
                        .replace("@HOME@", home.toString().replace("'", "'\\''"))
                        .replace("@JVM_FLAGS@", " \\")
                        .replace("@ADD_MODULES@", "ALL-MODULE-PATH")
                        .replace("@MAIN@", "m/main"));
    }

    @Test
    void theArchiveOfTheBuildIsUsed() throws Exception {
        assertThat(run(home, "status")).contains("-XX:AOTCache=" + home + "/cache/handover.aot");
        assertThat(run(home)).contains("-XX:AOTCache=" + home + "/cache/handover.aot");

        Path link = Files.createSymbolicLink(folder.resolve("default"), folder.resolve("jdk"));
        environment.put("HANDOVER_JAVA_HOME", link.toString());
        assertThat(run(home, "status")).contains("-XX:AOTCache=" + home + "/cache/handover.aot");
    }

    /// As the one of a moved folder: Java refuses it, and then does without its own archive as well.
    @Test
    void anotherJdkDoesWithoutIt() throws Exception {
        Path other = folder.resolve("other jdk");
        script(other.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\"\n");
        Files.writeString(other.resolve("release"), "JAVA_VERSION=\"26\"\n");
        environment.put("HANDOVER_JAVA_HOME", other.toString());

        assertThat(run(home, "status"))
                .contains(other + "/bin/java", "-Xshare:auto")
                .noneMatch(argument -> argument.contains("AOTCache"));
    }

    /// Java takes it only where it was made, and then does without its own archive as well.
    @Test
    void aFolderThatWasMovedDoesWithoutIt() throws Exception {
        Path moved = Files.move(home, folder.resolve("moved"));

        assertThat(run(moved, "status")).contains("-Xshare:auto").noneMatch(argument -> argument.contains("AOTCache"));
    }

    @Test
    void aPasswordInAUriDoesNotStandInTheProcessList() throws Exception {
        List<String> told = run(
                home, "migrate", "--source=postgresql://me:se%20cret@old/shop", "--target", "postgresql://new/shop");

        assertThat(told)
                .contains("--source=env:HANDOVER_SOURCE_URI", "--target", "postgresql://new/shop")
                .contains("HANDOVER_SOURCE_URI=postgresql://me:se%20cret@old/shop")
                .filteredOn(line -> line.contains("cret"))
                .hasSize(1);
    }

    @Test
    void norDoesOneAmongTheParameters() throws Exception {
        List<String> told = run(
                home,
                "migrate",
                "--source",
                "postgresql://old/shop?user=me&password=se%20cret",
                "--target=jdbc:postgresql://new/shop?password=geheim");

        assertThat(told)
                .contains("env:HANDOVER_SOURCE_URI", "--target=env:HANDOVER_TARGET_URI")
                .contains("HANDOVER_SOURCE_URI=postgresql://old/shop?user=me&password=se%20cret")
                .filteredOn(line -> line.contains("cret") || line.contains("geheim"))
                .hasSize(2);
    }

    @Test
    void whatIsNotAsciiIsReadRightlyInTheLocaleOfCron() throws Exception {
        assertThat(run(home, "status")).contains("LC_ALL=C.UTF-8");
    }

    @Test
    void theCommandsHaveOptionsOfTheirOwn() throws Exception {
        Path options = home.resolve("bin/commands.options");
        assertThat(run(home, "status")).noneMatch(argument -> argument.startsWith("@"));
        Files.copy(Path.of("packaging/launcher/commands.options"), options);

        assertThat(run(home, "status")).contains("@" + options);
        assertThat(run(home, "demo")).noneMatch(argument -> argument.startsWith("@"));
        assertThat(run(home)).noneMatch(argument -> argument.startsWith("@"));
    }

    /// Java refuses to start for one that it does not know.
    @Test
    void javaKnowsTheCommandsOptionsAndSaysNothingOfThem() throws Exception {
        Path output = folder.resolve("output");
        var java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Path.of("packaging/launcher/commands.options").toAbsolutePath(),
                        "--list-modules")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(java.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(java.exitValue()).isZero();
        assertThat(Files.readAllLines(output)).isNotEmpty().allMatch(line -> line.matches("[a-z.]+@.*"));
    }

    private List<String> run(Path home, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of(home.resolve("bin/handover").toString()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        process.environment().keySet().removeIf(name -> name.startsWith("HANDOVER_") || name.equals("JAVA_HOME"));
        process.environment().keySet().removeIf(name -> name.equals("LANG") || name.startsWith("LC_"));
        process.environment().putAll(environment);
        Process started = process.start();
        assertThat(started.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(started.exitValue()).as("%s", Files.readString(output)).isZero();
        return Files.readAllLines(output);
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

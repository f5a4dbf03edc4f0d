package io.handover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.model.Command;
import io.handover.model.CutoverReport;
import io.handover.model.Environment;
import io.handover.model.GateReading;
import io.handover.model.GatesView;
import io.handover.model.MigrationId;
import io.handover.model.MigrationState;
import io.handover.model.Overriding;
import io.handover.model.Plan;
import io.handover.model.Profile;
import io.handover.model.Side;
import io.handover.model.Stage;
import io.handover.model.TlsMode;
import io.handover.ui.FakeDesk;
import io.handover.ui.FakeMigration;
import io.handover.ui.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What scripts and people at a terminal rely on, whatever the command: help, version, JSON, and that a
/// lost result is no success.
class CommandLineTest {

    private static final String SOURCE = "postgresql://u@h/shop";
    private static final String TARGET = "postgresql://u@h2/shop";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FakeDesk desk = new FakeDesk();

    @Test
    void theVersionIsTheOneInThePom() throws Exception {
        var version = Pattern.compile("<artifactId>handover</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();

        assertThat(run("--version")).isZero();

        assertThat(result()).isEqualToIgnoringNewLines("handover " + version.group(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"check", "migrate", "status", "verify", "cutover", "rollback", "retry", "retire", "discard"})
    void everyCommandExplainsItself(String command) {
        assertThat(run(command, "--help")).as(told()).isZero();
        assertThat(result()).startsWith("Usage: handover " + command).contains("--source");
        out.reset();
        assertThat(run("help", command)).as(told()).isZero();
        assertThat(result()).startsWith("Usage: handover " + command);
    }

    @Test
    void whatIsWrongIsSaidInAFewLines() {
        assertThat(run("check", "--source", SOURCE, "--target", TARGET, "--worker", "3"))
                .isEqualTo(2);
        assertThat(told().lines()).hasSizeLessThan(5);
        assertThat(told()).contains("--worker").contains("handover check --help");
    }

    @Test
    void aRefusalIsJsonTooWhereThatIsAskedFor() {
        assertRefusal(3, run("status", "--json", "--source", SOURCE, "--target", TARGET), "no migration under way");
        assertRefusal(2, run("status", "--json", "--source", SOURCE), "--target");
        assertRefusal(2, run("status", "--json", "--source", "mysql://h", "--target", TARGET), "postgresql://");
        assertRefusal(
                2, run("check", "--json", "--source", SOURCE, "--target", TARGET, "--workers", "0"), "workers must be");
        desk.withRunning(new FakeMigration(streaming()));
        assertRefusal(3, run("retire", "--json", "--source", SOURCE, "--target", TARGET), "--yes");
    }

    @Test
    void aRunbookIsToldAsJson(@TempDir Path folder) throws Exception {
        desk.withRunning(new FakeMigration(streaming()));
        String file = folder.resolve("b.md").toString();

        assertThat(run("cutover", "--json", "--runbook", file, "--source", SOURCE, "--target", TARGET))
                .isZero();

        assertThat(json().path("runbook").asString()).isEqualTo(file);
    }

    @Test
    void aRehearsalIsToldAsJson() {
        var migration = new FakeMigration(streaming()).refuse(Command.Rehearse.class, "not \"now\"");
        migration.gates().set(new GatesView(Instant.EPOCH, List.of(gate()), Duration.ZERO));
        desk.withRunning(migration);
        assertRefusal(3, run("cutover", "--json", "--rehearse", "--source", SOURCE, "--target", TARGET), "not \"now\"");
    }

    @Test
    void aResultThatCouldNotBeWrittenIsNoSuccess() {
        var full = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                },
                true,
                StandardCharsets.UTF_8);

        assertThat(run(full, "check", "--json", "--source", SOURCE, "--target", TARGET))
                .isEqualTo(1);
        assertThat(told()).contains("standard output");
    }

    @Test
    void whatIsOverHasNoWindowAndNoLag() {
        var began = Instant.parse("2026-01-01T00:00:00Z");
        var report = new CutoverReport(
                Side.SOURCE,
                began,
                Optional.empty(),
                Optional.empty(),
                CutoverReport.Outcome.DONE,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        var open = Samples.cutOver(
                streaming(), Stage.REVERSE_OPEN, Side.TARGET, report, Optional.of(began.plusSeconds(172_800)));
        var migration = new FakeMigration(open);
        migration.gates().set(new GatesView(Instant.EPOCH, List.of(gate()), Duration.ZERO));
        desk.withRunning(migration);
        run("status", "--source", SOURCE, "--target", TARGET);
        assertThat(result()).contains("the window is open until");
        out.reset();

        desk.withRunning(new FakeMigration(open.in(Stage.FINISHED)));
        run("status", "--source", SOURCE, "--target", TARGET);
        assertThat(result()).contains("FINISHED").doesNotContain("window is open", "bytes behind");
        out.reset();

        run("status", "--json", "--source", SOURCE, "--target", TARGET);
        assertThat(json().path("windowEnds").isNull()).as(result()).isTrue();
    }

    private void assertRefusal(int status, int got, String word) {
        assertThat(got).as(told()).isEqualTo(status);
        JsonNode error = json().path("error");
        assertThat(error.path("status").asInt()).isEqualTo(status);
        assertThat(error.path("message").asString()).contains(word);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(word);
        out.reset();
        err.reset();
    }

    private JsonNode json() {
        return new JsonMapper().readTree(result());
    }

    private static GateReading gate() {
        return new GateReading("verified", true, "Both sides were proved equal", "", "", new Overriding.Never("x"));
    }

    private static MigrationState streaming() {
        var profile = new Profile("p", "h", 5432, "shop", "u", TlsMode.PREFER, "", Environment.TEST);
        return MigrationState.draft(Plan.of(new MigrationId("0000000a"), profile, profile))
                .in(Stage.STREAMING);
    }

    private int run(String... args) {
        return run(new PrintStream(out, true, StandardCharsets.UTF_8), args);
    }

    private int run(PrintStream result, String... args) {
        return new HandoverCommand(
                        desk, Clock.systemUTC(), result, new PrintStream(err, true, StandardCharsets.UTF_8), Map.of())
                .run(args);
    }

    private String result() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String told() {
        return List.of(result(), err.toString(StandardCharsets.UTF_8)).stream().reduce("", String::concat);
    }
}

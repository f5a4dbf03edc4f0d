package io.handover.benchmark;

import io.handover.model.CutoverReport;
import io.handover.model.Side;
import io.handover.model.TimelineEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Hands over by Handover's command line.
final class HandoverPair extends PausePair {

    private static final String LAUNCHER =
            Path.of("target", "handover", "bin", "handover").toAbsolutePath().toString();

    private final List<List<TimelineEntry>> timelines = new ArrayList<>();

    HandoverPair(Databases with) {
        super(with);
    }

    @Override
    void connect() throws IOException, InterruptedException {
        handover("migrate --fix --until streaming");
    }

    /// The proof of equality is left out: it is made before the pause, and is a benchmark of its own.
    @Override
    Duration handOver(Side from) throws IOException, InterruptedException {
        String hook = from == Side.SOURCE ? " --hook-switch \"$HOOK\"" : "";
        handover((from == Side.SOURCE ? "cutover" : "rollback") + " --yes --json --override verified=benchmark" + hook
                + " > \"$FOLDER/report\"");
        var report =
                JsonMapper.shared().readValue(Files.readString(with.folder().resolve("report")), CutoverReport.class);
        timelines.add(report.timeline());
        return report.writePause().orElseThrow();
    }

    @Override
    void tidy(Side from) {}

    /// What was done in the pause of each handing over, in order.
    List<List<TimelineEntry>> timelines() {
        return timelines;
    }

    private void handover(String command) throws IOException, InterruptedException {
        int space = command.indexOf(' ');
        String line = "\"$LAUNCHER\" " + command.substring(0, space) + " --source \"$FROM\" --target \"$TO\""
                + command.substring(space);
        Programs.run(
                with,
                Map.of(
                        "LAUNCHER", LAUNCHER,
                        "FROM", with.sourceUri(),
                        "TO", with.targetUri(),
                        "FOLDER", with.folder().toString(),
                        "HOOK", url.hookCommand(),
                        "HANDOVER_FOLDER", with.folder().resolve("handover").toString(),
                        "HANDOVER_SOURCE_PASSWORD",
                                with.sourceEndpoint().password().reveal(),
                        "HANDOVER_TARGET_PASSWORD",
                                with.targetEndpoint().password().reveal()),
                List.of("bash", "-c", line));
    }
}

package io.handover.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Brings a database over by Handover's command line, and takes the migration away.
final class Migrate {

    private static final String LAUNCHER =
            Path.of("target", "handover", "bin", "handover").toAbsolutePath().toString();

    private Migrate() {}

    /// Until the target has caught up with the stream.
    ///
    /// @param options of the plan
    static Contender.Run run(Databases with, List<String> options) throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(LAUNCHER, "migrate", "--until", "streaming", "--workers", Integer.toString(with.jobs())));
        command.addAll(options);
        command.addAll(servers(with));
        long memory = Programs.run(with, environment(with), command);
        return new Contender.Run(memory, StageTimes.of(with.folder()));
    }

    /// Leaves nothing on the source.
    static void discard(Databases with) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(LAUNCHER, "discard", "--yes"));
        command.addAll(servers(with));
        Programs.run(with, environment(with), command);
    }

    private static List<String> servers(Databases with) {
        return List.of("--source", with.sourceUri(), "--target", with.targetUri());
    }

    private static Map<String, String> environment(Databases with) {
        return Map.of(
                "HANDOVER_FOLDER", with.folder().resolve("handover").toString(),
                "HANDOVER_SOURCE_PASSWORD", with.sourceEndpoint().password().reveal(),
                "HANDOVER_TARGET_PASSWORD", with.targetEndpoint().password().reveal());
    }
}

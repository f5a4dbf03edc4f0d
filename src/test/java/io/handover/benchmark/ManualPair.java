package io.handover.benchmark;

import io.handover.demo.DatabaseUrl;
import io.handover.model.Endpoint;
import io.handover.model.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Hands over as careful DBAs do with `psql` and a script: the old database is made read-only and everybody in it
/// ended, the target catches up, the sequences are brought over, the stream is turned round, the application told. No
/// time for typing or thinking is counted.
final class ManualPair extends PausePair {

    ManualPair(Databases with) {
        super(with);
    }

    @Override
    void connect() throws IOException, InterruptedException {
        script(Side.SOURCE, "manual-connect.sh");
    }

    @Override
    Duration handOver(Side from) throws IOException, InterruptedException {
        long began = System.nanoTime();
        script(from, "manual-handover.sh");
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Override
    void tidy(Side from) throws IOException, InterruptedException {
        script(from, "manual-afterwards.sh");
    }

    private void script(Side from, String name) throws IOException, InterruptedException {
        Endpoint old = endpoint(from);
        Endpoint fresh = endpoint(from.other());
        Path file = with.folder().resolve(name);
        try (var text = ManualPair.class.getResourceAsStream(name)) {
            if (text == null) {
                throw new IOException("there is no " + name);
            }
            Files.write(file, text.readAllBytes());
        }
        String stream = "manual_" + with.from() + "_from_";
        Programs.run(
                with,
                Map.ofEntries(
                        Map.entry("OLD", Databases.uri(old)),
                        Map.entry("NEW", Databases.uri(fresh)),
                        Map.entry("OLD_NAME", old.profile().database()),
                        Map.entry("NEW_NAME", fresh.profile().database()),
                        Map.entry("OLD_CONNECTION", libpq(old)),
                        Map.entry("NEW_CONNECTION", libpq(fresh)),
                        Map.entry("STREAM", stream + from.word()),
                        Map.entry("STREAM_BACK", stream + from.other().word()),
                        Map.entry(DatabaseUrl.NAME, DatabaseUrl.format(fresh)),
                        Map.entry("HOOK", url.hookCommand())),
                List.of("bash", "-euo", "pipefail", "-c", "cd \"$TMPDIR\" && . ./" + name));
    }

    /// A subscription's connection string within a literal.
    private static String libpq(Endpoint endpoint) {
        var profile = endpoint.profile();
        String password = endpoint.password().reveal().replace("\\", "\\\\").replace("'", "\\'");
        return ("host=" + profile.host() + " port=" + profile.port() + " user=" + profile.user() + " dbname="
                        + profile.database() + " password='" + password + "'")
                .replace("'", "''");
    }
}

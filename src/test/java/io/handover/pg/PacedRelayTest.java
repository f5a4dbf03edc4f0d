package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.Gate;
import io.handover.flow.NamedThreads;
import io.handover.flow.Pace;
import io.handover.model.Archive;
import io.handover.model.Endpoint;
import io.handover.model.Environment;
import io.handover.model.MigrationId;
import io.handover.model.Profile;
import io.handover.model.TlsMode;
import io.handover.testkit.InstalledTools;
import io.handover.testkit.PgServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `pg_dump` comes to the server through this program, encrypted from end to end.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a server's key must have Unix permissions here")
class PacedRelayTest {

    private final List<Throwable> uncaught = new ArrayList<>();
    private final NamedThreads threads = new NamedThreads(uncaught::add);
    private ArchiveTools tools;

    @TempDir
    private Path folder;

    @BeforeEach
    void installed() throws InterruptedException {
        tools = InstalledTools.archive(15);
    }

    @Test
    void theServersNameIsWhatItsCertificateIsHeldAgainst() throws Exception {
        TestCertificate.make(folder);
        var settings = Map.of(
                "ssl",
                "on",
                "ssl_cert_file",
                folder.resolve("server.crt").toString(),
                "ssl_key_file",
                folder.resolve("server.key").toString(),
                "log_connections",
                "on");
        try (var server = PgServer.dedicated("15", settings)) {
            write(server, server.port(), TlsMode.VERIFY_FULL, "127.0.0.1");
            assertTrue(
                    Files.readAllLines(server.log()).stream()
                            .anyMatch(line -> line.contains(" archive ") && line.contains("SSL enabled")),
                    "encrypted");
            // the relay itself is at 127.0.0.1, for which the certificate is
            var refused = assertThrows(
                    PgDumpFailure.class, () -> write(server, server.port(), TlsMode.VERIFY_FULL, "localhost"));
            assertTrue(refused.getMessage().contains("does not match host name \"localhost\""), refused.getMessage());
        }
        assertEquals(List.of(), uncaught);
    }

    @Test
    void aServerThatIsNotThereIsSaid() throws Exception {
        var server = PgServer.major("15");
        int nobody;
        try (var taken = new java.net.ServerSocket(0)) {
            nobody = taken.getLocalPort();
        }
        var failed = assertThrows(PgDumpFailure.class, () -> write(server, nobody, TlsMode.DISABLE, "127.0.0.1"));
        assertTrue(failed.getMessage().contains("Connection refused"), failed.getMessage());
        assertEquals(List.of(), uncaught);
    }

    private void write(PgServer server, int port, TlsMode mode, String host) throws Exception {
        var plain = server.endpoint("postgres");
        var endpoint = new Endpoint(
                new Profile(
                        "tls",
                        host,
                        port,
                        "postgres",
                        plain.profile().user(),
                        mode,
                        mode == TlsMode.DISABLE
                                ? ""
                                : folder.resolve("server.crt").toString(),
                        Environment.UNTAGGED),
                plain.password());
        var id = MigrationId.random(new Random());
        var how = new Archive(folder.toString(), Archive.Format.CUSTOM, "0");
        try (var place = ArchivePlace.make(how, id);
                var keeper = server.open("postgres");
                var sql = keeper.createStatement()) {
            keeper.setAutoCommit(false);
            try (var row = sql.executeQuery("select pg_export_snapshot()")) {
                row.next();
                new ArchiveWriter(tools, endpoint, id, threads)
                        .write(
                                how,
                                place,
                                row.getString(1),
                                1,
                                List.of(),
                                new Pace(() -> 0, System::nanoTime),
                                new Gate(),
                                () -> {});
            }
            assertTrue(Files.size(place.whole()) > 0);
        }
    }
}

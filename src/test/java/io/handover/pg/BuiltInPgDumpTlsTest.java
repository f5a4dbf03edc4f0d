package io.handover.pg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.flow.Gate;
import io.handover.model.Endpoint;
import io.handover.model.Environment;
import io.handover.model.Profile;
import io.handover.model.TlsMode;
import io.handover.testkit.PgServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The built-in `pg_dump` by TLS, to a server whose certificate is for 127.0.0.1 only.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a server's key must have Unix permissions here")
class BuiltInPgDumpTlsTest {

    private static final PgDumpSearch.BuiltIn TOOL = new PgDumpSearch.BuiltIn(18, "18");

    private final PgDump dump = BuiltInPgDumps.only();

    @TempDir
    private Path folder;

    @Test
    void sslmodeMeansTheSameAsForTheDriver() throws Exception {
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
        try (var server = PgServer.dedicated("17", settings)) {
            assertTrue(connects(server, TlsMode.REQUIRE, "127.0.0.1", ""), "encrypted, whoever it is");
            assertTrue(connects(server, TlsMode.PREFER, "127.0.0.1", ""), "encrypted, since it can be");
            assertTrue(connects(server, TlsMode.VERIFY_FULL, "127.0.0.1", "server.crt"));
            assertTrue(connects(server, TlsMode.VERIFY_CA, "localhost", "server.crt"));
            assertFalse(connects(server, TlsMode.DISABLE, "127.0.0.1", ""), "not encrypted");
            refused(server, TlsMode.VERIFY_FULL, "localhost", "server.crt"); // another name
            refused(server, TlsMode.VERIFY_CA, "127.0.0.1", ""); // an authority that Java does not know

            refuseTls(server);
            assertFalse(connects(server, TlsMode.PREFER, "127.0.0.1", ""), "as libpq does it");
            refused(server, TlsMode.REQUIRE, "127.0.0.1", "");
        }
    }

    @Test
    void aServerWithoutTlsIsRefusedWhereItIsAskedFor() throws Exception {
        refused(PgServer.major("17"), TlsMode.REQUIRE, "127.0.0.1", "");
    }

    /// Dumps, and tells from the server's log whether that connection was encrypted.
    private boolean connects(PgServer server, TlsMode mode, String host, String authority) throws Exception {
        int before = Files.readAllLines(server.log()).size();
        String text =
                dump.schema(TOOL, endpoint(server, mode, host, authority), new PgDumpOptions(false, false), new Gate());
        assertTrue(text.contains("PostgreSQL database dump complete"));
        List<String> logins = Files.readAllLines(server.log()).stream()
                .skip(before)
                .filter(line -> line.contains("connection authorized") && line.contains("handover schema"))
                .toList();
        assertEquals(1, logins.size(), logins.toString());
        return logins.getFirst().contains("SSL enabled");
    }

    private void refused(PgServer server, TlsMode mode, String host, String authority) {
        Endpoint endpoint = endpoint(server, mode, host, authority);
        assertThrows(
                PgDumpFailure.class,
                () -> dump.schema(TOOL, endpoint, new PgDumpOptions(false, false), new Gate()),
                () -> mode + " " + host + " " + authority);
    }

    private Endpoint endpoint(PgServer server, TlsMode mode, String host, String authority) {
        String file = authority.isEmpty() ? "" : folder.resolve(authority).toString();
        var plain = server.endpoint("postgres");
        return new Endpoint(
                new Profile(
                        "tls",
                        host,
                        server.port(),
                        "postgres",
                        plain.profile().user(),
                        mode,
                        file,
                        Environment.UNTAGGED),
                plain.password());
    }

    private static void refuseTls(PgServer.Dedicated server) throws Exception {
        try (var db = server.open("postgres");
                var sql = db.createStatement()) {
            Path rules;
            try (var row = sql.executeQuery("show hba_file")) {
                row.next();
                rules = Path.of(row.getString(1));
            }
            String before = Files.readString(rules);
            Files.writeString(rules, "hostssl all all all reject\n" + before, StandardOpenOption.TRUNCATE_EXISTING);
        }
        server.restart();
    }
}

package io.handover.demo;

import io.handover.model.Endpoint;
import io.handover.model.Environment;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.TlsMode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One real PostgreSQL server on this machine, with throw-away data: password login (SCRAM), logical WAL,
/// and room for
/// the slots and workers of a migration.
///
/// It commits like a production server (`synchronous_commit = on`) but does not wait for the disk (`fsync` off).
/// Its data are gone when it is closed, when the JVM ends, or at the next start of any server after the JVM
/// was killed.
/// Thread-safe.
public final class DemoServer implements AutoCloseable, AtExit.Leftover {

    /// The superuser's name.
    public static final String USER = "postgres";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    // What goes wrong arrives as an exception together with the server's log; a second report would only confuse.
    // A field, because loggers are held weakly.
    private static final Logger LIBRARY_LOG = Logger.getLogger("io.zonky.test.db.postgres.embedded");

    static {
        LIBRARY_LOG.setLevel(Level.OFF);
    }

    private final ServerBinaries binaries;
    private final Map<String, String> settings;
    private final ScratchFolder folder;
    private final Secret password;
    private int port;
    private @Nullable EmbeddedPostgres running;
    private boolean closed;

    private DemoServer(ServerBinaries binaries, Map<String, String> settings, ScratchFolder folder, Secret password) {
        this.binaries = binaries;
        this.settings = settings;
        this.folder = folder;
        this.password = password;
    }

    /// Starts a server of the given major version; takes one to three seconds, more when its programs are unpacked
    /// for the first time.
    ///
    /// @throws IOException if there are no programs of that version, or if the server does not come up; then the
    ///                     message has the end of its log
    public static DemoServer start(int major) throws IOException, InterruptedException {
        return start(ServerBinaries.of(major), Map.of());
    }

    /// The same with settings of the caller's own in `postgresql.conf`.
    ///
    /// @param overrides setting name to value, unquoted; they win over this class's own
    public static DemoServer start(ServerBinaries binaries, Map<String, String> overrides)
            throws IOException, InterruptedException {
        var settings = defaults(binaries.major());
        settings.putAll(overrides);
        var server = new DemoServer(binaries, settings, ScratchFolder.create("server"), newPassword());
        AtExit.add(server);
        try {
            server.firstStart();
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            try {
                server.close();
            } catch (IOException close) {
                e.addSuppressed(close);
            }
            throw e;
        }
    }

    /// The major version.
    public int major() {
        return binaries.major();
    }

    /// The TCP port on the loopback address; the same after a restart.
    public synchronized int port() {
        return port;
    }

    /// What the server has printed so far.
    public Path log() {
        return folder.log();
    }

    /// How to reach `database` as superuser.
    public Endpoint endpoint(String database) {
        return new Endpoint(
                new Profile(
                        "PostgreSQL " + major(),
                        "127.0.0.1",
                        port(),
                        database,
                        USER,
                        TlsMode.PREFER,
                        "",
                        Environment.UNTAGGED),
                password);
    }

    /// A new connection to `database` as superuser; the caller closes it.
    public Connection open(String database) throws SQLException {
        return Login.open(endpoint(database), "handover demo");
    }

    /// Stops the server in good order and keeps its data; nothing happens if it is not running.
    ///
    /// @throws IOException if it does not end; it is killed then
    public synchronized void stop() throws IOException, InterruptedException {
        if (running == null) {
            return;
        }
        var postmaster = Postmaster.of(folder.data());
        closeLibrary(); // asks for a fast shutdown and waits a few seconds at most
        if (postmaster.isPresent()) {
            try {
                Postmaster.awaitEnd(List.of(postmaster.get()), STOP_LIMIT);
            } catch (IOException e) {
                Postmaster.kill(postmaster.get());
                throw e;
            }
        }
    }

    /// Ends every process of the server at once, as a power cut would; what was not committed is lost.
    public synchronized void crash() throws IOException, InterruptedException {
        if (running == null) {
            return;
        }
        var postmaster = Postmaster.of(folder.data());
        if (postmaster.isPresent()) {
            Postmaster.kill(postmaster.get());
        }
        Files.deleteIfExists(folder.data().resolve("postmaster.pid")); // its number may soon be another program's
        closeLibrary();
    }

    /// Starts again on the same data and port; stops first if it is running.
    public synchronized void restart() throws IOException, InterruptedException {
        if (closed) {
            throw new IllegalStateException("the server is closed and its data are gone");
        }
        stop();
        running = launch();
    }

    /// Ends the server and removes its data. Harmless the second time.
    ///
    /// @throws IOException if something of it is left, or the wait for its end was interrupted
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            crash(); // nobody needs these data any more
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while PostgreSQL " + major() + " was ending");
        }
        folder.close();
        closed = true;
        AtExit.remove(this);
    }

    private synchronized void firstStart() throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            port = freePort();
            try {
                running = launch();
                return;
            } catch (IOException e) {
                if (attempt == 3) {
                    throw new IOException(e.getMessage() + System.lineSeparator() + endOfLog(), e);
                }
                // most likely somebody else took the port in between
            }
        }
    }

    private EmbeddedPostgres launch() throws IOException, InterruptedException {
        boolean fresh = !Files.exists(folder.data().resolve("postgresql.conf"));
        Path passwordFile = folder.secretFile("password");
        EmbeddedPostgres started;
        try {
            Files.writeString(passwordFile, password.reveal());
            var builder = EmbeddedPostgres.builder()
                    .setPgBinaryResolver(binaries)
                    .setOverrideWorkingDirectory(ScratchFolder.programs().toFile())
                    .setDataDirectory(folder.data())
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPort(port)
                    .setPGStartupWait(START_LIMIT)
                    .setOutputRedirector(Redirect.appendTo(folder.log().toFile()))
                    .setErrorRedirector(Redirect.appendTo(folder.log().toFile()))
                    .setConnectConfig("password", password.reveal())
                    // these three the library would put on the command line with values of its own
                    .setServerConfig("timezone", "UTC")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", settings.getOrDefault("max_connections", "200"))
                    // options of initdb; C exists on every platform
                    .setLocaleConfig("locale", "C")
                    .setLocaleConfig("auth-host", "scram-sha-256")
                    .setLocaleConfig("auth-local", "scram-sha-256")
                    .setLocaleConfig("pwfile", passwordFile.toString());
            if (fresh) {
                builder.setDataDirectoryCustomizer(_ -> configure());
            }
            started = builder.start();
        } catch (RuntimeException e) { // so the library reports a tool's failure
            throw new IOException("PostgreSQL " + major() + " does not start: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        confirmOurs(started);
        return started;
    }

    /// The settings belong into the file and not on the command line, where they would beat `ALTER SYSTEM`.
    private void configure() {
        var text = new StringBuilder(System.lineSeparator());
        settings.forEach((name, value) -> text.append(name)
                .append(" = '")
                .append(value.replace("'", "''"))
                .append('\'')
                .append(System.lineSeparator()));
        try {
            Files.writeString(folder.data().resolve("postgresql.conf"), text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Two processes may have been told the same free port: then the other's server answers here.
    private void confirmOurs(EmbeddedPostgres started) throws IOException {
        try (var connection = open(USER);
                var query = connection.createStatement();
                var row = query.executeQuery("show data_directory")) {
            row.next();
            if (Files.isSameFile(Path.of(row.getString(1)), folder.data())) {
                return;
            }
        } catch (SQLException e) {
            started.close();
            throw new IOException("PostgreSQL " + major() + " started but does not let us in", e);
        }
        started.close();
        throw new IOException("Another server answers on port " + port);
    }

    private void closeLibrary() throws IOException {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    private String endOfLog() throws IOException {
        if (!Files.exists(folder.log())) {
            return "The server has printed nothing.";
        }
        var lines = Files.readAllLines(folder.log());
        return String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    private static Map<String, String> defaults(int major) {
        var settings = new TreeMap<String, String>();
        settings.put("wal_level", "logical");
        settings.put("max_worker_processes", "24");
        settings.put("max_logical_replication_workers", "10");
        settings.put("max_sync_workers_per_subscription", "4");
        settings.put("max_replication_slots", "20");
        settings.put("max_wal_senders", "20");
        settings.put("max_prepared_transactions", "10");
        settings.put("password_encryption", "scram-sha-256");
        settings.put("unix_socket_directories", ""); // leaves nothing in the temporary folder; everybody uses TCP
        settings.put("log_line_prefix", "%m [%p] %d ");
        if (major >= 18) {
            settings.put("max_active_replication_origins", "20");
        }
        return settings;
    }

    /// Hostile on purpose: a password like this goes wrong wherever one is not quoted.
    private static Secret newPassword() {
        byte[] random = new byte[12];
        new SecureRandom().nextBytes(random);
        return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(random) + " 'q\"\\@:/?#&%41=$x");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

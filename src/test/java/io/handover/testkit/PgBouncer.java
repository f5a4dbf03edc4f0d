package io.handover.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.handover.model.Endpoint;
import io.handover.model.Environment;
import io.handover.model.Pooler;
import io.handover.model.Profile;
import io.handover.model.Secret;
import io.handover.model.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real PgBouncer for one test, in front of one database. The tests that need it are skipped where it is not
/// installed.
///
/// ```java
/// try (var pooler = PgBouncer.start(folder, "transaction", source)) {
///     try (var client = pooler.open()) { … }
/// }
/// ```
public final class PgBouncer implements AutoCloseable {

    /// The database as clients name it.
    public static final String DATABASE = "Shop-1";

    /// May pause.
    public static final String ADMIN = "boss";

    /// May only look.
    public static final String WATCHER = "watcher";

    /// The password of both, and of the application.
    public static final Secret PASSWORD = Secret.of("p'w d%");

    private static final String APPLICATION = "shop";
    private static final Duration STARTS = Duration.ofSeconds(20);

    private final Path folder;
    private final int port;
    private final Process process;

    private PgBouncer(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /// Starts one that sends its clients to `server`.
    ///
    /// @param parent   a folder that may be used, for example JUnit's temporary one
    /// @param poolMode `transaction` or `session`
    /// @param settings further lines of the configuration
    public static PgBouncer start(Path parent, String poolMode, Endpoint server, String... settings)
            throws IOException, InterruptedException {
        Optional<Path> program = program();
        assumeTrue(program.isPresent(), "PgBouncer is not installed (Debian, Ubuntu: apt-get install pgbouncer)");
        Path folder = Files.createTempDirectory(parent, "pgbouncer");
        int port = freePort();
        Files.writeString(folder.resolve("settings.ini"), """
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = %s
                admin_users = %s
                stats_users = %s
                pool_mode = %s
                %s
                """.formatted(
                        port, folder.resolve("users.txt"), ADMIN, WATCHER, poolMode, String.join("\n", settings)));
        String secret = PASSWORD.reveal().replace("\"", "\"\"");
        Files.writeString(
                folder.resolve("users.txt"),
                String.join(
                        "\n",
                        Stream.of(ADMIN, WATCHER, APPLICATION)
                                .map(user -> '"' + user + "\" \"" + secret + '"')
                                .toList()));
        Files.writeString(
                folder.resolve("pgbouncer.ini"),
                "%include " + folder.resolve("settings.ini") + "\n" + databases(server));
        Path log = Files.createFile(folder.resolve("log"));
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) { // it refuses root
            for (Path path = folder; path != null && !path.equals(parent.getParent()); path = path.getParent()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
            }
            command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        command.addAll(List.of(
                program.get().toString(), folder.resolve("pgbouncer.ini").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var started = new PgBouncer(folder, port, process);
        Eventually.await(STARTS, "PgBouncer listens", () -> started.listens(process));
        return started;
    }

    /// Its console, with the database to pause.
    public Pooler pooler(String user) {
        return new Pooler(
                new Profile(
                        "PgBouncer", "127.0.0.1", port, Pooler.CONSOLE, user, TlsMode.PREFER, "", Environment.UNTAGGED),
                DATABASE);
    }

    /// A shell command that writes the configuration for `server`, as a switch hook does; says nothing to PgBouncer.
    public String pointTo(Endpoint server) throws IOException {
        Path file = Files.createTempFile(folder, "databases", ".ini");
        Files.writeString(file, "%include " + folder.resolve("settings.ini") + "\n" + databases(server));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        return "cp '" + file + "' '" + folder.resolve("pgbouncer.ini") + "'";
    }

    /// A new connection of the application, in autocommit; the caller closes it.
    public Connection open() throws SQLException {
        var properties = new Properties();
        properties.put("user", APPLICATION);
        properties.put("password", PASSWORD.reveal());
        properties.put("prepareThreshold", "0"); // prepared statements do not survive transaction pooling
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE, properties);
    }

    /// Whether the clients are held back, as PgBouncer says.
    public boolean paused() throws SQLException {
        var properties = new Properties();
        properties.put("user", WATCHER);
        properties.put("password", PASSWORD.reveal());
        properties.put("preferQueryMode", "simple");
        properties.put("replication", "database"); // no SET, which the console refuses; not said to it, see the next
        properties.put("assumeMinServerVersion", "9.0");
        try (var connection =
                        DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/pgbouncer", properties);
                var sql = connection.createStatement();
                var row = sql.executeQuery("show databases")) {
            while (row.next()) {
                if (row.getString("name").equals(DATABASE)) {
                    return row.getInt("paused") == 1;
                }
            }
            throw new SQLException("PgBouncer has no database " + DATABASE);
        }
    }

    /// Has it answer nobody, as if the network were cut, until `wake`; connections stay.
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /// Has it answer again.
    public void wake() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, "" + process.pid())
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + name + " ended with " + exit);
        }
    }

    /// What it has printed so far.
    public String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    private boolean listens(Process program) throws IOException {
        if (!program.isAlive()) {
            throw new IOException("PgBouncer has ended: " + log());
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    private static String databases(Endpoint server) {
        var profile = server.profile();
        return "[databases]\n%s = host=%s port=%d dbname='%s' user=%s password='%s'\n"
                .formatted(
                        DATABASE,
                        profile.host(),
                        profile.port(),
                        profile.database().replace("'", "''"),
                        profile.user(),
                        server.password().reveal().replace("'", "''"));
    }

    private static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), Stream.of("/usr/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Ends it.
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.handover.demo;

import io.handover.flow.NamedThreads;
import io.handover.model.Endpoint;
import io.handover.model.Environment;
import io.handover.model.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// All that a migration needs to be shown: an old server with a shop, a new empty one, and an application
/// that goes on
/// writing. Everything is gone when it is closed.
public final class Demo implements AutoCloseable {

    /// The database's name on both servers.
    public static final String DATABASE = "shop";

    private final DemoServer oldServer;
    private final DemoServer newServer;
    private final ScratchFolder folder;
    private final DatabaseUrl url;
    private final Workload workload;

    private Demo(DemoServer oldServer, DemoServer newServer, ScratchFolder folder, DatabaseUrl url, Workload workload) {
        this.oldServer = oldServer;
        this.newServer = newServer;
        this.folder = folder;
        this.url = url;
        this.workload = workload;
    }

    /// How big a demo.
    ///
    /// @param versions from which to which
    /// @param scale    of the shop, see `ShopSchema`
    /// @param load     what the application does
    public record Options(DemoVersions versions, double scale, Workload.Options load) {}

    /// Starts everything; some ten seconds on two cores with the full shop.
    ///
    /// @param clock for the workload's report
    /// @param tell  is told what happens, in words for people; called on this thread
    /// @throws IOException  if a server does not start
    /// @throws SQLException if the shop cannot be loaded
    public static Demo start(Options options, InstantSource clock, Consumer<String> tell)
            throws IOException, SQLException, InterruptedException {
        var folder = ScratchFolder.create("demo");
        AtExit.add(folder);
        var versions = options.versions();
        tell.accept("Starting PostgreSQL " + versions.source() + " and " + versions.target());
        var starter = new NamedThreads(failure -> tell.accept("Failed: " + failure)).single("demo-target");
        try {
            Future<DemoServer> target = starter.submit(() -> withDatabase(DemoServer.start(versions.target())));
            var oldServer = withDatabase(DemoServer.start(versions.source()));
            tell.accept("Filling the shop");
            ShopSchema.load(oldServer.endpoint(DATABASE), options.scale());
            var url = new DatabaseUrl(folder.path().resolve("application.env"));
            url.write(oldServer.endpoint(DATABASE));
            var newServer = target.get();
            var workload = Workload.start(url, options.load(), clock);
            tell.accept("The application is writing");
            return new Demo(oldServer, newServer, folder, url, workload);
        } catch (ExecutionException e) {
            throw new IOException("The new server did not start", e.getCause());
        } finally {
            // whatever has been started and is of no use ends with the JVM
            NamedThreads.close(starter, Duration.ofSeconds(1));
        }
    }

    /// The shop on the old server; tagged as production, as it would be.
    public Endpoint source() {
        return named(oldServer, "Old server", Environment.PRODUCTION);
    }

    /// The empty database on the new server.
    public Endpoint target() {
        return named(newServer, "New server", Environment.STAGING);
    }

    /// The application.
    public Workload workload() {
        return workload;
    }

    /// Where the application looks for its database; `hookCommand` is the demo's switch hook.
    public DatabaseUrl url() {
        return url;
    }

    /// A file for a shell to read (`. FILE`): it exports the addresses with their passwords as `HANDOVER_SOURCE_URI`
    /// and `HANDOVER_TARGET_URI`, and the switch hook as `HANDOVER_SWITCH_HOOK`. Nobody else can read it, and it is
    /// gone when this is closed. To be asked for once.
    public Path addresses() throws IOException {
        var file = folder.secretFile("servers.env");
        Files.writeString(
                file,
                export("HANDOVER_SOURCE_URI", DatabaseUrl.format(source()))
                        + export("HANDOVER_TARGET_URI", DatabaseUrl.format(target()))
                        + export("HANDOVER_SWITCH_HOOK", url.hookCommand()));
        return file;
    }

    private static String export(String name, String value) {
        return "export " + name + "='" + value.replace("'", "'\\''") + "'\n";
    }

    /// A folder for Handover's own files while the demo runs, in place of the user's.
    public Path home() throws IOException {
        return Files.createDirectories(folder.path().resolve("home"));
    }

    /// Ends the application, then the servers, and removes all data.
    @Override
    public void close() throws IOException {
        workload.close();
        try (folder;
                newServer;
                oldServer) {
            AtExit.remove(folder);
        }
    }

    private static Endpoint named(DemoServer server, String name, Environment environment) {
        var plain = server.endpoint(DATABASE);
        var profile = plain.profile();
        return new Endpoint(
                new Profile(
                        name + " (PG " + server.major() + ")",
                        profile.host(),
                        profile.port(),
                        profile.database(),
                        profile.user(),
                        profile.tls(),
                        profile.rootCertificate(),
                        environment),
                plain.password());
    }

    private static DemoServer withDatabase(DemoServer server) throws SQLException {
        try (var connection = server.open(DemoServer.USER);
                var sql = connection.createStatement()) {
            sql.execute("create database " + DATABASE);
        }
        return server;
    }
}

package io.handover;

import io.handover.demo.DatabaseUrl;
import io.handover.demo.LedgerCheck;
import io.handover.demo.ShopSchema;
import io.handover.demo.Workload;
import io.handover.model.Endpoint;
import io.handover.model.Side;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Hands a live shop over, back, and over again by the command line, and kills the app or one of the servers at a
/// random
/// moment of each handing over. What the application was told is compared after each run with what the owner holds.
final class RandomKills implements AutoCloseable {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int DEADLINE = 8; // seconds

    /// A kill begins this late after the cutover is armed: well past its end on a slow machine.
    private static final int LATEST = 1_500; // milliseconds

    private static final int LONGEST_OUTAGE = 1_500; // milliseconds
    private static final int TRIES = 8;

    private enum Victim {
        NOBODY,
        APP,
        SOURCE,
        TARGET;

        static Victim any(Random random) {
            int chance = random.nextInt(10);
            return chance < 4 ? APP : chance < 7 ? SOURCE : chance < 9 ? TARGET : NOBODY;
        }
    }

    private final Path folder;
    private final Random random;
    private final PgServer.Dedicated oldServer = PgServer.dedicated("15");
    private final PgServer.Dedicated newServer = PgServer.dedicated("17");
    private final Endpoint source = oldServer.endpoint("postgres");
    private final Endpoint target = newServer.endpoint(newServer.newDatabase());
    private final DatabaseUrl url;
    private final Workload workload;
    private final List<String> told = new ArrayList<>();

    /// Moves a shop until the target follows and both sides are proved equal.
    RandomKills(Path folder, long seed) throws Exception {
        this.folder = folder;
        this.random = new Random(seed);
        this.url = new DatabaseUrl(folder.resolve("url"));
        ShopSchema.load(source, ShopSchema.SMALL);
        url.write(source);
        workload = Workload.start(url, new Workload.Options(4, 200, Duration.ofMillis(100)), Clock.systemUTC());
        done(start("migrate", "--fix", "--until", "verified"));
    }

    /// One run: there, back, there. The next run is begun where this one ended, after a way back that nobody disturbs.
    ///
    /// @return what happened, in one line
    /// @throws AssertionError if anything is lost, doubled, frozen, different, or not to be brought to its end
    String run() throws Exception {
        told.clear();
        if (owner(status()) == Side.TARGET) {
            handOver(Side.SOURCE, Victim.NOBODY);
        }
        for (Side to : List.of(Side.TARGET, Side.SOURCE, Side.TARGET)) {
            handOver(to, Victim.any(random));
        }
        done(start("verify"));
        var ledger = LedgerCheck.check(workload.book(), target);
        check(ledger.exact(), ledger.toString());
        check(workload.report().unexpected().isEmpty(), workload.report().toString());
        return String.join(", ", told) + ": " + ledger.acknowledged() + " transactions, each there once";
    }

    private void handOver(Side to, Victim victim) throws Exception {
        String armed = "from " + to.other().word() + " to " + to.word();
        int before = occurrences(armed);
        var process = command(to);
        Eventually.await(LONG, "the cutover is armed", () -> occurrences(armed) > before || !process.isAlive());
        check(process.isAlive(), "ended before it was armed: " + process.told());
        int delay = random.nextInt(LATEST);
        Thread.sleep(delay);
        switch (victim) {
            case APP -> {
                process.kill();
                somebodyCanWrite(to.other());
            }
            case SOURCE -> outage(oldServer);
            case TARGET -> outage(newServer);
            case NOBODY -> {}
        }
        boolean ended = victim != Victim.APP;
        int exit = ended ? process.end() : -1;
        int again = ended && exit == 0 ? 0 : finish(to);
        told.add("to the " + to.word() + " ("
                + (victim == Victim.NOBODY ? "undisturbed" : victim + " killed after " + delay + " ms")
                + (ended ? ", exit " + exit : "")
                + (again == 0 ? "" : ", " + again + " more tries") + ")");
        check(
                url.read().profile().address().equals(endpoint(to).profile().address()),
                "the switch hook was not run: " + told);
        long written = workload.book().acknowledged();
        Eventually.await(
                LONG, "the application writes on", () -> workload.book().acknowledged() > written + 50);
    }

    /// What a person does who finds that it did not end well: looks, and tries again.
    private int finish(Side to) throws Exception {
        for (int tries = 0; tries < TRIES; tries++) {
            String status = status();
            if (status.contains("\"FAILED\"") || status.contains("\"UNSURE\"")) {
                start("retry").end();
            } else if (owner(status) == to) {
                return tries;
            } else {
                command(to).end();
            }
        }
        throw new AssertionError("not handed over to the " + to.word() + " in " + TRIES + " tries; " + told + " "
                + start("status").told());
    }

    /// The app is dead: within the deadline and a little more the old owner takes writes, or is handed over.
    private void somebodyCanWrite(Side from) throws InterruptedException {
        long written = workload.book().acknowledged();
        Eventually.await(
                Duration.ofSeconds(DEADLINE + 10),
                "the application writes though the app is dead, or the data was handed over",
                () -> workload.book().acknowledged() > written + 4 || handedOver(from));
    }

    private void outage(PgServer.Dedicated server) throws Exception {
        server.crash();
        Thread.sleep(random.nextInt(LONGEST_OUTAGE));
        server.restart();
    }

    private boolean handedOver(Side from) throws SQLException {
        var server = from == Side.SOURCE ? oldServer : newServer;
        try (var db = server.open(endpoint(from).profile().database());
                var query = db.createStatement();
                var row = query.executeQuery("select count(*) from handover.mark where state = 'handed_over'")) {
            row.next();
            return row.getInt(1) > 0;
        }
    }

    /// Starting it again decides what a kill left open.
    private String status() throws Exception {
        var status = start("status", "--json");
        int exit = status.end();
        check(exit == 0 || exit == 5, "exit " + exit + ": " + status.told()); // unsure: a server was away
        return status.result();
    }

    private static Side owner(String status) {
        return status.contains("\"owner\" : \"target\"") ? Side.TARGET : Side.SOURCE;
    }

    private AppProcess command(Side to) throws IOException {
        return to == Side.SOURCE
                ? start("rollback", "--yes")
                : start("cutover", "--yes", "--deadline", "" + DEADLINE, "--hook-switch", url.hookCommand());
    }

    private AppProcess start(String command, String... more) throws IOException {
        return AppProcess.start(folder, command, source, target, more);
    }

    private Endpoint endpoint(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    private int occurrences(String text) throws IOException {
        return AppProcess.journals(folder).split(text, -1).length - 1;
    }

    private static void done(AppProcess process) throws InterruptedException {
        int exit = process.end();
        check(exit == 0, "exit " + exit + ": " + process.told());
    }

    private static void check(boolean right, String otherwise) {
        if (!right) {
            throw new AssertionError(otherwise);
        }
    }

    /// Ends the application and both servers.
    @Override
    public void close() throws IOException {
        try (oldServer;
                newServer) {
            workload.close();
        }
    }

    /// Runs it so often; the seed of a run that failed shows the same kills again, if not at the same microsecond.
    ///
    /// @param arguments how often, and the seed; one is chosen and told if it is left out
    static void main(String[] arguments) throws Exception {
        int runs = Integer.parseInt(arguments[0]);
        long seed = arguments.length > 1 && !arguments[1].isBlank()
                ? Long.parseLong(arguments[1])
                : new Random().nextLong();
        System.out.println("seed " + seed);
        try (var kills = new RandomKills(Files.createTempDirectory("handover-kills"), seed)) {
            for (int run = 1; run <= runs; run++) {
                System.out.println("run " + run + ": " + kills.run());
            }
        }
        System.exit(0); // whatever the library that starts the servers has left running
    }
}

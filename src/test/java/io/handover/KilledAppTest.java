package io.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.handover.demo.DatabaseUrl;
import io.handover.demo.LedgerCheck;
import io.handover.demo.ShopSchema;
import io.handover.demo.Workload;
import io.handover.model.Endpoint;
import io.handover.testkit.Eventually;
import io.handover.testkit.PgServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The app is killed with SIGKILL while a shop is moved by the command line, and started again.
class KilledAppTest {

    private static final int KILLS = 6;

    @TempDir
    Path folder;

    @Test
    void killedWhileStreamingAndAtAnyMomentOfTheCutoverNothingIsLostAndNothingStaysFrozen() throws Exception {
        PgServer oldServer = PgServer.major("15");
        PgServer newServer = PgServer.major("17");
        Endpoint source = oldServer.endpoint(oldServer.newDatabase());
        Endpoint target = newServer.endpoint(newServer.newDatabase());
        ShopSchema.load(source, ShopSchema.SMALL);
        var url = new DatabaseUrl(folder.resolve("url"));
        url.write(source);
        var random = new Random(20_261_123);
        try (var workload =
                Workload.start(url, new Workload.Options(3, 150, Duration.ofMillis(100)), Clock.systemUTC())) {
            done(AppProcess.start(folder, "migrate", source, target, "--fix", "--until", "streaming"));

            var verifying = AppProcess.start(folder, "verify", source, target);
            awaitJournal("\"VERIFYING\"", verifying);
            verifying.kill();
            done(AppProcess.start(folder, "verify", source, target));

            boolean moved = false;
            for (int i = 0; i < KILLS && !moved; i++) {
                int before = occurrences("\"CutOver\"");
                var cutover = AppProcess.start(
                        folder,
                        "cutover",
                        source,
                        target,
                        "--yes",
                        "--deadline",
                        "5",
                        "--hook-switch",
                        url.hookCommand());
                Eventually.await(
                        Duration.ofMinutes(2),
                        "the cutover begins",
                        () -> occurrences("\"CutOver\"") > before || !cutover.isAlive());
                assertTrue(cutover.isAlive(), cutover::told);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(600)));
                cutover.kill();
                // Whatever became of it, somebody can write within the deadline and a little more; only past the point
                // of no return the application waits until the next start tells it where to go. Nothing is started
                // here to find out: that could take longer than the limit by itself, and would mend what it looks at.
                long writable = workload.book().acknowledged();
                Eventually.await(
                        Duration.ofSeconds(15),
                        "the application writes again although the app is dead, or the data was handed over",
                        () -> workload.book().acknowledged() > writable
                                || handedOver(oldServer, source.profile().database()));
                moved = owner(source, target).equals("target");
            }
            if (!moved) {
                done(AppProcess.start(folder, "cutover", source, target, "--yes", "--hook-switch", url.hookCommand()));
            }
            url.write(target);
            long before = workload.book().acknowledged();
            Eventually.await(
                    Duration.ofSeconds(30),
                    "the application writes on the target",
                    () -> workload.book().acknowledged() > before);
            done(AppProcess.start(folder, "verify", source, target));
            workload.stop();
            done(AppProcess.start(folder, "retire", source, target, "--yes"));
            var ledger = LedgerCheck.check(workload.book(), target);
            assertTrue(ledger.exact(), ledger::toString);
        }
        oldServer.drop(source.profile().database());
        newServer.drop(target.profile().database());
    }

    /// Starting it again decides what the kill left open.
    private String owner(Endpoint source, Endpoint target) throws Exception {
        var status = AppProcess.start(folder, "status", source, target, "--json");
        assertEquals(0, status.end(), status::told);
        return status.result().contains("\"owner\" : \"target\"") ? "target" : "source";
    }

    private static boolean handedOver(PgServer server, String database) throws SQLException {
        try (var db = server.open(database);
                var query = db.createStatement();
                var row = query.executeQuery("select count(*) from handover.mark where state = 'handed_over'")) {
            row.next();
            return row.getInt(1) > 0;
        }
    }

    private void awaitJournal(String text, AppProcess process) throws InterruptedException {
        Eventually.await(
                Duration.ofMinutes(1),
                text + " in the journal",
                () -> AppProcess.journals(folder).contains(text) || !process.isAlive());
        assertTrue(process.isAlive(), process::told);
    }

    private int occurrences(String text) throws java.io.IOException {
        return AppProcess.journals(folder).split(java.util.regex.Pattern.quote(text), -1).length - 1;
    }

    private static void done(AppProcess process) throws InterruptedException {
        assertEquals(0, process.end(), process::told);
    }
}
